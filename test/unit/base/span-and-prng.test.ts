import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BugError, assert, defined } from '../../../src/base/assert.js';
import { Prng } from '../../../src/base/prng.js';
import { cover, lineStarts, positionAt, rangeOf } from '../../../src/base/span.js';
import { version } from '../../../src/base/version.js';
import { repositoryRoot } from '../../support/trellis-command.js';

describe('places in text', () => {
  const file = { path: 'a.bloom', text: 'ab\ncd\r\n\rx😀y' };

  it('count lines by LF, CR LF and CR', () => {
    expect(lineStarts(file)).toEqual([0, 3, 7, 8]);
    const places = [0, 2, 3, 5, 7, 8, 11].map((offset) => positionAt(file, offset));
    expect(places.map(({ line, column }) => `${line}:${column}`)).toEqual([
      '1:1',
      '1:3',
      '2:1',
      '2:3',
      '3:1',
      '4:1',
      '4:4',
    ]);
  });

  it('reach to the end of the text and into an empty one', () => {
    expect(positionAt(file, file.text.length)).toEqual({ line: 4, column: 5 });
    expect(positionAt({ path: '', text: '' }, 0)).toEqual({ line: 1, column: 1 });
  });

  it('cover each other', () => {
    const span = cover({ file, start: 4, end: 5 }, { file, start: 0, end: 2 });
    expect(rangeOf(span)).toEqual({
      file: 'a.bloom',
      start: { line: 1, column: 1 },
      end: { line: 2, column: 3 },
    });
  });
});

describe('the pseudo-random generator', () => {
  const draws = (prng: Prng, count: number): number[] =>
    Array.from({ length: count }, () => prng.next());

  it('gives the same stream for the same seed, and another for another', () => {
    expect(draws(new Prng(7), 20)).toEqual(draws(new Prng(7), 20));
    const firsts = Array.from({ length: 200 }, (_, seed) => new Prng(seed).next());
    expect(new Set(firsts).size).toBe(200);
  });

  it('keeps its stream: recorded seeds replay with later versions', () => {
    expect(Array.from({ length: 5 }, (_, i) => new Prng(i).int(0, 999))).toMatchInlineSnapshot(`
      [
        105,
        317,
        604,
        6,
        131,
      ]
    `);
  });

  it('is uniform enough, for one seed and over many', () => {
    for (const sample of [
      draws(new Prng(1), 10_000),
      Array.from({ length: 10_000 }, (_, seed) => new Prng(seed).next()),
    ]) {
      expect(Math.min(...sample)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...sample)).toBeLessThan(1);
      const counts = Array.from({ length: 10 }, () => 0);
      for (const draw of sample) counts[Math.floor(draw * 10)]! += 1;
      for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
    }
  });

  it('draws ints from both ends of a range, and nothing beyond', () => {
    const prng = new Prng(3);
    const drawn = new Set(Array.from({ length: 300 }, () => prng.int(-2, 2)));
    expect([...drawn].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    expect(prng.int(5, 5)).toBe(5);
  });

  it('decides by probability', () => {
    const prng = new Prng(5);
    const hits = Array.from({ length: 4000 }, () => prng.chance(0.25)).filter(Boolean).length;
    expect(Math.abs(hits - 1000)).toBeLessThan(120);
    expect([prng.chance(0), prng.chance(1)]).toEqual([false, true]);
  });

  it('forks streams that differ by label and are reproducible', () => {
    const stream = (label: string): number[] => draws(new Prng(9).fork(label), 5);
    expect(stream('a')).toEqual(stream('a'));
    expect(stream('a')).not.toEqual(stream('b'));
    expect(stream('a')).not.toEqual(draws(new Prng(9), 5));
  });
});

describe('assertions', () => {
  it('say that a failure is ours', () => {
    expect(() => assert(false, 'x')).toThrow(BugError);
    expect(() => defined(null, 'the plan')).toThrow(
      'this is a bug in Trellis: the plan is missing',
    );
    expect(defined(0, 'zero')).toBe(0);
  });
});

it('the version is that of the package', () => {
  const manifest = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  expect(version).toBe(manifest.version);
});
