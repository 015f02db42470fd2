/** A hosted node and its storage: what it waits for when it ends, and what a failing disk does. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Storage, StoredBatch } from '../../../src/node/storage.js';
import { fakeProgram } from '../node/fake-evaluator.js';
import type { Rules } from '../node/fake-evaluator.js';
import { startNode, stopAll, until, wireTo } from './hosted.js';

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

describe('a batch of durable channels that no node can take', () => {
  it('stays, is told of once, and holds up no other', async () => {
    const cluster = ['a', 'b'];
    const durable = [{ name: 'msg', kind: 'channel', columns: [], keyLength: 1 } as const];
    const rest = { program: { ...fakeProgram, durable } };
    const b = await startNode('b', cluster, { ...rest, storage: new SlowStorage() });
    const wire = await wireTo(b.node.address.port);
    const a = await startNode('a', cluster, {
      ...rest,
      storage: new SlowStorage(),
      peers: new Map([['b', wire.url]]),
      limits: { mostFrameLength: 2000 },
    });
    a.node.insert('put', [['b', 'x'.repeat(3000)]]);
    await new Promise((resolve) => setImmediate(resolve));
    a.node.insert('put', [['b', 'one']]);
    await until(() => b.node.query('').length === 1);
    const before = wire.connections;
    wire.cut();
    await until(() => wire.connections > before);
    a.node.insert('put', [['b', 'two']]);
    await until(() => b.node.query('').length === 2);
    expect(a.reports.map(({ code, message }) => [code, message])).toEqual([
      [
        'TRL0866',
        expect.stringMatching(
          /^node a cannot send a batch of durable channels for b: it has 3\d\d\d characters/,
        ),
      ],
    ]);
  });
});

async function started(rules: Rules = keeping) {
  const storage = new SlowStorage();
  const shown: unknown[] = [];
  const listener = { observe: ({ added }: { added: unknown }) => shown.push(added) };
  const tested = await startNode('a', ['a'], { program, storage, listener }, rules);
  await until(() => storage.batches.length > 0);
  storage.slow();
  return { node: tested.node, storage, shown };
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
