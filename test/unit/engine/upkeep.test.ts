/**
 * Bringing up to date what is derived: the cases on which delete and rederive stands or falls, each
 * compared with the reference evaluator, and that what does not change is not looked at.
 */
import { describe, expect, it } from 'vitest';
import type { Row } from '../../../src/base/value.js';
import { noFunctions } from '../../../src/compiler/bind-functions.js';
import { compileSource, defaultCompileOptions } from '../../../src/compiler/compile-source.js';
import { makeEvaluatorFactory } from '../../../src/compiler/node-program.js';
import { memoryLoader } from '../../../src/compiler/source-loader.js';
import { linkClosures } from '../../../src/engine/closure-unit.js';
import type { Commit, Evaluator } from '../../../src/evaluator/evaluator.js';
import { planProgram } from '../../../src/plan/plan-program.js';
import { compareEvaluators, type ComparedStep } from '../../support/compare-evaluators.js';
import { programOf } from '../../support/reference-node.js';

const edges = `input put(x: int, y: int); input cut(x: int, y: int); table e(x: int, y: int);
  e(x, y)@next :- put(x, y); delete e(x, y) :- cut(x, y);`;

type Batches = Readonly<Record<string, readonly Row[]>>;

/** What the evaluators disagree on over timesteps, with quiet ones in between; null for nothing. */
function difference(text: string, batches: readonly Batches[]): string | null {
  const steps = batches.flatMap((events): ComparedStep[] => [{ events }, { events: {} }]);
  return compareEvaluators(programOf(text), steps);
}

describe('a recursion', () => {
  const closure = `${edges} view p(x: int, y: int); p(x, y) :- e(x, y); p(x, z) :- p(x, y), e(y, z);`;

  it('loses a cycle that only supports itself', () => {
    const steps = [
      {
        put: [
          [0, 1],
          [1, 2],
          [2, 3],
          [3, 1],
        ],
      },
      { cut: [[0, 1]] },
      { cut: [[2, 3]] },
      { cut: [[1, 2]] },
    ];
    expect(difference(closure, steps)).toBeNull();
  });

  it('keeps what is derived otherwise', () => {
    const diamond = [
      [0, 1],
      [0, 2],
      [1, 3],
      [2, 3],
      [3, 4],
    ];
    const steps = [{ put: diamond }, { cut: [[1, 3]] }, { cut: [[0, 2]] }, { put: [[1, 3]] }];
    expect(difference(closure, steps)).toBeNull();
  });

  it('takes back an edge that goes and another that comes at once', () => {
    const steps = [
      {
        put: [
          [0, 1],
          [1, 2],
        ],
      },
      {
        cut: [[0, 1]],
        put: [
          [0, 2],
          [2, 1],
        ],
      },
    ];
    expect(difference(closure, steps)).toBeNull();
  });

  it('is derived anew where most of it goes', () => {
    const chain = Array.from({ length: 30 }, (_, i) => [i, i + 1]);
    const steps = [{ put: chain }, { cut: [[15, 16]] }, { put: [[15, 16]] }, { cut: [[2, 3]] }];
    expect(difference(closure, steps)).toBeNull();
  });

  it('feeds on an event for one timestep', () => {
    const text = `${closure} input also(x: int, y: int); p(x, y) :- also(x, y);`;
    const steps = [
      {
        put: [
          [0, 1],
          [1, 2],
        ],
      },
      { also: [[2, 0]] },
      {
        also: [
          [2, 3],
          [0, 1],
        ],
      },
    ];
    expect(difference(text, steps)).toBeNull();
  });

  it('goes through two relations, and a negation above sees it change', () => {
    const text = `${edges} input up(x: int); table node(x: int); node(x)@next :- up(x);
      scratch odd(x: int, y: int); scratch even(x: int, y: int); view apart(x: int, y: int);
      odd(x, y) :- e(x, y); odd(x, z) :- even(x, y), e(y, z); even(x, z) :- odd(x, y), e(y, z);
      apart(x, y) :- node(x), node(y), notin odd(x, y), notin even(y, _);`;
    const steps = [
      {
        up: [[0], [1], [2]],
        put: [
          [0, 1],
          [1, 2],
        ],
      },
      { put: [[2, 0]] },
      { cut: [[1, 2]] },
      { up: [[3]] },
    ];
    expect(difference(text, steps)).toBeNull();
  });
});

describe('an aggregate', () => {
  const text = `input set(k: int, g: int, v: int); input drop(k: int);
    table t(k: int => g: int, v: int); upsert t(k, g, v) :- set(k, g, v); delete t(k, _, _) :- drop(k);
    view total(g: int, n: int, s: int); total(g, count<k>, sum<v>) :- t(k, g, v);
    view most(n: int); most(max<n>) :- total(_, n, _);
    view lone(g: int); lone(g) :- total(g, 1, _);`;

  it('loses groups that are empty, and changes those that a tuple leaves or enters', () => {
    const steps = [
      {
        set: [
          [1, 1, 10],
          [2, 1, 20],
          [3, 2, 5],
        ],
      },
      { set: [[3, 1, 5]] },
      { drop: [[1], [2]] },
      { drop: [[3]] },
    ];
    expect(difference(text, steps)).toBeNull();
  });

  it('fails where a group that was touched fails, and is as it was afterwards', () => {
    const steps = [
      {
        set: [
          [1, 1, 2 ** 53 - 1],
          [2, 2, 1],
        ],
      },
      { set: [[3, 1, 7]] },
      { set: [[3, 2, 7]] },
    ];
    expect(difference(text, steps)).toBeNull();
  });

  it('shares its head with another rule', () => {
    const shared = `${text} input also(g: int, n: int); view seen(g: int, n: int); seen(g, count<k>) :- t(k, g, _);
      table more(g: int, n: int); more(g, n)@next :- also(g, n); seen(g, n) :- more(g, n);`;
    const steps = [{ set: [[1, 1, 1]], also: [[1, 1]] }, { drop: [[1]] }, { set: [[1, 1, 1]] }];
    expect(difference(shared, steps)).toBeNull();
  });
});

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

describe('a join', () => {
  it('of a relation with itself loses what needs two tuples that go together', () => {
    const text = `${edges} view two(x: int, z: int); two(x, z) :- e(x, y), e(y, z);`;
    const steps = [
      {
        put: [
          [0, 1],
          [1, 2],
        ],
      },
      {
        cut: [
          [0, 1],
          [1, 2],
        ],
      },
    ];
    expect(difference(text, steps)).toBeNull();
  });

  it('reports a failure that a new tuple brings, and nothing of an old one', () => {
    const text = `${edges} view q(x: int, z: int); q(x, 12 / (y - 3)) :- e(x, y), y != 5;`;
    const steps = [
      {
        put: [
          [0, 1],
          [1, 5],
        ],
      },
      { put: [[0, 3]] },
      { cut: [[0, 3]] },
      { cut: [[0, 1]] },
    ];
    expect(difference(text, steps)).toBeNull();
  });
});

describe('effects that stand', () => {
  it('delete what comes and what is derived again, and what something no longer puts in', () => {
    const text = `${edges} input bar(x: int); table barred(x: int); barred(x)@next :- bar(x);
      delete e(x, _) :- barred(x); e(x, x) :- put(x, 9); input hold(x: int); table held(x: int);
      held(x)@next :- hold(x); delete held(x) :- cut(x, x); e(x, 7)@next :- held(x);`;
    const steps = [
      {
        put: [
          [1, 2],
          [3, 4],
        ],
      },
      { bar: [[1]] },
      {
        put: [
          [1, 9],
          [1, 5],
        ],
        hold: [[1]],
      },
      { cut: [[1, 1]] },
      { put: [[1, 9]] },
    ];
    expect(difference(text, steps)).toBeNull();
  });

  it('upsert what is derived, and conflict where two are', () => {
    const text = `${edges} table best(x: int => y: int); upsert best(x, y) :- e(x, y);`;
    const steps = [
      { put: [[0, 1]] },
      { put: [[1, 1]] },
      { cut: [[0, 1]] },
      { put: [[0, 2]] },
      { put: [[0, 3]] },
    ];
    expect(difference(text, steps)).toBeNull();
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

describe('other ways to evaluate', () => {
  const joined = `${edges} view p(x: int, y: int); p(x, y) :- e(x, y);`;
  const chain = Array.from({ length: 8 }, (_, i) => [i, i + 1]);
  const steps: readonly Batches[] = [
    { put: chain },
    { cut: [[3, 4]] },
    {
      put: [
        [3, 4],
        [8, 2],
      ],
    },
    {
      cut: [
        [0, 1],
        [8, 2],
      ],
      put: [[9, 0]],
    },
  ];

  it('take rows that do not change from what an event brings', () => {
    const text = `${joined} input hop(x: int, y: int); scratch q(x: int, y: int); q(y, x) :- hop(x, y);
      p(x, z) :- p(x, y), q(y, z); p(x, z) :- p(x, y), q(z, y);`;
    const hops: readonly Batches[] = [
      {
        hop: [
          [0, 5],
          [20, 3],
        ],
      },
      { hop: [[20, 3]], put: [[3, 21]] },
      { hop: [[21, 4]], cut: [[3, 21]] },
    ];
    expect(difference(text, [...steps, ...hops, ...hops])).toBeNull();
  });

  it('leave what is kept out of such rows', () => {
    const text = `${joined} view f(x: int, y: int); f(y, x) :- p(x, y), x != 3;
      view r(x: int, y: int); r(x, y) :- f(x, y); r(x, z) :- r(x, y), f(y, z);`;
    const { relations, strata, slotByName } = planProgram(programOf(text));
    const stratum = strata.find((one) => one.relations.includes(slotByName.get('r')!))!;
    expect(stratum).toMatchObject({ isMaintained: true, pivot: 0, unchanging: [] });
    expect(relations[slotByName.get('f')!]!.storage).toBe('maintained');
    expect(difference(text, steps)).toBeNull();
  });

  it('bring joins that are kept beforehand up to date', () => {
    const text = `${joined} p(x, w) :- p(y, x), e(y, z), p(z, w);
      view two(x: int, n: int); two(x, count<y>) :- p(x, y);`;
    const { relations, strata } = planProgram(programOf(text));
    const { slot } = relations.find(({ isSupplementary }) => isSupplementary)!;
    const stratum = strata.find((one) => one.relations.includes(slot))!;
    expect(stratum).toMatchObject({ isMaintained: true });
    expect(difference(text, steps)).toBeNull();
  });

  it('run closures', () => {
    const text = `${joined} p(x, z) :- p(x, y), e(y, z);
      view lone(x: int); lone(x) :- e(x, _), !p(x, x);
      view sums(x: int, s: int); sums(x, sum<10 / y>) :- p(x, y), y > 0;`;
    const compared = steps.flatMap((events): ComparedStep[] => [{ events }, { events: {} }]);
    const program = programOf(text);
    expect(compareEvaluators(program, compared, 20_000, noFunctions, linkClosures)).toBeNull();
  });
});

describe('what does not change', () => {
  const text = `extern function seen(x: int): int from "./f.ts";
    input put(k: int, v: int); table kv(k: int => v: int); upsert kv(k, v) :- put(k, v);
    view shown(k: int, v: int); shown(k, seen(v)) :- kv(k, v);
    view sums(g: int, s: int); sums(seen(k) / 10, sum<v>) :- shown(k, v);
    view path(x: int, y: int); path(x, y) :- shown(x, y); path(x, z) :- path(x, y), shown(y, z);
    scratch least(g: int => v: lmin<int>); least(seen(k) / 10, lmin(v)) :- shown(k, v);
    table most(g: int => v: lmax<int>); most(seen(k) / 10, lmax(v)) :- shown(k, v);
    table far(x: int => n: lmax<int>); far(y, seen(x)) :- shown(x, y); far(y, n + 1) :- far(x, n), shown(x, y), seen(x) > 0;
    scratch sizes(g: int => n: lmax<int>, all: lset<int>); sizes(seen(k) / 10, count<v>, set<v>) :- shown(k, v);
    table low(g: int => v: lmin<int>); low(k, lmin(seen(v)))@next :- shown(k, v);
    table last(g: int => v: lmax<int>); upsert last(k, lmax(seen(v))) :- shown(k, v);
    delete low(k, _) :- shown(k, v), seen(v) < 0;
    table tens(g: int => v: lmin<int>); tens(seen(k) / 10, lmin(v))@next :- shown(k, v);
    table ten(g: int => n: int); upsert ten(seen(k) / 10, sum<v>) :- shown(k, v);
    lattice top: lmax<int>; top(max<k>) :- shown(k, v), seen(v) < 0; top(lmax(seen(v))) :- shown(_, v);`;
  let calls = 0;

  function start(keys: number): Evaluator {
    const loader = memoryLoader(new Map([['f.ts', 'export function seen(x) {}']]));
    const { compiled } = compileSource({ path: 'test.bloom', text }, defaultCompileOptions, loader);
    const counted = (x: unknown): unknown => {
      calls++;
      return x;
    };
    const implementations = new Map([['seen', counted as (x: unknown) => never]]);
    const kind = 'engine';
    const factory = makeEvaluatorFactory(
      compiled!,
      { maxTuples: 1_000_000 },
      { kind, implementations },
    );
    const rows = Array.from({ length: keys }, (_, i) => [i, keys + i]);
    return factory({ name: 'n1', cluster: ['n1'], facts: [{ relation: 'kv', rows }] });
  }

  it('is not evaluated again', () => {
    const keys = 5_000;
    const evaluator = start(keys);
    const step = (events: Batches, isFirst = false): Commit => {
      const batches = Object.entries(events).map(([relation, rows]) => ({ relation, rows }));
      const boot = isFirst ? { first: true } : null;
      const result = evaluator.timestep({ events: batches, nextTuples: [], nowMs: 0, boot });
      if (result.kind === 'failure') throw new Error(result.diagnostic.message);
      return result;
    };
    step({}, true);
    expect(calls).toBeGreaterThanOrEqual(keys);
    calls = 0;
    step({ put: [[17, 42]] });
    const { viewChanges } = step({});
    expect(calls).toBeLessThan(50);
    expect(viewChanges).toEqual([
      {
        relation: 'path',
        added: [
          [17, 42],
          [17, keys + 42],
        ],
        removed: [[17, keys + 17]],
      },
      { relation: 'shown', added: [[17, 42]], removed: [[17, keys + 17]] },
      { relation: 'sums', added: [[1, 45_170]], removed: [[1, 50_145]] },
    ]);
  });
});

describe('values that are overwritten', () => {
  const store = `input put(k: int, v: int); table kv(k: int => v: int); upsert kv(k, v) :- put(k, v);
    view back(v: int, k: int); back(v, k) :- kv(k, v); view at(k: int); at(k) :- kv(k, 3);`;

  it('are found by key and by value', () => {
    const steps = [
      { put: [[1, 3]] },
      { put: [[1, 4]] },
      {
        put: [
          [1, 3],
          [2, 3],
        ],
      },
      {
        put: [
          [2, 3],
          [1, 5],
        ],
      },
    ];
    expect(difference(store, steps)).toBeNull();
  });

  it('are not replaced by two at once', () => {
    const steps = [
      { put: [[1, 3]] },
      {
        put: [
          [1, 4],
          [1, 5],
        ],
      },
      { put: [[1, 6]] },
    ];
    expect(difference(store, steps)).toBeNull();
  });

  it('and asked for by @next too must be the same', () => {
    const text = `${store} kv(k, v)@next :- put(k, v), v > 4; upsert kv(k, 7) :- put(k, 5);`;
    expect(difference(text, [{ put: [[1, 3]] }, { put: [[1, 6]] }, { put: [[1, 5]] }])).toBeNull();
  });
});

it('of hundreds of rules does what each of them would do by itself', () => {
  const rules = Array.from({ length: 300 }, (_, i) => `o(x, ${i}) :- e(x, y), y > ${i};`);
  const text = `${edges} view o(x: int, y: int); ${rules.join(' ')}`;
  expect(
    difference(text, [{ put: [[1, 20]] }, { put: [[2, 290]] }, { cut: [[1, 20]] }]),
  ).toBeNull();
});
