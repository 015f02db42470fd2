/** A hosted node and its storage: what it waits for when it ends, and what a failing disk does. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Storage, StoredBatch } from '../../../src/node/storage.js';
import { fakeProgram } from '../node/fake-evaluator.js';
import type { Rules } from '../node/fake-evaluator.js';
import { startNode, stopAll } from './hosted.js';

afterEach(stopAll);

const program = {
  ...fakeProgram,
  durable: [
    { name: 'kept', kind: 'table', columns: [{ name: 'x', type: 'int' }], keyLength: 1 } as const,
  ],
};
const keeping: Rules = (rowsOf) => ({ store: rowsOf('put'), release: rowsOf('put') });

/** A storage that answers when it is told to. */
class SlowStorage implements Storage {
  readonly batches: StoredBatch[] = [];
  isClosed = false;
  #answers: ((error: Error | null) => void)[] = [];
  #isSlow = false;

  takeStored(): null {
    return null;
  }

  write(batch: StoredBatch): Promise<void> {
    this.batches.push(batch);
    if (!this.#isSlow) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#answers.push((error) => (error === null ? resolve() : reject(error)));
    });
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }

  /** Batches from now on wait for `answer`. */
  slow(): void {
    this.#isSlow = true;
  }

  answer(error: Error | null = null): void {
    for (const answer of this.#answers.splice(0)) answer(error);
  }

  get waiting(): number {
    return this.#answers.length;
  }
}

async function started(rules: Rules = keeping) {
  const storage = new SlowStorage();
  const shown: unknown[] = [];
  const listener = { observe: ({ added }: { added: unknown }) => shown.push(added) };
  const tested = await startNode('a', ['a'], { program, storage, listener }, rules);
  await until(() => storage.batches.length > 0);
  storage.slow();
  return { node: tested.node, storage, shown };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('a node with a slow storage', () => {
  it('shows nothing before it answers', async () => {
    const { node, storage, shown } = await started();
    node.insert('put', [[1]]);
    await until(() => storage.waiting > 0);
    expect(shown).toEqual([]);
    storage.answer();
    await until(() => shown.length > 0);
    expect(shown).toEqual([[[1]]]);
  });

  it('ends only when it has answered, with all that this lets go', async () => {
    const { node, storage, shown } = await started();
    node.insert('put', [[1]]);
    await until(() => storage.waiting > 0);
    let hasStopped = false;
    const stop = async (): Promise<void> => {
      await node.stop();
      hasStopped = true;
    };
    const stopped = stop();
    node.insert('put', [[2]]);
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect([hasStopped, storage.isClosed]).toEqual([false, false]);
    storage.answer();
    await stopped;
    expect(shown).toEqual([[[1]]]);
    expect(storage.isClosed).toBe(true);
    expect(storage.batches).toHaveLength(2);
  });

  it('halts only when it has answered', async () => {
    const { node, storage, shown } = await started((rowsOf) => ({
      store: rowsOf('put'),
      release: rowsOf('put'),
      ...(rowsOf('put').length > 0 ? { halt: 7 } : {}),
    }));
    node.insert('put', [[1]]);
    await until(() => storage.waiting > 0);
    storage.answer();
    expect(await node.ended).toEqual({ code: 7 });
    expect(shown).toEqual([[[1]]]);
  });
});

it('a node whose storage fails says so, shows nothing more and ends with 5', async () => {
  const storage = new SlowStorage();
  const shown: unknown[] = [];
  const codes: string[] = [];
  const listener = {
    observe: ({ added }: { added: unknown }) => shown.push(added),
    report: (_: string, { code, message }: { code: string; message: string }) =>
      codes.push(`${code} ${message}`),
  };
  const { node } = await startNode('a', ['a'], { program, storage, listener }, keeping);
  await until(() => storage.batches.length > 0);
  storage.slow();
  node.insert('put', [[1]]);
  await until(() => storage.waiting > 0);
  storage.answer(new Error('the disk is full'));
  expect(await node.ended).toEqual({ code: 5 });
  expect(shown).toEqual([]);
  expect(codes).toEqual(['TRL0857 node a stops because its storage failed: the disk is full']);
  await node.stop();
  expect(storage.isClosed).toBe(true);
});
