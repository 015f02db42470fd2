/**
 * Generated code as closures: JavaScript's own meaning of every construct that the generator writes,
 * and a clear word about any other. That whole programs come out the same, the treatment `closures`
 * of the conformance cases shows.
 */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { linkUnit } from '../../../src/engine/load.js';
import { linkClosures } from '../../../src/engine/closure-unit.js';
import { repositoryRoot, trellisScript } from '../../support/trellis-command.js';

type Unit = Readonly<Record<string, (...words: unknown[]) => unknown>>;

/** The unit as closures, and as JavaScript has it. */
function both(source: string, runtime: object = {}): readonly Unit[] {
  return [linkClosures, linkUnit].map((link) => link(source, runtime, 'test.js') as Unit);
}

describe('closures mean what JavaScript means', () => {
  it.each<[string, string, readonly unknown[]]>([
    [
      'loops, breaks and labels',
      `
      let n = 0;
      outer: for (let i = 0; i < a; i++) {
        for (let j = 0; ; j++) {
          if (j === i) continue outer;
          if (j > 3) break;
          if (i > 6) break outer;
          n += 10 * i + j;
        }
        n++;
      }
      block: { if (n > 5) break block; n = -1; }
      while (n > 100) n -= 7;
      return n;`,
      [9],
    ],
    [
      'closures over variables of loops',
      `
      const all = [];
      for (const x of [1, 2, 3]) { const y = x * a; [5, 6].forEach((z) => { all[all.length] = x + y + z; }); }
      return all;`,
      [10],
    ],
    [
      'failures that are caught',
      `
      let t = -1;
      try { t = a(); } catch (error) { t = error.message; }
      return t;`,
      [
        () => {
          throw new RangeError('no');
        },
      ],
    ],
    [
      'words and their bits',
      'return [a | 0, ~a, -a, a >>> 3, a >> 3, a << 30, a & 12, a ^ 5, Math.imul(a, 7), !a];',
      [-77],
    ],
    [
      'members, by name and position',
      `
      const o = { one: [1, 2], two: a }; o.one[o.one.length] = 3; o.two++; --o.two; o.one[0] += 4;
      return [o.one, o.two, o.two === a && o.two !== 3 || null, a > 2 ? 'more' : 'less'];`,
      [5],
    ],
    [
      'what is in order of evaluation',
      `
      const seen = []; const note = (x) => { seen[seen.length] = x; return x; };
      const at = [0, 0]; at[note(1)] = note(2); note(3), note(4); note(0) && note(5); note(0) || note(6);
      return [seen, at];`,
      [0],
    ],
  ])('%s', (_, body, given) => {
    const [closures, compiled] = both(`'use strict';\nfunction f(a) {${body}}\nreturn { f };`);
    expect(closures!['f']!(...given)).toEqual(compiled!['f']!(...given));
  });

  it('for calls with and without an object', () => {
    const runtime = {
      base: 40,
      plus(n: number) {
        return this.base + n;
      },
      twice: (n: number) => 2 * n,
    };
    for (const unit of both(
      'const twice = $.twice; function f(a) { return $.plus(twice(a)); } return { f };',
      runtime,
    ))
      expect(unit['f']!(1)).toBe(42);
  });

  it('and say what they do not know', () => {
    expect(() => linkClosures('class A {} return {};', {})).toThrow(
      /ClassDeclaration, which closures do not know/,
    );
    expect(() => linkClosures('return { f: process };', {})).toThrow(
      /names process out of nowhere/,
    );
    expect(() => linkClosures('return { f: 1 ** 2 };', {})).toThrow(/the operator \*\*/);
  });
});

describe('where code may not be made of text', () => {
  const run = (...flags: string[]) =>
    spawnSync(
      process.execPath,
      [...flags, trellisScript, 'run', 'examples/shortest-paths', '--format', 'csv'],
      {
        cwd: repositoryRoot,
        encoding: 'utf8',
      },
    );

  it('programs run all the same', () => {
    const flag = '--disallow-code-generation-from-strings';
    expect(spawnSync(process.execPath, [flag, '-e', 'new Function("")']).status).not.toBe(0);
    const [free, strict] = [run(), run(flag)];
    expect([strict.status, strict.stderr]).toEqual([0, '']);
    expect(strict.stdout).toBe(free.stdout);
    expect(strict.stdout).toContain('rome');
  });
});
