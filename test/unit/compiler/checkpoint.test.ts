/** Both evaluators ask the host whether a timestep may go on, and stop alike when it may not. */
import { describe, expect, it } from 'vitest';
import { evaluatorKinds, makeEvaluatorFactory } from '../../../src/compiler/node-program.js';
import type { Evaluator } from '../../../src/evaluator/evaluator.js';
import { compileSound } from '../../support/compile-text.js';

const text = `table kept(x: int); kept(-1); input go(x: int); scratch n(x: int); view all(x: int);
  n(x) :- go(x); n(x + 1) :- n(x), x < 200000; all(x) :- n(x), x < 3; kept(x)@next :- go(x);`;

function step(evaluator: Evaluator, rows: readonly (readonly number[])[], first = false) {
  const events = rows.length === 0 ? [] : [{ relation: 'go', rows }];
  return evaluator.timestep({ events, nextTuples: [], nowMs: 0, boot: first ? { first } : null });
}

describe.each(evaluatorKinds)('the %s', (kind) => {
  it('stops a timestep when the host says so, and leaves the state as it was', () => {
    const asked: number[] = [];
    const bounds = {
      maxTuples: 1_000_000,
      checkpoint: (inserted: number) => {
        asked.push(inserted);
        return inserted > 100_000 ? 'the host has had enough' : null;
      },
    };
    const factory = makeEvaluatorFactory(compileSound(text), bounds, { kind });
    const evaluator = factory({ name: 'n1', cluster: ['n1'], facts: [] });
    expect(step(evaluator, [], true).kind).toBe('commit');
    const stopped = step(evaluator, [[0]]);
    expect(stopped).toMatchObject({ kind: 'failure', bound: true, isOfHost: true });
    if (stopped.kind === 'commit') return;
    expect(stopped.diagnostic).toMatchObject({ code: 'TRL0808' });
    expect(stopped.diagnostic.message).toMatch(
      /^the host has had enough: n grew by 1\d{5}, to 1\d{5} tuples$/,
    );
    expect(evaluator.query('kept')).toEqual([[-1]]);
    expect(evaluator.query('all')).toEqual([]);
    expect(asked.length).toBeGreaterThan(10);
    expect([...asked].sort((a, b) => a - b)).toEqual(asked);
    expect(step(evaluator, [[199_000]]).kind).toBe('commit');
    expect(evaluator.query('kept')).toEqual([[-1], [199_000]]);
  });
});

/** Nothing is inserted here but by the rules that give the loops something to walk. */
const fruitless: readonly (readonly [string, string])[] = [
  ['pairs', 'scratch q(x: int, y: int); q(x, y) :- a(x), b(y), a(z), x == y, y < z, z < 0;'],
  ['triples', 'scratch q(x: int, y: int, z: int); q(x, y, z) :- a(x), b(y), a(z), x + y + z < 0;'],
  ['an aggregate', 'scratch q(n: int); q(count<*>) :- a(x), b(y), a(z), x + y + z < 0;'],
  ['members', 'scratch q(x: int); q(x) :- x in range(0, 3000), y in range(0, 3000), x + y < 0;'],
  ['tables', 'table q(x: int, y: int); q(x, y) :- a(x), b(y), a(z), x == y, y < z, z < 0;'],
  ['an effect', 'upsert t(x, y, y) :- a(x), b(y), a(z), x + y + z < 0;'],
];

describe.each(evaluatorKinds)('the %s', (kind) => {
  it.each(fruitless)('asks the host in a loop that inserts nothing: %s', (_, rule) => {
    const base = `input go(); scratch a(x: int); scratch b(x: int); table t(x: int => y: int, z: int);
      a(x) :- go(), x in range(0, 3000); b(x) :- a(x); view all(x: int); all(x) :- a(x), x < 0;`;
    let asked = 0;
    const checkpoint = (): string | null => (++asked > 6 ? 'the host has had enough' : null);
    const bounds = { maxTuples: 1_000_000, checkpoint };
    const factory = makeEvaluatorFactory(compileSound(base + rule), bounds, { kind });
    const evaluator = factory({ name: 'n1', cluster: ['n1'], facts: [] });
    const events = [{ relation: 'go', rows: [[]] }];
    const stopped = evaluator.timestep({ events, nextTuples: [], nowMs: 0, boot: { first: true } });
    expect(stopped).toMatchObject({ kind: 'failure', isOfHost: true });
    if (stopped.kind === 'failure' && kind === 'engine')
      expect(stopped.diagnostic.secondary).toMatchObject([
        { text: 'this rule was being evaluated' },
      ]);
    expect(evaluator.query('a')).toEqual([]);
  });
});

it('names the relation of the program that a join made beforehand is for', () => {
  const joined = `input go(); scratch e(x: int, y: int); e(0, x) :- go(), x in range(1, 2000);
    scratch p(x: int, y: int); p(x, y) :- e(x, y); p(x, y) :- p(z, x), e(z, w), p(w, y);`;
  let asked = 0;
  const checkpoint = (): string | null => (++asked > 6 ? 'the host has had enough' : null);
  const factory = makeEvaluatorFactory(compileSound(joined), { maxTuples: 1e6, checkpoint });
  const evaluator = factory({ name: 'n1', cluster: ['n1'], facts: [] });
  const events = [{ relation: 'go', rows: [[]] }];
  const stopped = evaluator.timestep({ events, nextTuples: [], nowMs: 0, boot: { first: true } });
  if (stopped.kind === 'commit') throw new Error('it was to be stopped');
  const { message, primary } = stopped.diagnostic;
  expect(message).toMatch(/^the host has had enough: what rules of p join grew by \d{6,}, to/);
  expect(joined.slice(primary?.span.start).startsWith('p(x: int, y: int)')).toBe(true);
});
