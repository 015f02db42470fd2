/** Bringing aggregates up to date whose groups are computed: they are looked up in a relation of their own. */
import { describe, expect, it } from 'vitest';
import type { Row } from '../../../src/base/value.js';
import { planProgram } from '../../../src/plan/plan-program.js';
import { compareEvaluators } from '../../support/compare-evaluators.js';
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
