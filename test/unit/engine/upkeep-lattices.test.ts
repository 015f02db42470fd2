/**
 * Bringing up to date what has values that merge: a tuple that is lost takes its key with it, which is
 * merged anew; compared with the reference evaluator.
 */
import { describe, expect, it } from 'vitest';
import { planProgram } from '../../../src/plan/plan-program.js';
import { compareEvaluators, type ComparedStep } from '../../support/compare-evaluators.js';
import { programOf } from '../../support/reference-node.js';
import { difference, edges, type Batches } from './upkeep-steps.js';

describe('values that merge', () => {
  const maintained = (text: string, relation: string): boolean => {
    const { strata, slotByName } = planProgram(programOf(text));
    const slot = slotByName.get(relation)!;
    return strata.some((one) => one.relations.includes(slot) && one.isMaintained);
  };

  it('shrink again when what they merged is lost', () => {
    const text = `${edges} view far(x: int => d: lmin<int>); far(x, 0) :- e(x, x);
      far(y, d + 1) :- far(x, d), e(x, y), x != y; view near(x: int); near(x) :- far(x, d), d < 2;`;
    expect(maintained(text, 'far')).toBe(true);
    const steps: Batches[] = [
      {
        put: [
          [0, 0],
          [0, 1],
          [1, 2],
          [2, 3],
          [0, 3],
          [3, 1],
        ],
      },
      { cut: [[0, 3]] },
      { put: [[0, 2]] },
      {
        cut: [
          [0, 2],
          [1, 2],
        ],
      },
      { put: [[1, 2]], cut: [[0, 0]] },
      { put: [[0, 0]] },
    ];
    expect(difference(text, steps)).toBeNull();
  });

  it('are read as they were and as they are', () => {
    const text = `input put(k: int, v: int); input cut(k: int); table top(k: int => v: lmax<int>);
      top(k, lmax(v)) :- put(k, v); delete top(k, _) :- cut(k);
      view shown(k: int, v: int); shown(k, v.reveal()) :- top(k, v);
      view pairs(a: int, b: int, s: int);
      pairs(a, b, v.reveal() + w.reveal()) :- top(a, v), top(b, w), a < b;
      view sums(g: int, s: int); sums(k % 2, sum<v.reveal()>) :- top(k, v);
      view most(g: int => v: lmax<int>); most(k % 2, v) :- top(k, v);
      output over(k: int); over(k) :- top(k, v), v > 4, notin shown(k, 7);`;
    expect(['shown', 'pairs', 'sums', 'most'].every((name) => maintained(text, name))).toBe(true);
    const steps: Batches[] = [
      { put: [1, 2, 3, 4].map((k) => [k, k]) },
      { put: [[1, 7]] },
      {
        put: [
          [1, 3],
          [2, 9],
          [3, 9],
        ],
      },
      { put: [[1, 8]], cut: [[2]] },
      { put: [[2, 1]], cut: [[1], [3]] },
      { cut: [[4], [2]] },
    ];
    expect(difference(text, steps)).toBeNull();
  });

  it('come in and go with events', () => {
    const text = `input hint(k: int, v: int); ${edges}
      scratch best(k: int => v: lmin<int>); best(k, lmin(v)) :- e(k, v); best(k, lmin(v))@next :- hint(k, v);
      view low(k: int, v: int); low(k, v.reveal()) :- best(k, v);`;
    expect(maintained(text, 'best')).toBe(true);
    const put = [1, 2, 3, 4].map((k) => [k, 5 + k]);
    const hints: Batches[] = [{ hint: [[1, 2]] }, { hint: [[2, 40]] }, { cut: [[1, 6]] }];
    const again: Batches = {
      hint: [
        [1, 3],
        [9, 9],
      ],
    };
    expect(difference(text, [{ put }, ...hints, again])).toBeNull();
  });

  it('stay in a table, and come back to one that was emptied where they still hold', () => {
    const text = `${edges} input drop(x: int); input hint(x: int, d: int);
      table far(x: int => d: lmin<int>); scratch via(x: int => d: lmin<int>); lattice least: lmin<int>;
      far(x, 0) :- e(x, x); far(y, d + 1) :- far(x, d), e(x, y), x != y; far(x, d) :- via(x, d);
      via(y, d + 5) :- far(x, d), e(y, x), x != y; delete far(x, _) :- drop(x);
      upsert far(x, lmin(d)) :- hint(x, d); least(d + 3) :- far(_, d);
      view near(x: int, d: int); near(x, d.reveal()) :- far(x, d), least(d);`;
    expect(['far', 'via', 'least'].every((name) => maintained(text, name))).toBe(true);
    const ring = [0, 1, 2, 3].map((x) => [x, (x + 1) % 4]);
    const steps: Batches[] = [
      { put: [...ring, [0, 0]] },
      { cut: [[1, 2]] },
      { drop: [[2], [3]] },
      { put: [[1, 2]], drop: [[1]] },
      { hint: [[2, 9]], cut: [[0, 0]] },
      { hint: [[3, 1]], drop: [[0], [1], [2]] },
      { drop: [[0], [1], [2], [3]], cut: [[2, 3]] },
    ];
    expect(difference(text, steps)).toBeNull();
  });

  it('are the least and the most of a group', () => {
    const text = `${edges} input drop(x: int);
      view span(g: int => low: lmin<int>, high: lmax<int>, all: lset<int>);
      span(x, min<y>, max<y>, set<y>) :- e(x, y); span(y, l, h, s) :- span(x, l, h, s), e(x, y);
      span(x % 2, min<y>, count<x>, {7}) :- e(x, y), x > 3;
      view by(n: int => of: lset<int>); by(count<y>, {x}) :- e(x, y);
      table most(x: int => n: lmax<int>); most(x, sum<y>) :- e(x, y); delete most(x, _) :- drop(x);
      view shown(x: int, n: int); shown(x, n.reveal()) :- most(x, n), by(_, s), x in s.reveal();`;
    expect(['span', 'by', 'most'].every((name) => maintained(text, name))).toBe(true);
    const put = [1, 2, 3, 4, 5].flatMap((x) => [
      [x, x + 1],
      [x, 2 * x],
    ]);
    const steps: Batches[] = [
      { put },
      { cut: [[2, 4]] },
      { put: [[5, 1]], cut: [[1, 2]] },
      { drop: [[3], [4]], cut: [[4, 8]] },
      { cut: [[3, 4]], put: [[3, 1]], drop: [[3]] },
      { cut: put },
    ];
    expect(difference(text, steps)).toBeNull();
  });

  it('are put back to find what two of them have lost together', () => {
    const text = `input put(k: int, v: int); input cut(k: int);
      table low(k: int => v: lmin<int>); table high(k: int => v: lmax<int>);
      low(k, lmin(v))@next :- put(k, v); high(k, lmax(v))@next :- put(k, v);
      delete low(k, _) :- cut(k); delete high(k, _) :- cut(k); upsert high(k, 0) :- put(k, 3);
      view gap(k: int, d: int); gap(k, h.reveal() - l.reveal()) :- low(k, l), high(k, h);
      view wide(g: int => h: lmax<int>); wide(k % 2, h) :- low(k, _), high(k, h);
      view n(g: int, n: int); n(d % 3, count<k>) :- low(k, l), high(k, h), d = h.reveal() - l.reveal();`;
    const steps: Batches[] = [
      { put: [1, 2, 3, 4, 5, 6].map((k) => [k, 10]) },
      { put: [[1, 4]] },
      {
        put: [
          [1, 3],
          [2, 40],
        ],
        cut: [[5]],
      },
      {
        put: [
          [2, 3],
          [2, 50],
        ],
        cut: [[3], [1]],
      },
      { cut: [[2], [4]], put: [[4, 3]] },
    ];
    expect(difference(text, steps)).toBeNull();
  });

  it('count once a timestep, and fail as they do anew', () => {
    const text = `${edges} view far(x: int => d: lmin<int>); far(x, 6) :- e(x, x);
      far(y, 12 / (d.reveal() - 1)) :- far(x, d), e(x, y), x != y, y < 3;`;
    const far = text.replace('12 / (d.reveal() - 1)', 'd + 1').replace(', y < 3', '');
    const ring = [0, 1, 2, 3, 4].map((x) => [x, (x + 1) % 5]);
    const steps: Batches[] = [{ put: [...ring, [0, 0]] }, { put: [[0, 3]] }, { cut: [[4, 0]] }];
    for (let bound = 4; bound < 40; bound++) {
      const compared = steps.flatMap((events): ComparedStep[] => [{ events }, { events: {} }]);
      expect(compareEvaluators(programOf(far), compared, bound)).toBeNull();
    }
    expect(
      difference(`${far} view bad(x: int); bad(12 / (d.reveal() - 7)) :- far(x, d);`, steps),
    ).toBeNull();
  });
});

describe('effects on tables whose values merge', () => {
  const store = `input put(k: int, v: int); input cut(k: int); input own(k: int, v: int);
    table kv(k: int => v: int); upsert kv(k, v) :- put(k, v); delete kv(k, _) :- cut(k);
    table best(k: int => v: lmax<int>); best(k, lmax(v)) :- own(k, v), v > 5;`;
  const isMaintained = (text: string): boolean => {
    const { effects, maintainedEffects, relations } = planProgram(programOf(text));
    const standing = effects.filter(({ head }) => relations[head]!.schema.name === 'best');
    return standing.length > 0 && standing.every(({ rule }) => maintainedEffects.has(rule.id));
  };
  const put = [1, 2, 3, 4, 5].map((k) => [k, k]);
  const steps: readonly Batches[] = [
    { put },
    { own: [[1, 3]] },
    { put: [[1, 2]], own: [[2, 9]] },
    {
      put: [
        [1, 7],
        [3, 1],
      ],
      cut: [[4]],
    },
    {
      own: [
        [1, 8],
        [4, 8],
      ],
    },
    { put: [[5, 9]], cut: [[1], [2]] },
    { put, cut: [[3]] },
  ];

  it('put what is new, and what stands where something was taken away', () => {
    const text = `${store} best(k, lmax(v))@next :- kv(k, v); best(k % 2, lmax(v))@next :- kv(k, v), v > 2;`;
    expect(isMaintained(text)).toBe(true);
    expect(difference(text, steps)).toBeNull();
    const emptied = `${text} delete best(k, _) :- cut(k); delete best(k, _) :- own(k, 3);`;
    expect(difference(emptied, steps)).toBeNull();
  });

  it('overwrite what has grown since', () => {
    const text = `${store} upsert best(k, lmax(v)) :- kv(k, v); best(k, 4)@next :- own(k, _);`;
    expect(difference(text, steps)).toBeNull();
    expect(difference(`${text} upsert best(k, max<v>) :- kv(k, v);`, steps)).toBeNull();
    const standing = `${store} upsert best(k % 3, lmax(v)) :- kv(k, v); best(k, lmax(v))@next :- kv(k, v), v > 2;`;
    expect(isMaintained(standing)).toBe(true);
    expect(difference(standing, steps)).toBeNull();
  });

  it('delete what comes to look like what is deleted', () => {
    const text = `${store} delete best(k, v) :- kv(k, v); delete best(_, 4) :- kv(4, _); best(k, 2)@next :- kv(k, 2);
      best(k, lmax(v))@next :- own(k, v);`;
    const more = [{ own: [[3, 1]] }, { own: [[3, 3]] }, { own: [[5, 9]] }];
    expect(difference(text, [...steps.slice(0, 3), ...more, ...steps])).toBeNull();
  });

  it('conflict where rows of one key do not merge', () => {
    const text = `${store} table at(k: int => p: int, v: lmax<int>); at(k, v, 1)@next :- kv(k, v);
      at(k, 2, v)@next :- own(k, v); delete at(k, _, _) :- cut(k);`;
    expect(difference(text, [...steps, { cut: [[1], [2], [3], [4], [5]] }, ...steps])).toBeNull();
  });

  it('ask for one value of a lattice, and let go of values that merge', () => {
    const text = `${store} lattice top: lmax<int>; top(lmax(v))@next :- kv(_, v); loopback l(k: int => v: lmin<int>);
      l(k, lmin(v))@async :- kv(k, v), own(k, _); scratch s(k: int => v: lmin<int>); s(k % 2, lmin(v))@next :- kv(k, v);
      output o(k: int, v: int); o(k, v.reveal()) :- s(k, v); o(k, v.reveal()) :- l(k, v); o(9, v.reveal()) :- top(v);`;
    expect(difference(text, steps)).toBeNull();
  });
});
