/** Functions from TypeScript in generated code: what they give, and how they fail. */
import { expect, it } from 'vitest';
import type { Program } from '../../../src/semantics/program.js';
import type { ScriptFunction } from '../../../src/compiler/bind-functions.js';
import { compileSource, defaultCompileOptions } from '../../../src/compiler/compile-source.js';
import { makeEvaluatorFactory } from '../../../src/compiler/node-program.js';
import { memoryLoader } from '../../../src/compiler/source-loader.js';
import type { CompiledProgram } from '../../../src/compiler/compile-source.js';
import { compareEvaluators, type ComparedStep } from '../../support/compare-evaluators.js';

const text = `extern function f(x: int): int from "./f.ts";
extern function name(x: int, s: string): list<string> from "./f.ts";
input n(x: int);
static limit(x: int);
limit(5);
table seen(x: int);
seen(f(x)) :- n(x), limit(l), x < l;
seen(y) :- seen(x), y = f(x), y < 40;
output named(x: int, parts: list<string>);
named(x, name(x, "a")) :- seen(x), f(x) > 4;
output sum_of(s: int);
sum_of(sum<f(x)>) :- n(x), f(x) != 3;
`;
const script = `export function f(x) {}
export function name(x, s) {}
`;

function compiled(): CompiledProgram {
  const result = compileSource(
    { path: 'test.bloom', text },
    defaultCompileOptions,
    memoryLoader(new Map([['f.ts', script]])),
  );
  if (result.compiled === null)
    throw new Error(result.diagnostics.map(({ message }) => message).join('\n'));
  return result.compiled;
}

const program: Program = compiled().coordinated;
const doubling = new Map<string, ScriptFunction>([
  ['f', (x) => 2 * (x as number)],
  ['name', (x, s) => [String(x), s]],
]);
const events = (...rows: readonly number[]): ComparedStep => ({
  events: { n: rows.map((x) => [x]) },
});

it('give what they give under the reference evaluator', () => {
  const steps = [events(1, 2), events(3), events(), events(-1, 4, 9)];
  expect(compareEvaluators(program, steps, 1000, doubling)).toBeNull();
});

it.each<[string, ScriptFunction]>([
  [
    'throws for some arguments',
    (x) => {
      if (x === 4 || x === 2) throw new RangeError(`not ${String(x)}`);
      return 2 * (x as number);
    },
  ],
  ['gives what it does not promise', (x) => (x === 3 ? 'three' : 2 * (x as number))],
  ['gives a promise', async (x) => x],
  ['gives numbers that are no ints', (x) => (x as number) / 2],
])('fail the timestep alike if one %s', (_, f) => {
  const functions = new Map([...doubling, ['f', f] as const]);
  const steps = [events(8), events(1, 2, 3), events(4, 3), events(2), events(7, 1)];
  expect(compareEvaluators(program, steps, 1000, functions)).toBeNull();
});

it('that break their contract and fail only now and then fail the timestep all the same', () => {
  let calls = 0;
  const implementations = new Map<string, ScriptFunction>([
    ...doubling,
    [
      'f',
      () => {
        if (calls++ === 0) throw new Error('once');
        return 1;
      },
    ],
  ]);
  const factory = makeEvaluatorFactory(
    compiled(),
    { maxTuples: 1000 },
    { kind: 'engine', implementations },
  );
  const evaluator = factory({ name: 'n1', cluster: ['n1'], facts: [] });
  const input = {
    events: [{ relation: 'n', rows: [[1]] }],
    nextTuples: [],
    nowMs: 0,
    boot: { first: true },
  };
  const result = evaluator.timestep(input);
  expect(result.kind === 'failure' ? result.diagnostic.message : '').toContain('once');
  expect(evaluator.timestep(input).kind).toBe('commit');
});
