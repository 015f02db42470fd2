/** From generated code back to the rule: by the source map, and by a stack trace. */
import { decode } from '@jridgewell/sourcemap-codec';
import { describe, expect, it } from 'vitest';
import { generateModule } from '../../../src/codegen/generate-module.js';
import { linkUnit } from '../../../src/engine/load.js';
import { planProgram } from '../../../src/plan/plan-program.js';
import { compileSound } from '../../support/compile-text.js';

const text = `static edge(a: int, b: int);
edge(1, 2);
path(x, y) :-
  edge(x, y);
reach: path(x, z) :- path(x, y), edge(y, z);
table kept(x: int);
kept(x)@next :- path(x, _), x > 1;
`;
const program = compileSound(text, {}, 'a b.bloom');
const code = generateModule(planProgram(program.coordinated));
const map = code.map();
const lines = code.source.split('\n');

/** The line of the program that a line of the code, counted from 1, comes from. */
function programLine(line: number): number | null {
  const segment = decode(map.mappings)[line - 1]?.[0];
  return segment?.[2] === undefined ? null : segment[2] + 1;
}

/** Whatever is asked of it, it gives itself. */
const anything: object = new Proxy(() => {}, { get: () => anything, apply: () => anything });

describe('generated code', () => {
  it('quotes the rules that it is made for', () => {
    const at = lines.indexOf('// a b.bloom:3');
    expect(lines.slice(at, at + 4)).toEqual([
      '// a b.bloom:3',
      '//   path(x, y) :-',
      '//     edge(x, y)',
      '// path#1',
    ]);
  });

  it('is mapped line by line to its rules', () => {
    expect(map).toMatchObject({ version: 3, sources: ['a b.bloom'], sourcesContent: [text] });
    expect(decode(map.mappings)).toHaveLength(lines.length - 1);
    const found = lines.flatMap((line, i) =>
      line.startsWith('function ') ? [[/_(\w+)\(/.exec(line)![1], programLine(i + 1)]] : [],
    );
    expect(found).toEqual([
      ['path_1', 3],
      ['reach', 5],
      ['reach', 5],
      ['kept_1', 7],
      // The recursion of path by its pivot.
      ['path', 5],
    ]);
    expect(programLine(1)).toBeNull();
  });

  it('names the rule in a stack trace', () => {
    const failing: object = new Proxy(
      {
        targetOf: () => {
          throw new Error('thrown inside');
        },
      },
      { get: (own, name) => Reflect.get(own, name) ?? anything },
    );
    const unit = linkUnit(code.source, failing, code.url);
    const key = Object.keys(unit).find((name) => unit[name]!.name.endsWith('_reach'))!;
    const run = unit[key]!;
    let stack = '';
    try {
      run();
    } catch (error) {
      stack = (error as Error).stack ?? '';
    }
    const frame = /at rule\d+_reach \(trellis\/a_b\.bloom\.js:(\d+):\d+\)/.exec(stack);
    expect(frame, stack).not.toBeNull();
    // The engine of JavaScript puts two lines in front of the body of a function made of text.
    expect(programLine(Number(frame![1]) - 2)).toBe(5);
  });
});
