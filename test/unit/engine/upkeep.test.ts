/**
 * Bringing up to date what is derived: the cases on which delete and rederive stands or falls, each
 * compared with the reference evaluator, and that what does not change is not looked at.
 */
import { describe, expect, it } from 'vitest';
import { noFunctions } from '../../../src/compiler/bind-functions.js';
import { compileSource, defaultCompileOptions } from '../../../src/compiler/compile-source.js';
import { makeEvaluatorFactory } from '../../../src/compiler/node-program.js';
import { memoryLoader } from '../../../src/compiler/source-loader.js';
import { linkClosures } from '../../../src/engine/closure-unit.js';
import type { Commit, Evaluator } from '../../../src/evaluator/evaluator.js';
import { planProgram } from '../../../src/plan/plan-program.js';
import { compareEvaluators, type ComparedStep } from '../../support/compare-evaluators.js';
import { programOf } from '../../support/reference-node.js';
import { difference, edges, type Batches } from './upkeep-steps.js';

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
