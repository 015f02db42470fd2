/** What aggregates range over, and what opens their groups. */
import { confluent, convergent, divergent, kept } from './verdict-cases.js';
import type { VerdictCase } from './verdict-cases.js';

export const aggregateCases: readonly VerdictCase[] = [
  // ---- what an aggregate counts, beside what it is asked for ----
  confluent(
    'values that move are counted by the groups that they belong to',
    `input a(k: string, x: int); table ka(k: string, x: int); ka(k, x) :- a(k, x); scratch c(k: string, n: int); c(k, count<x>) :- ka(k, x); scratch d(m: int); d(count<k>) :- c(k, n), n >= 2; output p(); p() :- d(m), m >= 3;`,
  ),
  confluent(
    'lattice values too, by their keys',
    `input a(k: string, x: int); table ka(k: string => v: lset<int>); ka(k, {x}) :- a(k, x); scratch d(m: int); d(count<x>) :- ka(k, v), x in v; output p(); p() :- d(m), m >= 3;`,
  ),
  confluent(
    'of what differs in the counted values alone nothing is counted twice',
    `input a(k: string, x: int); table ka(k: string => v: lset<int>); ka(k, {x}) :- a(k, x); scratch d(m: int); d(count_distinct<x>) :- ka(_, v), x in v; output p(); p() :- d(m), m >= 3;`,
  ),
  convergent(
    'values of a map, its keys left open, are fewer once two are equal',
    `input a(k: string, x: int); lattice m: lmap<string, lmax<int>>; m({k: lmax(x)}) :- a(k, x); scratch d(n: int); d(count<*>) :- m(v), (_, w) in v; output p(); p() :- d(n), n >= 2;`,
    { because: 'reveals-growing-lattice', met: false },
  ),
  convergent(
    'another alternative shows its part of a group before the seal',
    `input a(k: string, x: int); input done(k: string); table ka(k: string, x: int); ka(k, x) :- a(k, x); seal ka on (k) when done(k); static s(k: string, x: int); s("k", 7); output p(k: string, n: int); p(k, count<x>) :- sealed ka(k), ka(k, x) | s(k, x);`,
    { because: 'aggregates-growing-set', met: false },
  ),

  // ---- aggregates that gather nothing, and what opens their groups ----
  confluent(
    'the greatest of the one value of a key',
    `${kept}table kk(x: int => y: int); kk(x, y) :- a(x), y = x * x; output p(x: int, y: int); p(x, max<y>) :- kk(x, y);`,
  ),
  confluent(
    'the number of values of a key is 1',
    `${kept}table kk(x: int => y: int); kk(x, y) :- a(x), y = x * x; output p(x: int, y: int); p(x, count<y>) :- kk(x, y);`,
  ),
  convergent(
    'of values of two keys there may be several',
    `${kept}table kk(x: int => y: int); kk(x, y) :- a(x), y = x * x; output p(x: int, y: int); p(y, count<x>) :- kk(x, y);`,
    { because: 'aggregates-growing-set', met: false },
  ),
  divergent(
    'the one value of a key that is replaced',
    `input put(x: int, y: int); table kk(x: int => y: int); upsert kk(x, max<y>) :- put(x, y); output p(x: int, y: int); p(x, max<y>) :- kk(x, y);`,
    'overwrites',
  ),
  confluent(
    'each request counts a roster',
    `${kept}output p(x: int, n: int); p(x, count<m>) :- a(x), s(m);`,
  ),
  divergent(
    'each request counts what still comes',
    `${kept}output p(x: int, n: int); p(x, count<m>) :- a(x), kb(m);`,
    'samples-unfinished-set',
  ),
  divergent(
    'requests of one name that differ otherwise are counted with the roster',
    `input e(x: int, z: int); static s(x: int); output p(x: int, n: int); p(x, count<m>) :- e(x, z), s(m);`,
    'aggregates-events',
  ),
  confluent(
    'which the least does not notice',
    `input e(x: int, z: int); static s(x: int); output p(x: int, n: int); p(x, min<m>) :- e(x, z), z > 2, s(m);`,
  ),
  divergent(
    'unless it is compared with what they differ in',
    `input e(x: int, z: int); static s(x: int); output p(x: int, n: int); p(x, min<m>) :- e(x, z), m > z, s(m);`,
    'aggregates-events',
  ),
  confluent(
    'a threshold of a lattice value opens a group over static data',
    `input e(x: int, z: int); static s(x: int, y: int); table q(x: int => v: lmax<int>); q(x, z) :- e(x, z); output p(x: int, n: int); p(x, sum<y>) :- q(x, v), v >= 2, s(x, y);`,
  ),
  convergent(
    'the absence of a group over static data is what may be taken back',
    `${kept}static t(x: int, y: int); output p(x: int, n: int); p(x, sum<y>) :- t(x, y), notin ka(x);`,
    { because: 'negates-growing-set', met: false },
  ),

  // ---- bounds of revealed values ----
  confluent(
    'a bound of what is revealed is a bound of the lattice value',
    `${kept}lattice top: lmax<int>; top(x) :- a(x); output p(); p() :- top(v), n = reveal(v), n >= 3;`,
  ),
  confluent(
    'of a least one the other way round',
    `${kept}lattice low: lmin<int>; low(x) :- a(x); output p(); p() :- low(v), n = reveal(v), n + 1 < 3;`,
  ),
  convergent(
    'and only that way round',
    `${kept}lattice low: lmin<int>; low(x) :- a(x); output p(); p() :- low(v), n = reveal(v), n > 3;`,
    { because: 'reveals-growing-lattice', met: false },
  ),
  confluent(
    'that there is a value stays so',
    `${kept}lattice low: lmin<int>; low(x) :- a(x); output p(); p() :- low(v), n = reveal(v);`,
  ),
  convergent(
    'what is bounded and shown is shown',
    `${kept}lattice top: lmax<int>; top(x) :- a(x); output p(x: int); p(n) :- top(v), n = reveal(v), n >= 3;`,
    { because: 'reveals-growing-lattice', met: false },
  ),
];
