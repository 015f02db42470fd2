/**
 * What the engine adds to being equal to the reference evaluator: timesteps cost what they reach,
 * failures leave nothing behind, values that are no longer used are freed.
 */
import { describe, expect, it } from 'vitest';
import type { Row } from '../../../src/base/value.js';
import { makeEngineProgram } from '../../../src/compiler/node-program.js';
import { Arena } from '../../../src/engine/arena.js';
import { createEngineEvaluator } from '../../../src/engine/engine-evaluator.js';
import { StorageLimitError } from '../../../src/engine/storage-limit.js';
import type { Commit, Evaluator, Failure } from '../../../src/evaluator/evaluator.js';
import { programOf } from '../../support/reference-node.js';

function start(text: string, maxTuples = 100_000, checks = true): Evaluator {
  const program = makeEngineProgram(programOf(text));
  return createEngineEvaluator(
    program,
    { name: 'n1', cluster: ['n1'], facts: [] },
    { maxTuples },
    { checks },
  );
}

let nowMs = 0;

function step(
  evaluator: Evaluator,
  events: Readonly<Record<string, readonly Row[]>>,
): Commit | Failure {
  const batches = Object.entries(events).map(([relation, rows]) => ({ relation, rows }));
  nowMs += 1;
  return evaluator.timestep({
    events: batches,
    nextTuples: [],
    nowMs,
    boot: nowMs === 1 ? { first: true } : null,
  });
}

describe('a timestep that fails', () => {
  const text = `input put(k: int, v: int); table kv(k: int => v: int); table seen(k: int);
    view inverse(k: int, v: int); upsert kv(k, v) :- put(k, v); seen(k) :- put(k, _);
    inverse(k, 100 / v) :- kv(k, v);`;

  it('leaves tables, views and what is to be compared as they were', () => {
    const evaluator = start(text);
    expect(step(evaluator, { put: [[1, 10]] }).kind).toBe('commit');
    expect(step(evaluator, { put: [[2, 0]] }).kind).toBe('commit');
    const before = ['kv', 'seen', 'inverse'].map((name) => evaluator.query(name));
    const failure = step(evaluator, { put: [[3, 1]] });
    expect(failure).toMatchObject({
      kind: 'failure',
      bound: false,
      diagnostic: { code: 'TRL0801' },
    });
    expect(['kv', 'seen', 'inverse'].map((name) => evaluator.query(name))).toEqual(before);
  });

  it('tells which of two tuples share a key at the commit, and stores neither', () => {
    const evaluator = start(text);
    const failure = step(evaluator, {
      put: [
        [1, 2],
        [1, 3],
      ],
    });
    expect(failure).toMatchObject({ kind: 'failure', diagnostic: { code: 'TRL0807' } });
    expect(evaluator.query('kv')).toEqual([]);
    expect(evaluator.query('seen')).toEqual([]);
  });

  it('leaves no key without values where memory has run out', () => {
    const evaluator = start(`input put(k: int, v: int, n: int); table kv(k: int, v: int);
      kv(k, v) :- put(k, v, _); input ask(k: int); output free(k: int); free(k) :- ask(k), notin kv(k, _);`);
    step(evaluator, { put: [[1, 10, 0]] });
    const { allocate } = Arena.prototype;
    Arena.prototype.allocate = () => {
      throw new StorageLimitError('there is no memory');
    };
    try {
      const failure = step(evaluator, { put: [[2, 20, 0]] });
      expect(failure).toMatchObject({ kind: 'failure', bound: true });
    } finally {
      Arena.prototype.allocate = allocate;
    }
    expect(evaluator.query('kv')).toEqual([[1, 10]]);
    expect(step(evaluator, { ask: [[1], [2]] })).toMatchObject({
      released: [{ relation: 'free', rows: [[2]] }],
    });
  });

  it('takes back what its last round has derived', () => {
    const evaluator = start(
      'input i(x: int); table h(x: int); view v(x: int); h(x) :- i(x), 6 / x > 0; v(x) :- h(x);',
    );
    expect(step(evaluator, { i: [[3], [0]] }).kind).toBe('failure');
    expect(evaluator.query('h')).toEqual([]);
    expect(step(evaluator, {})).toMatchObject({ kind: 'commit', stateChanged: false });
  });

  it('stops a recursion at its bound', () => {
    const evaluator = start(
      'input i(x: int); view n(x: int); n(x) :- i(x); n(x + 1) :- n(x);',
      500,
    );
    expect(step(evaluator, { i: [[0]] })).toMatchObject({
      bound: true,
      diagnostic: { code: 'TRL0808' },
    });
    expect(evaluator.query('n')).toEqual([]);
    expect(step(evaluator, {}).kind).toBe('commit');
  });

  it('names the relation that grew most, and how, also when it does not evaluate again', () => {
    const evaluator = start(
      'input i(x: int); table kept(x: int); kept(7); scratch n(x: int); n(x) :- i(x); n(x + 1) :- n(x), x < 2000000; kept(x) :- n(x), x < 10;',
      1_500_000,
    );
    step(evaluator, {});
    expect(step(evaluator, { i: [[0]] })).toMatchObject({
      diagnostic: {
        message:
          'the timestep went beyond 1500000 new tuples: n grew by 1500000, to 1500000 tuples',
      },
    });
  });

  it('does so however large the bound is', () => {
    const evaluator = start(
      'input i(x: int); scratch n(x: int); view v(x: int); v(x) :- i(x); n(x) :- i(x); n(x + 1) :- n(x), x < 4200000;',
      4_100_000,
    );
    expect(step(evaluator, { i: [[0]] })).toMatchObject({
      bound: true,
      diagnostic: { code: 'TRL0808' },
    });
  });
});

describe('values that grow without end', () => {
  const size = 30;
  const cycle = (length: number): string => {
    const links = Array.from(
      { length: size },
      (_, i) => `link(${i}, ${(i + 1) % size}, ${i === 0 ? length : 1});`,
    );
    return `static link(a: int, b: int, c: int); ${links.join(' ')} input go(); table best(x: int, y: int => d: lmin<int>); best(x, y, c) :- link(x, y, c), go(); best(x, z, d.plus(c)) :- best(x, y, d), link(y, z, c);`;
  };

  // Two million values grow: some seconds, and many on a busy machine.
  it(
    'end a timestep long before as many tuples could have been inserted, and are counted',
    { timeout: 180_000 },
    () => {
      const evaluator = start(cycle(-100), 4_000_000, false);
      step(evaluator, {});
      const failure = step(evaluator, { go: [[]] });
      expect(failure).toMatchObject({
        kind: 'failure',
        bound: true,
        diagnostic: { code: 'TRL0808' },
      });
      const { message } = (failure as Failure).diagnostic;
      const times =
        /^lattice values grew more often than the bound of 4000000 new tuples allows: best grew (\d+) times$/.exec(
          message,
        )?.[1];
      expect(Number(times)).toBeGreaterThan(2 ** 21);
      expect(Number(times)).toBeLessThan(2 ** 21 + (size * size + 1) ** 2);
    },
  );

  it('are not explained at any length where they are joined with each other', () => {
    const text =
      'input go(); lattice top: lmax<int>; top(1) :- go(); top(v + 1) :- top(v), top(w), w.above(0);';
    const evaluator = start(text, 2000, false);
    step(evaluator, {});
    expect(step(evaluator, { go: [[]] })).toMatchObject({
      kind: 'failure',
      bound: true,
      diagnostic: {
        message:
          'lattice values grew more often than the bound of 2000 new tuples allows: top grew 16001 times',
      },
    });
  });

  it('are no matter where each of many grows once for each of the others', () => {
    // The longest paths of a chain, from the end that is looked at last.
    const length = 2600;
    const links = Array.from({ length }, (_, i) => `e(${length - i}, ${length - i - 1});`);
    const evaluator = start(
      `static e(x: int, y: int); ${links.join(' ')} input go(); scratch depth(x: int => n: lmax<int>); output end(n: int); depth(x, 0) :- e(x, _), go(); depth(y, n.plus(1)) :- depth(x, n), e(x, y); end(n) :- depth(0, n);`,
      10_000_000,
      false,
    );
    step(evaluator, {});
    expect(step(evaluator, { go: [[]] })).toMatchObject({
      released: [{ relation: 'end', rows: [[length]] }],
    });
  });

  it('are no matter where they end', () => {
    const evaluator = start(cycle(5), 4_000_000);
    step(evaluator, {});
    expect(step(evaluator, { go: [[]] }).kind).toBe('commit');
  });
});

describe('a rule behind an evaluation that fails', () => {
  it('makes it an error only where everything else holds', () => {
    const evaluator = start(
      'input i(x: int, y: int); static s(x: int); s(1); output o(q: int); o(q) :- i(x, y), q = x / y, s(x);',
    );
    expect(
      step(evaluator, {
        i: [
          [2, 0],
          [1, 1],
        ],
      }),
    ).toMatchObject({ kind: 'commit', released: [{ relation: 'o', rows: [[1]] }] });
    expect(step(evaluator, { i: [[1, 0]] })).toMatchObject({
      kind: 'failure',
      diagnostic: { code: 'TRL0801' },
    });
  });
});

it('goes on from a snapshot', () => {
  const evaluator = start(
    'input i(x: int); table t(x: int); output first(x: int); t(x) :- i(x); first(x) :- t(x);',
  );
  step(evaluator, { i: [[1]] });
  const snapshot = evaluator.snapshot();
  step(evaluator, { i: [[2]] });
  evaluator.restore(snapshot);
  expect(evaluator.query('t')).toEqual([[1]]);
  expect(step(evaluator, { i: [[3]] })).toMatchObject({
    released: [{ relation: 'first', rows: [[3]] }],
  });
});

it('joins across a hundred thousand tuples only where a tuple reaches', () => {
  // Without checks, which look at all that is held after each timestep.
  const evaluator = start(
    'input put(k: int, v: int); table kv(k: int => v: int); table big(x: int, y: int); output o(y: int); upsert kv(k, v) :- put(k, v); big(x, y) :- put(x, y); o(y) :- put(k, _), big(k, y);',
    2_000_000,
    false,
  );
  step(evaluator, { put: Array.from({ length: 100_000 }, (_, i) => [i, i]) });
  step(evaluator, {});
  const microsecondsOf = (run: () => void): number => {
    const before = process.cpuUsage();
    run();
    return process.cpuUsage(before).user;
  };
  const all = microsecondsOf(() => {
    for (let i = 0; i < 200; i++) step(evaluator, { put: [[i, i]] });
  });
  // Reading the whole table once costs more than a timestep that reaches one tuple of it.
  expect(all / 200).toBeLessThan(microsecondsOf(() => void evaluator.query('big')));
});
