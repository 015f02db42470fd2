/** Relations with lattice columns against a map from keys to values, whatever is done to them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRelation } from '../../../src/engine/create-relation.js';
import { LatticeRelation } from '../../../src/engine/lattice-relation.js';
import { NO_WORD } from '../../../src/engine/word.js';

/** Two lattice columns: the least of words, and the union of bits. */
const least = (held: number, word: number): number => Math.min(held, word);
const union = (held: number, word: number): number => held | word;

/** Of so many plain columns, the lattice columns being the second and the last. */
function relationOf(plain: number, stays: boolean): LatticeRelation {
  const merged = [
    { column: Math.min(1, plain), merge: least },
    { column: plain + 1, merge: union },
  ];
  return new LatticeRelation(plain + 2, merged, { checks: true, stays });
}

function rowOf(relation: LatticeRelation, key: readonly number[], value: readonly number[]) {
  const row = new Int32Array(relation.arity);
  for (const [i, column] of relation.plain.entries()) row[column] = key[i]!;
  for (const [j, { column }] of relation.merged.entries()) row[column] = value[j]!;
  return row;
}

function textsOf(relation: LatticeRelation, part: 'visible' | 'old' | 'delta'): string[] {
  const texts: string[] = [];
  relation.forEach(part, (row) => void texts.push(row.join()));
  return texts.sort();
}

/** Mostly a few, so that they meet again; some close to them, and some anywhere, so that places move. */
const word = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 4 }) },
  { weight: 2, arbitrary: fc.integer({ min: -40, max: 90 }).map((n) => (n === NO_WORD ? 0 : n)) },
  { weight: 1, arbitrary: fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, 100_000, -100_000) },
);
const operation = fc.record({
  kind: fc.constantFrom(
    ...(['insert', 'insert', 'insert', 'insert'] as const),
    ...(['advance', 'settle', 'remove', 'timestep', 'exchange'] as const),
  ),
  key: fc.array(word, { minLength: 3, maxLength: 3 }),
  value: fc.tuple(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 1, max: 15 })),
});

describe.each([0, 1, 2, 3])('with %i plain columns', (plain) => {
  it('holds what a map holds, and takes back what a journal has', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 120 }), fc.boolean(), (operations, undoes) => {
        const relation = relationOf(plain, true);
        if (plain === 3) relation.ensureIndex([relation.plain[0]!, relation.plain[2]!]);
        let model = new Map<string, readonly [number, number]>();
        let before = new Map(model);
        const shownOf = (all: typeof model): string[] =>
          [...all]
            .map(([key, value]) => rowOf(relation, key.split(',').map(Number), value).join())
            .sort();
        const shown = (): string[] => shownOf(model);
        relation.beginJournal();
        for (const { kind, key: longKey, value } of operations) {
          const key = longKey.slice(0, plain);
          if (kind === 'insert') {
            const held = model.get(key.join());
            const isFirst =
              relation.insert(rowOf(relation, key, value)) && before.get(key.join()) === held;
            const next =
              held === undefined
                ? value
                : ([least(held[0], value[0]), union(held[1], value[1])] as const);
            if (isFirst) expect(next).not.toEqual(held);
            model.set(key.join(), next);
          } else if (kind === 'advance') relation.advance();
          else if (kind === 'settle') {
            relation.settle();
            expect(textsOf(relation, 'visible')).toEqual(shown());
            expect(textsOf(relation, 'delta')).toEqual([]);
          } else if (kind === 'timestep') {
            relation.settle();
            if (undoes) {
              relation.undoJournal();
              model = before;
            } else {
              const changed = new Map(model);
              relation.endJournal((now, old) => {
                const text = relation.plain.map((column) => now[column]).join();
                const was = before.get(text);
                expect(old === null).toBe(was === undefined);
                if (old !== null)
                  expect(relation.merged.map(({ column }) => old[column])).toEqual(was);
                changed.delete(text);
              });
              for (const [text, each] of changed) expect(before.get(text)).toEqual(each);
            }
            before = new Map(model);
            relation.beginJournal();
          } else if (kind === 'exchange') {
            relation.settle();
            const rows = createRelation(relation.arity);
            const exchanged = new Map(model);
            for (const each of new Set([key.join(), key.map(() => 3).join()])) {
              rows.insert(rowOf(relation, each.split(',').map(Number), value));
              exchanged.set(each, value);
            }
            rows.settle();
            const takeBack = relation.exchange(rows);
            expect(textsOf(relation, 'visible')).toEqual(shownOf(exchanged));
            takeBack();
            expect(textsOf(relation, 'visible')).toEqual(shownOf(model));
          } else if (model.size > 0 && !undoes) {
            relation.settle();
            relation.endJournal(() => {});
            const held = model.get(key.join());
            expect(relation.remove(rowOf(relation, key, held ?? [0, 0]))).toBe(held !== undefined);
            model.delete(key.join());
            before = new Map(model);
            relation.beginJournal();
          }
        }
        relation.settle();
        expect(textsOf(relation, 'visible')).toEqual(shown());
        for (const [text, value] of model) {
          const row = rowOf(relation, text.split(',').map(Number), value);
          expect(relation.has(row)).toBe(true);
          const found: string[] = [];
          const columns =
            plain === 3 ? [relation.plain[0]!, relation.plain[2]!] : [...relation.plain];
          relation.probe(
            columns,
            columns.map((column) => row[column]!),
            'visible',
            (each) => void found.push(each.join()),
          );
          expect(found).toContain(row.join());
          if (plain < 3) expect(found).toEqual([row.join()]);
        }
      }),
      { numRuns: 60 },
    );
  });
});

it('makes keys the delta when they grow, and those alone', () => {
  const relation = relationOf(1, false);
  for (const key of [1, 2, 3]) relation.insert(rowOf(relation, [key], [5, 1]));
  relation.advance();
  expect(textsOf(relation, 'delta')).toEqual(['1,5,1', '2,5,1', '3,5,1']);
  expect(relation.insert(rowOf(relation, [2], [4, 1]))).toBe(false);
  expect(relation.insert(rowOf(relation, [3], [7, 1]))).toBe(false);
  relation.advance();
  expect(relation.takeRaises()).toBe(1);
  expect(textsOf(relation, 'delta')).toEqual(['2,4,1']);
  expect(textsOf(relation, 'old')).toEqual(['1,5,1', '3,5,1']);
  expect(relation.advance()).toBe(false);
});

it('keeps its places when keys come from far away in the middle of a round', () => {
  const merged = [{ column: 1, merge: least }];
  const relation = new LatticeRelation(2, merged, { checks: true });
  const model = new Map<number, number>();
  const put = (key: number, value: number): void => {
    const place = relation.find(key);
    expect(place >= 0).toBe(model.has(key));
    if (place < 0) relation.create(key, value);
    else if (value < relation.values[place]!) relation.raise(place, value);
    model.set(key, Math.min(value, model.get(key) ?? value));
  };
  const shown = (part: 'visible' | 'delta'): string[] => textsOf(relation, part);
  for (let key = 0; key < 100; key++) put(key, 1000 + key);
  relation.advance();
  put(7, 3);
  // Down, up, too far for a window, and close together again.
  for (const base of [-60, 5000, 2 ** 31 - 400, -(2 ** 31) + 10]) {
    for (let i = 0; i < 30; i++) put(base + 7 * i, i);
    put(8, base < 0 ? 5 : 4);
  }
  for (let key = 100; key < 6000; key++) put(key, 9);
  for (const [key, value] of model) expect(relation.values[relation.find(key)]).toBe(value);
  expect(shown('delta').length).toBe(100);
  relation.advance();
  const rows = [...model].map((row) => row.join());
  expect(shown('visible')).toEqual(rows.sort());
  const old = (row: string): boolean => Number(row.split(',')[1]) >= 1000;
  expect(shown('delta')).toEqual(rows.filter((row) => !old(row)));
  relation.clear();
  expect(relation.find(7)).toBe(-1);
});
