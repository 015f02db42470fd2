/** The sum of batches in memory is that on the disk, whatever the batches; and a crash loses what waits. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DurableRelation } from '../../../src/node/configuration.js';
import type { StoredBatch, StoredState } from '../../../src/node/storage.js';
import { Checksum } from '../../../src/storage/checksum.js';
import { MemoryStorage } from '../../../src/storage/memory-storage.js';
import { changesOf, sumKey } from '../../../src/storage/records.js';
import { readStore } from '../../../src/storage/read-store.js';
import { schemaKey } from '../../../src/storage/records.js';
import { schemaText } from '../../../src/storage/stored-schema.js';

const columns = ['k', 'v'].map((name) => ({ name, type: 'int' }));
const relations: readonly DurableRelation[] = [
  { name: 'set', kind: 'table', columns, keyLength: 2 },
  { name: 'map', kind: 'table', columns, keyLength: 1 },
];
const owner = { node: 'a', relations, checkRow: () => null, checkBatch: () => null };

/** What a store of records says after batches. */
async function throughRecords(batches: readonly StoredBatch[]): Promise<StoredState | null> {
  const records = new Map<string, string>();
  const checksum = new Checksum();
  const keyLengthOf = (name: string) => relations.find((one) => one.name === name)!.keyLength;
  for (const batch of batches) {
    const schema = { type: 'put', key: schemaKey, value: schemaText('a', relations) } as const;
    for (const change of [schema, ...changesOf(batch, keyLengthOf)]) {
      if (change.type === 'put') records.set(change.key, change.value);
      else expect(records.delete(change.key)).toBe(true);
      checksum.apply(change);
    }
    records.set(sumKey, String(checksum.sum));
  }
  async function* entries() {
    yield* records;
  }
  const opened = await readStore(entries(), owner);
  if ('kind' in opened) throw new Error(JSON.stringify(opened));
  return opened.stored;
}

interface Step {
  readonly relation: 'set' | 'map';
  readonly k: number;
  readonly v: number;
  readonly peer: string;
}

/** Batches that follow from each other, as a node's do. */
function batchesOf(steps: readonly Step[]): readonly StoredBatch[] {
  const map = new Map<number, number>();
  const set = new Set<string>();
  const seqs = new Map<string, number>();
  return steps.map(({ relation, k, v, peer }, i) => {
    const was = map.get(k);
    const isThere = set.has(`${k} ${v}`);
    const seq = (seqs.get(peer) ?? 0) + 1;
    seqs.set(peer, seq);
    // Processes number by themselves, and so all begin with 1.
    const nth = Math.floor(i / 10) + 1;
    const lane = { peer, origin: `life-${9 - nth}`, nth };
    if (relation === 'map') map.set(k, v);
    else if (isThere) set.delete(`${k} ${v}`);
    else set.add(`${k} ${v}`);
    const change =
      relation === 'map'
        ? was === v
          ? { added: [], removed: [] }
          : { added: [[k, v]], removed: was === undefined ? [] : [[k, was]] }
        : isThere
          ? { added: [], removed: [[k, v]] }
          : { added: [[k, v]], removed: [] };
    return {
      origin: i === 0 ? 'life' : null,
      relations: [{ relation, ...change }],
      posted: [
        {
          peer,
          origin: lane.origin,
          seq,
          timestep: i,
          batch: [{ relation: 'set', rows: [[k, v]] }],
        },
      ],
      lanes: [{ ...lane, lastSeq: seq }],
      settled: seq % 2 === 0 && i % 10 > 0 ? [{ peer, origin: lane.origin, seq }] : [],
      answers: [{ peer, applied: seq }],
      receipts: [{ ...lane, seq, ahead: [seq + 2] }],
    };
  });
}

const randomSteps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    relation: fc.constantFrom('set' as const, 'map' as const),
    k: fc.integer({ min: 0, max: 3 }),
    v: fc.integer({ min: 0, max: 2 }),
    peer: fc.constantFrom('b', 'c', '"'),
  }),
  { maxLength: 30 },
);

it('is the same in memory and in records', async () => {
  await fc.assert(
    fc.asyncProperty(randomSteps, async (steps) => {
      const batches = batchesOf(steps);
      const memory = new MemoryStorage(relations);
      for (const batch of batches) memory.write(batch);
      while (memory.waiting > 0) memory.persistOne();
      expect(memory.stored).toEqual(await throughRecords(batches));
    }),
    { numRuns: 100 },
  );
});

it('loses in a crash what is not durable, and keeps what is', () => {
  const batches = batchesOf([1, 2, 3].map((k) => ({ relation: 'map', k, v: 0, peer: 'b' })));
  const memory = new MemoryStorage(relations);
  expect(memory.stored).toBeNull();
  for (const batch of batches) memory.write(batch);
  expect(memory.stored).toBeNull();
  memory.persistOne();
  memory.persistOne();
  memory.crash();
  memory.persistOne();
  expect(memory.stored!.relations).toEqual([
    {
      relation: 'map',
      rows: [
        [1, 0],
        [2, 0],
      ],
    },
    { relation: 'set', rows: [] },
  ]);
  expect(memory.stored!.lanes).toEqual([{ peer: 'b', origin: 'life-8', nth: 1, lastSeq: 2 }]);
});
