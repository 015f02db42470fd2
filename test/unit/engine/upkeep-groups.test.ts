/** Bringing aggregates up to date whose groups are computed: they are looked up in a relation of their own. */
import { describe, expect, it } from 'vitest';
import { float, type Row } from '../../../src/base/value.js';
import { makeEvaluatorFactory } from '../../../src/compiler/node-program.js';
import { explainPlan } from '../../../src/plan/explain-plan.js';
import { planProgram } from '../../../src/plan/plan-program.js';
import { compareEvaluators } from '../../support/compare-evaluators.js';
import { compileSound } from '../../support/compile-text.js';
import { programOf } from '../../support/reference-node.js';
import { difference, type Batches } from './upkeep-steps.js';

describe('computed groups', () => {
  const store = `input put(k: int, v: int); input cut(k: int); table kv(k: int => v: int);
    upsert kv(k, v) :- put(k, v); delete kv(k, _) :- cut(k);`;
  const rows = (...keys: readonly number[]): readonly Row[] => keys.map((k) => [k, 100 + k]);

  it('are looked up, not searched for', () => {
    const text = `${store} view n(g: int, half: int, n: int, most: int);
      n(k / 10, v % 2, count<k>, max<v>) :- kv(k, v), v > 3, notin kv(v, _);
      view one(g: int, k: int, n: int); one(k / k, k, count<v>) :- kv(k, v);`;
    const plan = planProgram(programOf(text));
    const made = plan.relations.filter(({ isSupplementary }) => isSupplementary);
    expect(made.map(({ storage }) => storage)).toEqual(['maintained', 'maintained']);
    const steps: Batches[] = [
      { put: rows(1, 2, 3, 11, 12, 25) },
      { put: [[2, 200]] },
      { put: [[200, 7]], cut: [[11]] },
      { put: [[2, 1]], cut: [[200]] },
      { put: rows(31, 32), cut: [[1], [3], [25]] },
      { cut: [[2], [12], [31], [32]] },
    ];
    expect(difference(text, steps)).toBeNull();
  });

  it('are looked up by effects, which fail as they do without', () => {
    const text = `${store} table n(g: int => n: int, most: lmax<int>); table low(g: int => v: lmin<int>);
      upsert n(k / 10, count<v>, max<v>) :- kv(k, v); low(100 / (k - 7), lmin(v))@next :- kv(k, v);
      scratch s(g: int, n: int); s(v % 4, count<k>)@next :- kv(k, v), notin low(k, _);
      delete low(k, _) :- cut(k);`;
    const plan = planProgram(programOf(text));
    const made = plan.relations.filter(({ isSupplementary }) => isSupplementary);
    expect(made.map(({ storage }) => storage)).toEqual(['maintained', 'maintained', 'maintained']);
    const steps: Batches[] = [
      { put: rows(1, 2, 3, 11, 12, 25) },
      { put: [[2, 200]] },
      { put: rows(7) },
      { put: [[200, 7]], cut: [[11]] },
      { put: rows(31, 32), cut: [[1], [3], [25]] },
      { put: rows(7), cut: [[2], [12], [31], [32]] },
      { cut: [[2], [12], [31], [32]] },
    ];
    expect(difference(text, steps)).toBeNull();
  });

  it('of joins and of alternatives are looked up, too', () => {
    const text = `${store} input tie(a: int, b: int); input untie(a: int, b: int);
      table tied(a: int, b: int); tied(a, b)@next :- tie(a, b); delete tied(a, b) :- untie(a, b);
      view n(g: int, n: int); n((a + v) / 10, count<k>) :- tied(a, k), kv(k, v);
      view m(g: int, most: int); m(a % 3, max<b>) :- tied(a, b), notin kv(a, _) | kv(a, b) | tied(b, c), kv(c, a);
      table low(g: int => v: lmin<int>); low(100 / (a - 7), lmin(v)) :- tied(a, k), kv(k, v);
      view made(g: int, n: int); made(__1 / 10, count<*>) :- kv(__1, _), tied(__1, _);
      table top(g: int => n: int); upsert top(a / v, count<k>) :- tied(a, k), kv(k, v);`;
    const plan = planProgram(programOf(text));
    const made = plan.relations.filter(({ isSupplementary }) => isSupplementary);
    expect(made.map(({ storage }) => storage)).toEqual(
      Array.from({ length: 3 }, () => 'maintained'),
    );
    const steps: Batches[] = [
      {
        put: rows(1, 2, 3, 11, 12, 25),
        tie: [
          [1, 2],
          [3, 2],
          [3, 11],
        ],
      },
      {
        tie: [
          [8, 1],
          [9, 25],
        ],
      },
      { put: [[2, 200]], untie: [[3, 2]] },
      {
        put: [[200, 7]],
        cut: [[11]],
        tie: [
          [5, 200],
          [2, 200],
        ],
      },
      {},
      { put: [[3, 0]], tie: [[4, 3]] },
      { cut: [[3]] },
      { tie: [[7, 1]] },
      { untie: [[7, 1]], put: [[2, 1]], cut: [[200]] },
      {
        untie: [
          [1, 2],
          [3, 11],
          [8, 1],
        ],
        cut: [[1]],
      },
    ];
    expect(difference(text, steps)).toBeNull();
    for (let bound = 1; bound < 40; bound += 3)
      expect(
        compareEvaluators(
          programOf(text),
          steps.map((events) => ({ events })),
          bound,
        ),
      ).toBeNull();
  });

  it('are searched for where a variable has a type in each body', () => {
    const text = `${store} input say(k: any, v: int); table said(k: any, v: int); said(k, v) :- say(k, v);
      view n(g: int, n: int); n(v / 10, count<k>) :- kv(k, v) | said(k, v);`;
    expect(planProgram(programOf(text)).relations.some((each) => each.isSupplementary)).toBe(false);
    const steps: Batches[] = [
      {
        put: rows(1, 2),
        say: [
          ['a', 102],
          [1, 101],
        ],
      },
      { cut: [[1], [2]] },
    ];
    expect(difference(text, steps)).toBeNull();
  });

  it('fail as a group that is not computed beforehand does', () => {
    const text = `${store} view n(g: int, n: int); n(100 / k, count<v>) :- kv(k, v), v > 3;`;
    const steps: Batches[] = [{ put: rows(1, 2, 3, 50) }, { put: [[0, 3]] }, { put: [[0, 4]] }];
    expect(difference(text, [...steps, { put: [[3, 9]] }])).toBeNull();
  });

  it('count once against the bound', () => {
    const text = `${store} view n(g: int, n: int); n(k / 10, count<v>) :- kv(k, v);`;
    const steps = [{ events: { put: rows(1, 2, 3, 4, 5, 6, 7, 8) } }, { events: {} }];
    for (let bound = 1; bound < 24; bound++) {
      const more = [...steps, { events: { put: rows(9, 10, 11) } }, { events: { cut: [[3]] } }];
      expect(compareEvaluators(programOf(text), more, bound)).toBeNull();
    }
  });
});

describe('large groups', () => {
  const store = `input put(k: int, v: int); input cut(k: int); table kv(k: int => v: int);
    upsert kv(k, v) :- put(k, v); delete kv(k, _) :- cut(k);`;
  const totals = 'n: int, s: int, lo: int, hi: int';
  const values = 'count<k>, sum<v>, min<v>, max<v>';

  it('follow what comes and goes, down to nothing and up again', () => {
    const text = `${store} view all(${totals}); all(${values}) :- kv(k, v);
      view some(g: int, ${totals}); some(k % 2, ${values}) :- kv(k, v), v > 1; some(g, n, n, n, n) :- kv(g, n), n > 90;
      scratch odd(k: int, v: int); odd(k, v) :- kv(k, v), notin kv(v, _); output of_odd(${totals}); of_odd(${values}) :- odd(k, v);`;
    const steps: Batches[] = [
      { put: Array.from({ length: 12 }, (_, k) => [k, k * 3]) },
      { put: [[3, 50]] },
      { put: [[3, -7]], cut: [[4]] },
      { cut: [[11]] },
      { put: [[0, 95]], cut: [[3]] },
      { put: [[0, 5]] },
      { cut: Array.from({ length: 12 }, (_, k) => [k]) },
      { put: [[1, 1]] },
      { put: [[2, 2]], cut: [[1]] },
      { put: [[5, 4]] },
    ];
    expect(difference(text, steps)).toBeNull();
  });

  it('are what they were where a timestep fails, and fail where they leave the ints', () => {
    const text = `${store} input by(x: int); output q(x: int); q(10 / x) :- by(x);
      view all(${totals}); all(${values}) :- kv(k, v); view half(x: int); half(s / 2) :- all(_, s, _, _);`;
    const most = Number.MAX_SAFE_INTEGER;
    const steps: Batches[] = [
      { put: Array.from({ length: 8 }, (_, k) => [k, k]) },
      { put: [[1, 100]] },
      { put: [[2, 200]], by: [[0]] },
      { put: [[2, 300]] },
      { put: [[3, most]] },
      { put: [[3, most - 400]] },
      { put: [[4, 5]] },
      { put: [[3, -most]] },
      {
        put: [
          [3, 0],
          [1, -most],
        ],
      },
      { put: [[1, 1]], cut: [[2]] },
    ];
    expect(difference(text, steps)).toBeNull();
  });

  it('are what they were where a timestep fails that has followed them', () => {
    const text = `${store} input by(x: int); view all(${totals}); all(${values}) :- kv(k, v);
      output q(x: int); q(10 / x) :- by(x), all(_, _, _, _);`;
    const steps: Batches[] = [
      { put: Array.from({ length: 8 }, (_, k) => [k, k]) },
      {},
      { put: [[1, 100]] },
      { by: [[0]] },
      { put: [[2, 50]] },
      { by: [[0]], put: [[2, 60]] },
      { by: [[1]] },
    ];
    const batches = steps.map((events) => ({ events }));
    expect(compareEvaluators(programOf(text), batches)).toBeNull();
  });

  it('are known anew where so many change that all are derived anew', () => {
    const text = `${store} view by(g: int, ${totals}); by(k % 50, ${values}) :- kv(k, v);`;
    const all = (add: number): readonly Row[] =>
      Array.from({ length: 150 }, (_, k) => [k, k + add]);
    const steps: Batches[] = [
      { put: all(0) },
      { put: [[1, 100]] },
      { put: all(7) },
      { put: [[1, 90]] },
      { put: [[51, 3]], cut: [[2]] },
    ];
    expect(difference(text, steps)).toBeNull();
  });

  it('are computed where bindings have more than one source', () => {
    const text = `${store} view a(n: int, s: int); a(count<k>, sum<v>) :- kv(k, v) | k = 3, v = 4;
      view b(n: int, s: int); b(count<k>, sum<v>) :- k in [1, 2], v = 7 | kv(k, v);
      view c(n: int, s: int); c(count<k>, sum<v>) :- kv(k, v) | kv(v, k);`;
    const steps: Batches[] = [
      { put: Array.from({ length: 5 }, (_, k) => [k, k + 1]) },
      { put: [[1, 7]] },
      { cut: [[3], [1]] },
      { put: [[3, 4]] },
    ];
    expect(difference(text, steps)).toBeNull();
    expect(explainPlan(planProgram(programOf(text)))).not.toContain('follow');
  });

  it('are of floats, strings and mixed values as well', () => {
    const text = `input put(k: int, v: any); input cut(k: int); input measure(k: int, f: float); table kv(k: int => v: any); table m(k: int => f: float);
      upsert kv(k, v) :- put(k, v); delete kv(k, _) :- cut(k); upsert m(k, f) :- measure(k, f);
      view ends(n: int, lo: any, hi: any); ends(count<*>, min<v>, max<v>) :- kv(k, v);
      view sums(n: int, s: float, lo: float); sums(count<k>, sum<f>, min<f>) :- m(k, f);`;
    const steps: Batches[] = [
      {
        put: [
          [1, 'a'],
          [2, 5],
          [3, float(2)],
          [4, null],
        ],
        measure: [
          [1, float(0.1)],
          [2, float(0.2)],
          [3, float(1e300)],
        ],
      },
      { put: [[1, 'b']], measure: [[3, float(-1e300)]] },
      { put: [[4, 'z']], measure: [[3, float(0.3)]] },
      { put: [[5, true]], cut: [[3]], measure: [[4, float(Number.NaN)]] },
      { cut: [[5], [1]], measure: [[4, float(1)]] },
    ];
    expect(difference(text, steps)).toBeNull();
  });

  it('cost what changes', () => {
    const text = `${store} view all(${totals}); all(${values}) :- kv(k, v);`;
    const choice = { kind: 'engine', profileMs: () => 0 } as const;
    const factory = makeEvaluatorFactory(compileSound(text), { maxTuples: 1e6 }, choice);
    const rows = Array.from({ length: 5000 }, (_, k) => [k, 10 + k]);
    const node = factory({ name: 'n1', cluster: ['n1'], facts: [{ relation: 'kv', rows }] });
    const derivations = (): number =>
      node.statistics!().profile!.versions.reduce((sum, each) => sum + each.derivations, 0);
    const run = (...put: readonly Row[]): void => {
      const events = [{ relation: 'put', rows: put }];
      const boot = node.query('kv').length === 0 ? { first: true } : null;
      expect(node.timestep({ events, nextTuples: [], nowMs: 0, boot }).kind).toBe('commit');
    };
    run();
    run([1, 20]);
    run([2, 30]);
    const before = derivations();
    for (let k = 3; k < 103; k++) run([k, k * 40]);
    // The greatest makes way for a greater one.
    for (let v = 6000; v < 6020; v++) run([4999, v]);
    run();
    expect(derivations() - before).toBeLessThan(1000);
    expect(node.query('all')).toEqual([[5000, expect.any(Number), 10, 6019]]);
    const groups = node.statistics!().profile!.versions.find(({ part }) => part === 'groups')!;
    expect(groups.inserts).toBeGreaterThan(100);
  });
});
