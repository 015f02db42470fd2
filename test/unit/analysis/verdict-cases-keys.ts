/** Verdict cases about what a key or a group determines, and about numbers that are refused below 0. */
import { confluent, convergent, divergent } from './verdict-cases.js';
import type { BlameReason } from '../../../src/analysis/confluence-report.js';
import type { VerdictCase } from './verdict-cases.js';

const votes =
  'input vote(m: int, v: int); table votes(m: int, v: int); votes(m, v) :- vote(m, v); static member(x: int); scratch tally(m: int, n: int); output p(m: int, n: int); ';
const keyed =
  'input put(k: int, z: int); static s(v: int, x: int); output p(k: int, n: int); table kk(k: int => v: int); ';
const kept = 'input a(x: int); table ka(x: int); ka(x) :- a(x); output p(); ';
const growing = (why: string, text: string): VerdictCase =>
  convergent(why, text, { met: false, because: 'aggregates-growing-set' });
const failing: BlameReason = 'failing-timestep';

export const keyCases: readonly VerdictCase[] = [
  confluent(
    'a count that is only compared opens a group, for which a roster is counted',
    `${votes}tally(m, count<v>) :- votes(m, v); p(m, count<x>) :- tally(m, n), n >= 2, member(x);`,
  ),
  growing(
    'two counts of one group are two',
    `${votes}tally(m, count<v>) :- votes(m, v); tally(m, max<v>) :- votes(m, v); p(m, count<x>) :- tally(m, n), n >= 2, member(x);`,
  ),
  growing(
    'what is summed is not only compared',
    `${votes}tally(m, count<v>) :- votes(m, v); p(m, sum<n>) :- tally(m, n), n >= 2, member(_);`,
  ),
  growing(
    'nor is what is joined and still moves',
    `${votes}tally(m, count<v>) :- votes(m, v); p(m, count<x>) :- tally(m, n), member(x), x < n;`,
  ),
  confluent(
    'what the key of a group says for good may be joined',
    `${keyed}kk(k, v) :- put(k, _), v = k % 3; p(k, count<x>) :- kk(k, v), s(v, x);`,
  ),
  divergent(
    'not if it is replaced',
    `${keyed}upsert kk(k, v) :- put(k, v); p(k, count<x>) :- kk(k, v), s(v, x);`,
    'overwrites',
  ),
  growing(
    'nor if the key says more than the group',
    `input put(k: int, z: int); static s(v: int, x: int); output p(k: int, n: int); table kk(k: int, z: int => v: int); kk(k, z, v) :- put(k, z), v = k + z; p(k, count<x>) :- kk(k, z, v), s(v, x);`,
  ),
  confluent(
    'a tuple says what it is made of',
    `input put(k: int, z: int); table kk(k: int, z: int); kk(k, z) :- put(k, z); static s(x: int); output p(k: (int, int), n: int); p((k, z), count<x>) :- kk(k, z), s(x);`,
  ),
  growing(
    'a sum does not',
    `input put(k: int, z: int); table kk(k: int, z: int); kk(k, z) :- put(k, z); static s(x: int); output p(k: int, n: int); p(k + z, count<x>) :- kk(k, z), s(x);`,
  ),
  confluent(
    'a map of what its keys determine never fails',
    `input put(k: int, z: int); static home(k: int => r: int); static land(r: int => c: int); table t(k: int); t(k) :- put(k, _); output p(m: map<int, int>); static q(k: int); p(map<k, c>) :- q(k), home(k, r), land(r, c);`,
  ),

  // ---- numbers that are refused below 0 ----
  confluent(
    'a set of naturals refuses none of them',
    `input a(x: nat); table ka(x: nat); ka(x) :- a(x); output p(); lattice w: lpset<nat>; w(lpset({x + 1})) :- ka(x); p() :- w(v), v.sum() >= 3;`,
  ),
  divergent(
    'of ints it may',
    `${kept}lattice w: lpset<int>; w(lpset({x})) :- ka(x); p() :- w(v), v.sum() >= 3;`,
    failing,
  ),
  confluent(
    'but of those that are tested',
    `${kept}lattice w: lpset<int>; w(lpset({x})) :- ka(x), x >= 0; p() :- w(v), v.sum() >= 3;`,
  ),
  divergent(
    'a float below 0 is refused like an int',
    `${kept}lattice w: lpset<float>; w(lpset({-1.5})) :- ka(x), x > 3; lattice u: lpset<int>; u(lpset({1})) :- ka(_); p() :- u(v), v.contains(1);`,
    failing,
  ),
  confluent(
    'one above is not',
    `${kept}lattice w: lpset<float>; w(lpset({1.5})) :- ka(x), x > 3; lattice u: lpset<int>; u(lpset({1})) :- ka(_); p() :- u(v), v.contains(1);`,
  ),
  confluent(
    'a bag counts from 0 on, whatever it counts',
    `${kept}lattice w: lbag<int>; w(lbag({x: 1})) :- ka(x); p() :- w(v), v.size() >= 3;`,
  ),
];
