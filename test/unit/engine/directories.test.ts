/** The directories under all relations, against maps, and the maps under the dictionary. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShardedMap } from '../../../src/engine/sharded-map.js';
import { StorageLimitError, grownLength, tableLength } from '../../../src/engine/storage-limit.js';
import { TupleDirectory } from '../../../src/engine/tuple-directory.js';
import { NO_WORD } from '../../../src/engine/word.js';
import { WordDirectory } from '../../../src/engine/word-directory.js';

/** Slots are dense, each has its word, and exactly the words of the set have one. */
function expectHolds(directory: WordDirectory, words: ReadonlySet<number>): void {
  expect(directory.count).toBe(words.size);
  expect(new Set(directory.words.subarray(0, directory.count))).toEqual(words);
  for (const word of words) expect(directory.words[directory.find(word)]).toBe(word);
}

const anyWord = fc
  .integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
  .map((word) => (word === NO_WORD ? 0 : word));

describe('a word directory', () => {
  it('makes room for words that lie close together, but not for all between them and a far one', () => {
    const coming = Int32Array.from({ length: 1000 }, (_, i) => i);
    const near = new WordDirectory();
    near.expect(0, 999, coming.length);
    expect(near.window).toHaveLength(1024);
    const far = new WordDirectory();
    far.add(2_000_000_000);
    far.expect(0, 999, coming.length);
    for (const word of coming) far.add(word);
    expectHolds(far, new Set([2_000_000_000, ...coming]));
    expect(far.bytes()).toBeLessThan(100_000);
  });

  it('numbers any words, added and removed in any order', () => {
    const start = fc.oneof(anyWord, fc.constantFrom(0, -100, 2 ** 31 - 50, -(2 ** 31)));
    const steps = fc.array(fc.tuple(fc.boolean(), fc.oneof(fc.nat(60), fc.nat(3000), anyWord)), {
      maxLength: 400,
      size: 'max',
    });
    fc.assert(
      fc.property(start, steps, (base, all) => {
        const directory = new WordDirectory();
        const words = new Set<number>();
        for (const [adds, offset] of all) {
          const word = (base + offset) | 0;
          if (word === NO_WORD) continue;
          if (adds) {
            expect(directory.add(word)).toBe(directory.find(word));
            words.add(word);
          } else expect(directory.remove(word) >= 0).toBe(words.delete(word));
          expect(directory.find(word) >= 0).toBe(words.has(word));
        }
        expectHolds(directory, words);
        directory.clear();
        for (const word of words) expect(directory.find(word)).toBe(-1);
        expectHolds(directory, new Set());
        for (const word of words) directory.add(word);
        expectHolds(directory, words);
      }),
    );
  });

  it('finds nothing under the int32 that is no word', () => {
    const directory = new WordDirectory();
    for (let i = 0; i < 100; i++) directory.add(i * 1_000_003);
    expect(directory.find(NO_WORD)).toBe(-1);
    expect(new WordDirectory().find(NO_WORD)).toBe(-1);
  });

  it('takes a window where words are dense and a table where they are not', () => {
    const dense = new WordDirectory();
    const sparse = new WordDirectory();
    for (let i = 0; i < 100_000; i++) {
      dense.add((i * 7919) % 100_000);
      sparse.add(Math.imul(i, 0x10dcd) | 1);
    }
    expect(dense.window.length).toBeLessThanOrEqual(262_144);
    expect(dense.cells.length).toBe(2);
    expect(sparse.window.length).toBe(1);
    expect(sparse.bytes() / sparse.count).toBeLessThan(30);
  });

  it('follows words that move on, as ids that are counted up do', () => {
    const directory = new WordDirectory();
    for (let i = 0; i < 200_000; i++) {
      directory.add(i);
      if (i >= 100) directory.remove(i - 100);
    }
    expect(directory.count).toBe(100);
    expect(directory.bytes()).toBeLessThan(50_000);
  });

  it('is cleared at the cost of what is in it', () => {
    const directory = new WordDirectory();
    for (let i = 0; i < 50_000; i++) directory.add(Math.imul(i, 0x9e3779b1) | 1);
    directory.clear();
    const { cells } = directory;
    for (let round = 0; round < 50; round++) {
      const words = new Set(Array.from({ length: 30 }, (_, i) => Math.imul(i + round, 77_777_777)));
      for (const word of words) directory.add(word);
      expectHolds(directory, words);
      directory.clear();
    }
    expect(directory.cells).toBe(cells);
    expect(cells.every((cell, i) => i % 2 === 1 || cell === 0)).toBe(true);
  });
});

it('a tuple directory tells tuples with equal hashes apart by their words', () => {
  const directory = new TupleDirectory(2);
  const tuple = new Int32Array(2);
  let wrong = 0;
  for (let i = 0; i < 400_000; i++) {
    tuple.set([Math.imul(i ^ (i >>> 5), 0x27d4eb2d) >> 3, Math.imul(i, 0x165667b1)]);
    if (directory.addNew(tuple) !== i || directory.find(tuple) !== i) wrong++;
  }
  expect(wrong).toBe(0);
  const hashes = directory.cells.filter(
    (_, cell) => cell % 2 === 1 && directory.cells[cell - 1] !== 0,
  );
  expect(hashes.length).toBe(400_000);
  expect(new Set(hashes).size).toBeLessThan(400_000);
});

it('a tuple directory that has no memory to hash its rows still finds them', () => {
  const directory = new TupleDirectory(2);
  const words = Int32Array.from({ length: 80 }, (_, i) => (i >> 1) * 10 + (i % 2));
  const row = words.slice(20, 22);
  directory.fill(words, 40);
  const { Int32Array: whole } = globalThis;
  globalThis.Int32Array = new Proxy(whole, {
    construct: () => {
      throw new RangeError('no memory');
    },
  });
  try {
    expect(() => directory.find(row)).toThrow(StorageLimitError);
  } finally {
    globalThis.Int32Array = whole;
  }
  expect([directory.find(row), directory.addNew(row), directory.count]).toEqual([10, -1, 40]);
});

it('a sharded map goes on where one map is full', () => {
  const map = new ShardedMap<string>(10);
  for (let i = 0; i < 95; i++) map.set(`k${i}`, i);
  for (let i = 0; i < 95; i += 2) map.delete(`k${i}`);
  for (let i = 0; i < 95; i++) expect(map.get(`k${i}`)).toBe(i % 2 === 0 ? undefined : i);
  map.set('k0', 1000);
  expect(map.get('k0')).toBe(1000);
});

it('arrays double, then grow by a half, and end at 2^30 words', () => {
  expect(grownLength(0, 1)).toBe(16);
  expect(grownLength(1024, 1025)).toBe(2048);
  expect(grownLength(2 ** 26, 2 ** 26 + 1)).toBe(1.5 * 2 ** 26);
  expect(grownLength(2 ** 29, 2 ** 30)).toBe(2 ** 30);
  expect(() => grownLength(2 ** 29, 2 ** 30 + 1)).toThrow(StorageLimitError);
  // Hash tables are masked, so they double however large they are.
  for (const words of [17, 2 ** 26, 2 ** 26 + 1, 2 ** 28 - 1])
    expect(Math.log2(tableLength(words)) % 1).toBe(0);
  expect(tableLength(2 ** 27)).toBe(2 ** 27);
  expect(() => tableLength(2 ** 30 + 1)).toThrow(StorageLimitError);
});
