/** Segments in one array: reuse by class, content over growth, and the poison that finds stale arrays. */
import { describe, expect, it } from 'vitest';
import { BugError } from '../../../src/base/assert.js';
import { Arena, POISON } from '../../../src/engine/arena.js';
import { PairRelation } from '../../../src/engine/pair-relation.js';

describe('an arena', () => {
  it('gives out segments that do not overlap, and keeps what is in them when it grows', () => {
    const arena = new Arena(true);
    const segments = Array.from({ length: 200 }, (_, i) => {
      const base = arena.allocate(i % 7);
      arena.words.fill(i + 1, base, base + 2 ** (i % 7));
      return base;
    });
    segments.forEach((base, i) => {
      const words = arena.words.subarray(base, base + 2 ** (i % 7));
      expect(words.every((word) => word === i + 1)).toBe(true);
    });
  });

  it('gives a released segment out again, to its class only', () => {
    const arena = new Arena(true);
    const [small, large] = [arena.allocate(2), arena.allocate(5)];
    arena.release(large, 5);
    arena.release(small, 2);
    const { words } = arena;
    expect(arena.allocate(3)).toBeGreaterThanOrEqual(4 + 32);
    expect([arena.allocate(2), arena.allocate(5)]).toEqual([small, large]);
    expect(arena.words.length).toBeGreaterThanOrEqual(words.length);
  });

  it('begins anew after a reset, without the free lists of before', () => {
    const arena = new Arena(true);
    arena.release(arena.allocate(4), 4);
    arena.reset();
    expect([arena.allocate(4), arena.allocate(4)]).toEqual([0, 16]);
  });

  it('with checks, poisons the array that it has replaced, and only then', () => {
    for (const checks of [true, false]) {
      const arena = new Arena(checks);
      arena.allocate(0);
      const stale = arena.words;
      stale[0] = 7;
      arena.allocate(10);
      expect(arena.words).not.toBe(stale);
      expect(arena.words[0]).toBe(7);
      expect(stale[0]).toBe(checks ? POISON : 7);
    }
  });

  it('with checks, refuses a segment that is not its own', () => {
    const arena = new Arena(true);
    arena.allocate(3);
    expect(() => arena.release(4, 3)).toThrow(BugError);
  });
});

it('a loop that keeps the array of vectors over insertions reads poison, not old values', () => {
  const relation = new PairRelation({ checks: true });
  relation.insert([1, 5]);
  const stale = relation.vectors.words;
  for (let i = 0; i < 100; i++) relation.insert([2, i]);
  expect(stale[0]).toBe(POISON);
  const values: number[] = [];
  relation.settle();
  relation.probe([0], [1], 'old', (row) => values.push(row[1]!));
  expect(values).toEqual([5]);
});
