import { describe, expect, it } from 'vitest';

import { list, map, set, tuple, type Value } from '../../../src/base/value.js';
import { bindFunctions, type ScriptFunction } from '../../../src/compiler/bind-functions.js';
import { compileSource, defaultCompileOptions } from '../../../src/compiler/compile-source.js';
import { memoryLoader } from '../../../src/compiler/source-loader.js';
import { programToModule } from '../../../src/semantics/program-to-module.js';
import { readSignature } from '../../../src/semantics/read-signature.js';
import { printModule } from '../../../src/syntax/print.js';

const script = `// export function ghost(x: number): number
export function twice(x: number): number { return x * 2; }
export const name = "export function text() {";
export function glue(parts: readonly string[], by = ","): string { return parts.join(by); }
export async function later(x: number): Promise<number> { return x; }
export const arrow = (x: number): number => x + 1;
export const typed: (x: number) => number = (x) => x + 1;
export const bare = x => x;
export const written = function inside(x: string): string { return x; };
export const soon = async (x: number) => x;
export const made = twice;
export const eight = 8;
export let first = (x: number) => x, second = (y: number) => y;
function hidden(x: boolean): boolean { return !x; }
const alsoHidden = <T extends number>(x: T): number => x;
type Shape = string;
export { hidden, alsoHidden as shown, type Shape };
export { far } from "./far";
export function* many(x: number): Generator<number> { yield x; }
export function all(...xs: readonly number[]): number { return xs.length; }
export function maybe(x: number): number | undefined { return x > 0 ? x : undefined; }
export function nothing(x: number): void {}
export function either(x: number | string): number | string { return x; }
`;

function compile(text: string) {
  const files = new Map([['f.ts', script]]);
  return compileSource({ path: 'test.bloom', text }, defaultCompileOptions, memoryLoader(files));
}
const errors = (text: string): readonly string[] =>
  compile(text)
    .diagnostics.filter((d) => d.severity === 'error')
    .map(({ code, primary }) => {
      const { file, start, end } = primary!.span;
      return `${code} ${file.text.slice(start, end)}`;
    });

const rest = `input n(x: int);
output m(x: int);
`;

describe('declarations', () => {
  it('agree with the file, which is read and not run', () => {
    expect(
      errors(`extern function twice(x: int): int from "./f.ts" monotone;
extern function glue(parts: list<string>): string from "./f.ts";
${rest}m(twice(x)) :- n(x), size(glue(["a"])) > 0;`),
    ).toEqual([]);
  });

  it.each([
    ['extern function ghost(x: int): int from "./f.ts";', 'TRL0250 ghost'],
    ['extern function text(): int from "./f.ts";', 'TRL0250 text'],
    ['extern function twice(x: int, y: int): int from "./f.ts";', 'TRL0251 twice'],
    ['extern function twice(x: string): int from "./f.ts";', 'TRL0251 string'],
    ['extern function twice(x: int): bool from "./f.ts";', 'TRL0251 bool'],
    ['extern function later(x: int): int from "./f.ts";', 'TRL0251 int'],
    ['extern function arrow(x: string): int from "./f.ts";', 'TRL0251 string'],
    ['extern function arrow(x: int): string from "./f.ts";', 'TRL0251 string'],
    ['extern function arrow(x: int, y: int): int from "./f.ts";', 'TRL0251 arrow'],
    ['extern function typed(x: string): int from "./f.ts";', 'TRL0251 string'],
    ['extern function typed(x: int): bool from "./f.ts";', 'TRL0251 bool'],
    ['extern function bare(x: int, y: int): int from "./f.ts";', 'TRL0251 bare'],
    ['extern function written(x: int): string from "./f.ts";', 'TRL0251 int'],
    ['extern function soon(x: int): bool from "./f.ts";', 'TRL0251 bool'],
    ['extern function eight(x: int): int from "./f.ts";', 'TRL0250 eight'],
    ['extern function hidden(x: int): bool from "./f.ts";', 'TRL0251 int'],
    ['extern function shown(x: int): bool from "./f.ts";', 'TRL0251 bool'],
    ['extern function alsoHidden(x: int): int from "./f.ts";', 'TRL0250 alsoHidden'],
    ['extern function Shape(x: int): int from "./f.ts";', 'TRL0250 Shape'],
    ['extern function many(x: int): any from "./f.ts";', 'TRL0251 any'],
    ['extern function all(x: list<int>): int from "./f.ts";', 'TRL0251 list<int>'],
    ['extern function all(x: int, y: string): int from "./f.ts";', 'TRL0251 string'],
    ['extern function maybe(x: int): int from "./f.ts";', 'TRL0251 int'],
    ['extern function nothing(x: int): any from "./f.ts";', 'TRL0251 any'],
    ['extern function either(x: int): int from "./f.ts";', 'TRL0251 int'],
    ['extern function either(x: bool): any from "./f.ts";', 'TRL0251 bool'],
    [
      'extern function twice(x: int): int from "./f.ts" monotone injective monotone;',
      'TRL0255 monotone',
    ],
    ['extern function twice(x: int): int from "./f.ts" monotone antitone;', 'TRL0255 antitone'],
    ['extern function n(x: int): int from "./f.ts";', 'TRL0252 n'],
    ['extern function size(x: int): int from "./f.ts";', 'TRL0252 size'],
    ['extern function twice(x: lmax<int>): int from "./f.ts";', 'TRL0253 lmax<int>'],
    ['extern function twice(x: int): int from "./g.ts";', 'TRL0227 "./g.ts"'],
  ])('%s', (declaration, error) => {
    expect(errors(`${declaration}\n${rest}m(x) :- n(x);`)).toEqual([error]);
  });

  it.each([
    'arrow(x: int): int',
    'typed(x: int): int',
    'bare(x: int): bool',
    'written(x: string): string',
    'made(x: int): int',
    'second(x: int): int',
    'hidden(x: bool): bool',
    'shown(x: int): int',
    'far(x: int): int',
    'all(x: int, y: nat): int',
    'all(): int',
    'either(x: int): any',
    'twice(x: int): int',
  ])('are found in the forms of TypeScript: %s', (signature) => {
    const declaration = `extern function ${signature} from "./f.ts";`;
    expect(errors(`${declaration}\n${rest}m(x) :- n(x);`)).toEqual([]);
  });

  it.each([
    ['m(twice(x, 1)) :- n(x);', 'TRL0254 twice(x, 1)'],
    ['m(twice("a")) :- n(_);', 'TRL0254 "a"'],
  ])('are what calls fit: %s', (rule, error) => {
    const found = errors(`extern function twice(x: int): int from "./f.ts";\n${rest}${rule}`);
    expect(found).toEqual([error]);
  });

  it('print, and what is printed compiles to the same', () => {
    const text = `extern function twice(x: int): int from "./f.ts" injective monotone;\n${rest}m(twice(x)) :- n(x);`;
    const printed = printModule(programToModule(compile(text).compiled!.program));
    expect(printed).toContain(
      'extern function twice(x: int): int from "./f.ts" injective monotone;',
    );
    expect(printModule(programToModule(compile(printed).compiled!.program))).toBe(printed);
  });
});

it('a function that promises nothing is as bad as any to the analysis', () => {
  const verdict = (properties: string): string => {
    const text = `extern function twice(x: int): int from "./f.ts"${properties};
input n(x: int);
output m(x: int);
m(y) :- n(x), y = twice(x);`;
    return compile(text).compiled!.confluence.observables[0]!.blame[0]?.reason ?? 'none';
  };
  expect(verdict('')).toBe('calls-opaque-function');
  expect(verdict(' injective')).not.toBe('calls-opaque-function');
});

describe('signatures', () => {
  it('are found behind comments, strings and brackets', () => {
    const text =
      'export function f(a: Map<string, (x: number) => void>, { b } = { b: 1 }, ...c: number[]): { d: number } {';
    expect(readSignature(text, 'f')).toEqual({
      parameters: [
        { type: 'Map<string, (x: number) => void>', isOptional: false, isRest: false },
        { type: null, isOptional: true, isRest: false },
        { type: 'number[]', isOptional: true, isRest: true },
      ],
      result: '{ d: number }',
      isAsync: false,
      isGenerator: false,
    });
  });
});

describe('calls', () => {
  const call = (types: string, implementation: ScriptFunction, ...values: Value[]): Value => {
    const text = `extern function f${types} from "./h.ts";\nn(1);`;
    const files = new Map([['h.ts', 'export function f(x) { }']]);
    const { compiled, diagnostics } = compileSource(
      { path: 'test.bloom', text },
      defaultCompileOptions,
      memoryLoader(files),
    );
    if (compiled === null) throw new Error(diagnostics.map((d) => d.message).join('\n'));
    return bindFunctions(compiled.program, new Map([['f', implementation]])).get('f')!(...values);
  };

  it('turn values into what TypeScript knows, and back', () => {
    const same = (x: unknown): unknown => x;
    expect(call('(x: list<int>): list<int>', same, list([1, 2]))).toEqual(list([1, 2]));
    expect(call('(x: set<string>): set<string>', same, set(['a']))).toEqual(set(['a']));
    expect(call('(x: map<int, bool>): map<int, bool>', same, map([[1, true]]))).toEqual(
      map([[1, true]]),
    );
    expect(call('(x: (int, string)): (int, string)', same, tuple([1, 'a']))).toEqual(
      tuple([1, 'a']),
    );
    expect(call('(x: any): any', same, null)).toBe(null);
    expect(call('(x: int): int', () => -0, 1)).toBe(0);
  });

  it.each([
    ['undefined', () => undefined],
    ['1.5', () => 1.5],
    ['a Promise', () => Promise.reject(new Error('late'))],
    ['"1"', () => '1'],
    ['9007199254740992', () => 2 ** 53],
  ])('refuse %s for an int', (shown, implementation) => {
    expect(() => call('(x: int): int', implementation, 1)).toThrow(
      expect.objectContaining({
        code: 'TRL0811',
        message: expect.stringContaining(`gave ${shown}`),
      }),
    );
  });

  it('throw what their results throw while they are read', () => {
    const broken = (target: object): unknown =>
      new Proxy(target, {
        get: () => {
          throw new RangeError('not yet');
        },
      });
    for (const target of [[1], new Map(), {}])
      expect(() => call('(x: int): any', () => broken(target), 7)).toThrow(
        expect.objectContaining({ code: 'TRL0810', message: '`f(7)` threw RangeError: not yet' }),
      );
  });

  const deep = (levels: number): unknown => {
    let value: unknown = [];
    for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : new Set([value]);
    return value;
  };
  const itself: unknown[] = [];
  itself.push(itself);
  const shared = (): unknown => {
    let value: unknown = [];
    for (let i = 0; i < 90; i++) value = [value, value];
    return value;
  };
  it.each([
    ['an array that contains itself', () => itself],
    ['a Map that contains itself', () => new Map([[1, itself]])],
    ['a Set that contains itself or nests deeper than values may (64)', () => deep(100_000)],
    ['an array that contains itself or nests deeper than values may (64)', () => [deep(71)]],
    ['an array that contains itself or nests deeper than values may (64)', shared],
  ])('say of what has no end: %s', (shown, implementation) => {
    expect(() => call('(x: int): any', implementation, 1)).toThrow(
      expect.objectContaining({
        code: 'TRL0811',
        message: expect.stringContaining(`gave ${shown}`),
      }),
    );
  });

  it('tell what was thrown', () => {
    const implementation = (): never => {
      throw new RangeError('too far');
    };
    expect(() => call('(x: int): int', implementation, 7)).toThrow(
      expect.objectContaining({ code: 'TRL0810', message: '`f(7)` threw RangeError: too far' }),
    );
  });
});
