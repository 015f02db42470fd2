/** Storage in a folder: what is written is there again, and what cannot be used is left alone. */
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { describe, expect, it } from 'vitest';
import { bytes, float, list, map, set, tuple } from '../../../src/base/value.js';
import type { Row } from '../../../src/base/value.js';
import type { DurableRelation } from '../../../src/node/configuration.js';
import type { Storage, StoredBatch, StoredState } from '../../../src/node/storage.js';
import { openLevelStorage } from '../../../src/storage/level-storage.js';
import type { StorageTrouble } from '../../../src/storage/storage-trouble.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const ledger: DurableRelation = {
  name: 'ledger',
  kind: 'table',
  columns: [
    { name: 'id', type: 'any' },
    { name: 'amount', type: 'any' },
  ],
  keyLength: 1,
};
const other: DurableRelation = { ...ledger, name: 'other', keyLength: 2 };
const nothing: StoredBatch = {
  origin: null,
  relations: [],
  posted: [],
  lanes: [],
  settled: [],
  answers: [],
  receipts: [],
};
const first: StoredBatch = { ...nothing, origin: 'life-1' };
const rows = (added: readonly Row[], removed: readonly Row[] = []): StoredBatch => ({
  ...nothing,
  relations: [{ relation: 'ledger', added, removed }],
});

const tryOpen = (
  folder: string,
  relations: readonly DurableRelation[] = [ledger],
  node = 'a',
): Promise<Storage | StorageTrouble> =>
  openLevelStorage(folder, {
    node,
    relations,
    checkRow: (_, row) => (row.length === 2 ? null : 'of two columns'),
    checkBatch: (batch) => (batch[0]!.relation === 'gone' ? 'nobody takes `gone`' : null),
  });

async function open(...args: Parameters<typeof tryOpen>): Promise<Storage> {
  const opened = await tryOpen(...args);
  if ('kind' in opened) throw new Error(JSON.stringify(opened));
  return opened;
}

/** Writes batches and closes; gives what the folder then says. */
async function written(
  folder: string,
  batches: readonly StoredBatch[],
): Promise<StoredState | null> {
  const storage = await open(folder);
  for (const batch of batches) await storage.write(batch);
  await storage.close();
  return reopened(folder);
}

async function reopened(
  folder: string,
  ...rest: [] | [readonly DurableRelation[]]
): Promise<StoredState | null> {
  const storage = await open(folder, ...rest);
  const stored = storage.takeStored();
  expect(storage.takeStored()).toBeNull();
  await storage.close();
  return stored;
}

describe('what is written', () => {
  it('is nothing at first, whether the folder is there or not', async () => {
    const folder = temporaryFolder();
    expect(await reopened(folder)).toBeNull();
    expect(await reopened(join(folder, 'a/b'))).toBeNull();
    expect(await reopened(folder)).toBeNull();
  });

  it('comes back: rows by key, lanes, frames, answers and receipts, in order', async () => {
    const frame = (peer: string, seq: number, origin = 'life-1') => ({
      peer,
      origin,
      seq,
      timestep: seq,
      batch: [{ relation: 'ledger', rows: [[seq, peer]] }],
    });
    const lane = (peer: string, lastSeq: number, origin = 'life-1', nth = 1) => ({
      peer,
      origin,
      nth,
      lastSeq,
    });
    const state = await written(temporaryFolder(), [
      first,
      rows([
        [2, 'b'],
        [1, 'a'],
        [10, 'c'],
      ]),
      {
        ...nothing,
        posted: [frame('b', 1), frame('b', 2), frame('a', 1), frame('b', 10)],
        lanes: [lane('a', 1), lane('b', 10)],
      },
      { ...nothing, posted: [frame('b', 1, 'before')], lanes: [lane('b', 1, 'before', 2)] },
      {
        ...nothing,
        settled: [
          { peer: 'b', origin: 'life-1', seq: 2 },
          { peer: 'a', origin: 'life-1', seq: 1 },
        ],
        answers: [{ peer: 'b', applied: 1 }],
      },
      { ...nothing, answers: [{ peer: 'b', applied: 2 }] },
      { ...nothing, receipts: [{ peer: 'b', origin: 'x', nth: 1, seq: 3, ahead: [5, 7] }] },
      { ...nothing, receipts: [{ peer: 'b', origin: 'w', nth: 2, seq: 1, ahead: [] }] },
      { ...nothing, receipts: [{ peer: 'b', origin: 'x', nth: 1, seq: 7, ahead: [] }] },
      rows([[1, 'z']], [[1, 'a']]),
      rows([], [[10, 'c']]),
    ]);
    expect(state).toEqual({
      origin: 'life-1',
      relations: [
        {
          relation: 'ledger',
          rows: [
            [1, 'z'],
            [2, 'b'],
          ],
        },
      ],
      lanes: [lane('a', 1), lane('b', 10), lane('b', 1, 'before', 2)],
      frames: [frame('b', 1), frame('b', 10), frame('b', 1, 'before')],
      answers: [{ peer: 'b', applied: 2 }],
      receipts: [
        { peer: 'b', origin: 'x', nth: 1, seq: 7, ahead: [] },
        { peer: 'b', origin: 'w', nth: 2, seq: 1, ahead: [] },
      ],
    });
  });

  it('keeps every kind of value, as key and beside it', async () => {
    const values = [
      null,
      true,
      -(2 ** 53 - 1),
      float(1),
      float(Number.NaN),
      float(Number.NEGATIVE_INFINITY),
      'a\u0000"\\\ud800é',
      '',
      bytes('00ff'),
      tuple([1, 'x']),
      list([]),
      set([1, 2]),
      map([['__proto__', list([float(0)])]]),
    ];
    const all = values.map((value): Row => [value, value]);
    const state = await written(temporaryFolder(), [first, rows(all)]);
    const [table] = state!.relations;
    expect(table!.rows).toHaveLength(all.length);
    for (const row of all) expect(table!.rows).toContainEqual(row);
  });

  it('is whole after many writes at once, in their order', async () => {
    const folder = temporaryFolder();
    const storage = await open(folder);
    const writes = [storage.write(first)];
    for (let n = 1; n <= 300; n++)
      writes.push(storage.write(rows([[n % 7, n]], n > 7 ? [[n % 7, n - 7]] : [])));
    await Promise.all(writes);
    await storage.close();
    const state = await reopened(folder);
    expect(state!.relations[0]!.rows).toEqual(
      [294, 295, 296, 297, 298, 299, 300].map((n) => [n % 7, n]),
    );
  });

  it('knows a relation from the first batch of a program that has it', async () => {
    const folder = temporaryFolder();
    await written(folder, [first, rows([[1, 1]])]);
    const namesOf = (state: StoredState | null) => state!.relations.map(({ relation }) => relation);
    expect(namesOf(await reopened(folder, [ledger, other]))).toEqual(['ledger']);
    const storage = await open(folder, [ledger, other]);
    await storage.write(first);
    await storage.close();
    expect(namesOf(await reopened(folder, [ledger, other]))).toEqual(['ledger', 'other']);
  });
});

describe('what cannot be used', () => {
  const kindOf = async (...args: Parameters<typeof tryOpen>): Promise<StorageTrouble> => {
    const opened = await tryOpen(...args);
    if ('kind' in opened) return opened;
    await opened.close();
    throw new Error('it was opened');
  };

  it('is a folder that another process has open', async () => {
    const folder = temporaryFolder();
    const storage = await open(folder);
    expect(await kindOf(folder)).toEqual({ kind: 'in-use' });
    await storage.close();
    expect(await reopened(folder)).toBeNull();
  });

  it('is a folder of something else, or no folder', async () => {
    const folder = temporaryFolder({ 'thesis.txt': 'x' });
    expect(await kindOf(folder)).toEqual({ kind: 'foreign', found: 'thesis.txt' });
    expect(readdirSync(folder)).toEqual(['thesis.txt']);
    expect((await kindOf(join(folder, 'thesis.txt'))).kind).toBe('unusable');
    expect((await kindOf(join(folder, 'thesis.txt/a'))).kind).toBe('unusable');
  });

  it('is a database of somebody else', async () => {
    const folder = temporaryFolder();
    const level = new ClassicLevel(folder);
    await level.put('name', 'value');
    await level.close();
    expect(await kindOf(folder)).toEqual({ kind: 'foreign', found: 'the record "name"' });
  });

  it('is that of another node', async () => {
    const folder = temporaryFolder();
    await written(folder, [first]);
    expect(await kindOf(folder, [ledger], 'b')).toEqual({ kind: 'other-node', node: 'a' });
    // Also where it does not say so in the file that is there for it.
    writeFileSync(join(folder, 'NODE'), '');
    expect(await kindOf(folder, [ledger], 'b')).toEqual({ kind: 'other-node', node: 'a' });
  });

  it('stays as it is to the last byte, if it is that of another node or of another format', async () => {
    const folder = temporaryFolder();
    await written(folder, [first, rows([[1, 1]])]);
    const bytesOf = () =>
      readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'hex')]);
    const before = bytesOf();
    expect((await kindOf(folder, [ledger], 'b')).kind).toBe('other-node');
    expect(bytesOf()).toEqual(before);
    writeFileSync(join(folder, 'NODE'), '{"format":3}');
    const later = bytesOf();
    expect(await kindOf(folder)).toEqual({ kind: 'other-format', format: 3 });
    expect(bytesOf()).toEqual(later);
  });

  it('is that of a program with other columns, keys or relations, if they hold something', async () => {
    const folder = temporaryFolder();
    await written(folder, [first]);
    const renamed = { ...ledger, columns: [ledger.columns[0]!, { name: 'sum', type: 'any' }] };
    expect(await reopened(folder, [renamed])).toMatchObject({ relations: [] });
    await written(folder, [first, rows([[1, 1]])]);
    const now = 'it holds `table ledger(id: any => amount: any)`, and the program has';
    const expectDifference = async (relations: readonly DurableRelation[], text: string) =>
      expect(await kindOf(folder, relations)).toEqual({
        kind: 'other-program',
        differences: [text],
      });
    await expectDifference([renamed], `${now} \`table ledger(id: any => sum: any)\``);
    await expectDifference(
      [{ ...ledger, keyLength: 2 }],
      `${now} \`table ledger(id: any, amount: any)\``,
    );
    await expectDifference([other], 'the program has no durable `ledger`');
    expect((await reopened(folder))!.relations[0]!.rows).toEqual([[1, 1]]);
  });

  it('is one with a batch on its way that the program does not fit', async () => {
    const folder = temporaryFolder();
    const batch = [{ relation: 'gone', rows: [[1]] }];
    await written(folder, [
      first,
      { ...nothing, posted: [{ peer: 'b', origin: 'life-1', seq: 1, timestep: 1, batch }] },
    ]).catch(() => {});
    expect(await kindOf(folder)).toEqual({
      kind: 'other-program',
      differences: ['tuples for b still wait, and nobody takes `gone`'],
    });
  });

  it('is one of another format', async () => {
    const folder = temporaryFolder();
    await written(folder, [first]);
    const level = new ClassicLevel(folder);
    await level.put('["schema"]', '{"format":3}');
    await level.close();
    expect(await kindOf(folder)).toEqual({ kind: 'other-format', format: 3 });
  });

  it('is one in which something was changed or is gone', async () => {
    for (const meddle of [
      (level: ClassicLevel) => level.put('["row","ledger",1]', '[1,2]'),
      (level: ClassicLevel) => level.del('["row","ledger",1]'),
      (level: ClassicLevel) => level.put('["row","ledger",3]', '[3,1]'),
      (level: ClassicLevel) => level.del('["schema"]'),
      (level: ClassicLevel) => level.del('["sum"]'),
      (level: ClassicLevel) => level.put('["row","ledger",1]', '[1,'),
      (level: ClassicLevel) => level.put('odd', '1'),
    ]) {
      const folder = temporaryFolder();
      await written(folder, [first, rows([[1, 1]]), rows([[2, 2]])]);
      const level = new ClassicLevel(folder);
      await meddle(level);
      await level.close();
      expect((await kindOf(folder)).kind).toBe('corrupt');
    }
  });

  it('is one of which a file is gone, or damaged in the middle', async () => {
    const large = 'x'.repeat(5000);
    const batches = [first, ...Array.from({ length: 30 }, (_, n) => rows([[n, large + n]]))];
    for (const meddle of [
      (path: string) => rmSync(path),
      (path: string) => {
        const content = readFileSync(path);
        content[content.length >> 1]! ^= 0xff;
        writeFileSync(path, content);
      },
    ]) {
      const folder = temporaryFolder();
      await written(folder, batches);
      // Opened once more, so that the log has become a table.
      await reopened(folder);
      const tables = readdirSync(folder).filter((file) => file.endsWith('.ldb'));
      for (const table of tables) meddle(join(folder, table));
      expect(tables.length).toBeGreaterThan(0);
      expect((await kindOf(folder)).kind).toBe('corrupt');
    }
  });

  it('is one of which the log, or the file that names the others, is gone', async () => {
    for (const gone of [/^CURRENT$/, /\.log$/]) {
      const folder = temporaryFolder();
      await written(folder, [first, rows([[1, 1]])]);
      for (const file of readdirSync(folder).filter((name) => gone.test(name)))
        rmSync(join(folder, file));
      expect((await kindOf(folder)).kind).toBe('corrupt');
    }
  });

  it('is one whose log is damaged before its end; a torn end is what a crash leaves', async () => {
    const logOf = (folder: string) =>
      join(
        folder,
        readdirSync(folder)
          .filter((file) => file.endsWith('.log'))
          .sort()
          .at(-1)!,
      );
    const damaged = temporaryFolder();
    const storage = await open(damaged);
    for (const batch of [first, rows([[1, 1]]), rows([[2, 'x'.repeat(50_000)]]), rows([[3, 3]])])
      await storage.write(batch);
    await storage.close();
    const content = readFileSync(logOf(damaged));
    content[content.length >> 1]! ^= 0xff;
    writeFileSync(logOf(damaged), content);
    expect((await kindOf(damaged)).kind).toBe('corrupt');

    const torn = temporaryFolder();
    const whole = await open(torn);
    for (const batch of [first, rows([[1, 1]])]) await whole.write(batch);
    await whole.close();
    appendFileSync(logOf(torn), Buffer.from([1, 2, 3, 4, 40, 0, 1, 9, 9]));
    expect((await reopened(torn))!.relations[0]!.rows).toEqual([[1, 1]]);
  });
});

it('a write that fails takes those after it with it', async () => {
  const storage = await open(temporaryFolder());
  await storage.close();
  const writes = [storage.write(first), storage.write(rows([[1, 1]]))];
  const results = await Promise.allSettled(writes);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(storage.write(rows([[2, 2]]))).rejects.toThrow(/open/);
});
