/**
 * Small programs with the verdict that the theory gives them, and why in one line. `p` is the
 * observable unless another one is named; `because` is the reason of the first blame. Here: what is
 * read of sets that only grow; the files beside this one have the other themes.
 */
import type { BlameReason, Mechanism, Verdict } from '../../../src/analysis/confluence-report.js';

export interface VerdictCase {
  readonly why: string;
  readonly text: string;
  readonly verdict: Verdict;
  readonly observable?: string;
  readonly because?: BlameReason;
  readonly mechanism?: Mechanism['kind'];
  readonly provider?: Mechanism['provider'];
  readonly met?: boolean;
}

/** Two inputs, kept in tables. */
export const kept =
  'input a(x: int); input b(x: int); table ka(x: int); table kb(x: int); ka(x) :- a(x); kb(x) :- b(x); static s(x: int);\n';
/** Declarations of what is observed. */
export const out = 'output p(x: int);\n';
export const view = 'view p(x: int);\n';
/** An input that is sent on to peers. */
export const sent =
  'static peer(n: addr); channel c(@to: addr, x: int); input a(x: int); static s(x: int); c(n, x)@async :- a(x), peer(n);\n';

/** A case that meets every obligation and needs nothing. */
export const confluent = (
  why: string,
  text: string,
  more: Partial<VerdictCase> = {},
): VerdictCase => ({
  why,
  text,
  verdict: 'confluent',
  met: true,
  mechanism: 'none',
  ...more,
});
/** A case that ends the same in every run. */
export const convergent = (
  why: string,
  text: string,
  more: Partial<VerdictCase> = {},
): VerdictCase => ({
  why,
  text,
  verdict: 'convergent',
  ...more,
});
/** A case whose obligation is not met, and the first reason. */
export const divergent = (
  why: string,
  text: string,
  because: BlameReason,
  more: Partial<VerdictCase> = {},
): VerdictCase => ({
  why,
  text,
  verdict: 'divergent',
  because,
  met: false,
  ...more,
});

export const verdictCases: readonly VerdictCase[] = [
  // ---- operators over stored sets ----
  confluent('selection of an event by a constant', `${kept}${out}p(x) :- a(x), x > 3;`),
  confluent(
    'projection and arithmetic are maps over single events',
    `${kept}${out}p(y) :- a(x), y = x + 1;`,
  ),
  confluent('union of two events', `${kept}${out}p(x) :- a(x) | b(x);`),
  confluent('join of two stored sets', `${kept}${out}p(x) :- ka(x), kb(x);`),
  confluent(
    'recursion without negation',
    `input e(x: int, y: int); table k(x: int, y: int); k(x, y) :- e(x, y); output p(x: int, y: int); p(x, y) :- k(x, y); p(x, z) :- p(x, y), k(y, z);`,
  ),
  confluent('an event joined with static data', `${kept}${out}p(x) :- a(x), s(x);`),
  confluent('negation of static data is a filter', `${kept}${out}p(x) :- a(x), notin s(x);`),
  confluent('an aggregate over static data', `${kept}output p(n: int);p(count<x>) :- s(x);`),
  confluent(
    'all data static: any negation goes',
    `static s(x: int); static t(x: int); output p(x: int); p(x) :- s(x), notin t(x);`,
  ),
  confluent(
    'a table with facts alone is static content',
    `input a(x: int); table t(x: int); t(1); output p(x: int); p(x) :- a(x), notin t(x);`,
  ),
  confluent(
    'what is delayed by a step is still every event',
    `${kept}scratch d(x: int); d(x)@next :- a(x);${out}p(x) :- d(x);`,
  ),
  confluent(
    'a relation that copies itself is stored',
    `input a(x: int); input b(x: int); scratch k(x: int); scratch l(x: int); k(x) :- a(x); k(x)@next :- k(x); l(x) :- b(x); l(x)@next :- l(x); output p(x: int); p(x) :- k(x), l(x);`,
  ),
  convergent(
    'negation of a stored set that still grows',
    `${kept}${out}p(x) :- ka(x), notin kb(x);`,
    { because: 'negates-growing-set', mechanism: 'seal', provider: 'producers', met: false },
  ),
  convergent('the same as a view may be corrected', `${kept}${view}p(x) :- ka(x), notin kb(x);`, {
    met: true,
    mechanism: 'none',
  }),
  convergent('a count that is shown', `${kept}output p(n: int);p(count<x>) :- ka(x);`, {
    because: 'aggregates-growing-set',
    mechanism: 'seal',
    met: false,
  }),
  convergent('a count in a view', `${kept}view p(n: int);p(count<x>) :- ka(x);`, { met: true }),
  convergent('the least of a set may fall', `${kept}output p(n: int);p(min<x>) :- ka(x);`, {
    because: 'aggregates-growing-set',
    met: false,
  }),
  convergent(
    'a set difference of derived relations',
    `${kept}scratch d(x: int); d(x) :- kb(x), x > 1;${out}p(x) :- ka(x), notin d(x);`,
    { because: 'negates-growing-set', met: false },
  ),

  // ---- parity ----
  confluent(
    'two negations cancel: everyone of a fixed roster has voted',
    `${kept}scratch lacks(x: int); output p(); lacks(x) :- s(x), notin ka(x); p() :- s(_), notin lacks(_);`,
  ),
  convergent(
    'three do not',
    `${kept}scratch lacks(x: int); scratch all(); output p(x: int); lacks(x) :- s(x), notin ka(x); all() :- s(_), notin lacks(_); p(x) :- s(x), notin all();`,
    { because: 'negates-growing-set', met: false },
  ),
  convergent(
    'even parity of one base beside an odd one of another',
    `${kept}scratch lacks(x: int); output p(x: int); lacks(x) :- s(x), notin ka(x); p(x) :- s(x), notin lacks(x), notin kb(x);`,
    { because: 'negates-growing-set', met: false },
  ),
  convergent(
    'the same base with both signs',
    `${kept}scratch lacks(x: int); output p(x: int); lacks(x) :- s(x), notin ka(x); p(x) :- s(x), notin lacks(x), y = x + 1, notin ka(y);`,
    { met: false },
  ),
  divergent(
    'parity does not reach through a latch',
    `${kept}table lacked(x: int); output p(); lacked(x) :- s(x), notin ka(x); p() :- s(_), notin lacked(_);`,
    'samples-unfinished-set',
  ),
  convergent(
    'the inner negation itself is only convergent',
    `${kept}output p(x: int); scratch all(); p(x) :- s(x), notin ka(x); all() :- s(_), notin p(_);`,
    { met: false },
  ),

  // ---- thresholds ----
  confluent(
    'a count passes a bound and never falls back',
    `${kept}scratch n(k: int); output p(); n(count<x>) :- ka(x); p() :- n(k), k >= 3;`,
  ),
  confluent(
    'the bound written the other way round',
    `${kept}scratch n(k: int); output p(); n(count<x>) :- ka(x); p() :- n(k), 3 < k;`,
  ),
  confluent(
    'a quorum over a static roster',
    `${kept}scratch n(k: int); scratch m(k: int); output p(); n(count<x>) :- ka(x), s(x); m(count<x>) :- s(x); p() :- n(k), m(j), 2 * k > j;`,
  ),
  confluent(
    'the least is small enough',
    `${kept}scratch n(k: int); output p(); n(min<x>) :- ka(x); p() :- n(k), k <= 3;`,
  ),
  confluent(
    'a bound that is itself a stored tuple',
    `${kept}scratch n(k: int); output p(x: int); n(count<x>) :- ka(x); p(x) :- n(k), kb(x), k >= x;`,
  ),
  confluent(
    'only whether there is a count',
    `${kept}scratch n(k: int); output p(); n(count<x>) :- ka(x); p() :- n(_);`,
  ),
  convergent(
    'a count at most three',
    `${kept}scratch n(k: int); output p(); n(count<x>) :- ka(x); p() :- n(k), k <= 3;`,
    { met: false, because: 'aggregates-growing-set' },
  ),
  convergent(
    'a count of exactly three',
    `${kept}scratch n(k: int); output p(); n(count<x>) :- ka(x); p() :- n(k), k == 3;`,
    { met: false },
  ),
  convergent(
    'the count passes the bound and is shown as well',
    `${kept}scratch n(k: int); output p(k: int); n(count<x>) :- ka(x); p(k) :- n(k), k >= 3;`,
    { met: false },
  ),
  convergent(
    'one count against another',
    `${kept}scratch n(k: int); scratch m(k: int); output p(); n(count<x>) :- ka(x); m(count<x>) :- kb(x); p() :- n(k), m(j), k >= j;`,
    { met: false },
  ),
  convergent(
    'a sum of ints may fall',
    `${kept}scratch n(k: int); output p(); n(sum<x>) :- ka(x); p() :- n(k), k >= 3;`,
    { met: false },
  ),
  convergent(
    'a bound minus the count falls',
    `${kept}scratch n(k: int); output p(); n(count<x>) :- ka(x); p() :- n(k), 10 - k >= 3;`,
    { met: false },
  ),
  convergent(
    'no group has passed the bound',
    `${kept}scratch n(k: int); scratch big(); output p(x: int); n(count<x>) :- ka(x); big() :- n(k), k >= 3; p(x) :- s(x), notin big();`,
    { met: false },
  ),

  confluent(
    'the greatest float passes a bound, also halved',
    `input f(x: float); table kf(x: float); kf(x) :- f(x); scratch n(k: float); output p(); n(max<x>) :- kf(x); p() :- n(k), k / 2.0 - 1.0 >= 3;`,
  ),
  convergent(
    'turned round it may be NaN, which is greater than all else',
    `input f(x: float); table kf(x: float); kf(x) :- f(x); scratch n(k: float); output p(); n(max<x>) :- kf(x); p() :- n(k), 3.0 - k <= 3.0;`,
    { met: false, because: 'aggregates-growing-set' },
  ),
  convergent(
    'or where infinities meet',
    `input f(x: float); table kf(x: float); kf(x) :- f(x); scratch n(k: float); output p(x: float); n(max<x>) :- kf(x); p(x) :- n(k), kf(x), k + x >= 3.0;`,
    { met: false, because: 'aggregates-growing-set' },
  ),
  confluent(
    'a bound beside another condition, or denied the other way round',
    `${kept}scratch n(k: int); output p(x: int); n(count<x>) :- ka(x); p(x) :- n(k), kb(x), k >= 3 && x > 1, x > 7 || !(k < 2);`,
  ),
  convergent(
    'a bound that decides between two conditions',
    `${kept}scratch n(k: int); output p(x: int); n(count<x>) :- ka(x); p(x) :- n(k), kb(x), if k >= 3 then x > 1 else x > 2;`,
    { met: false, because: 'aggregates-growing-set' },
  ),
  convergent(
    'a bound from which on it does not hold',
    `${kept}scratch n(k: int); output p(x: int); n(count<x>) :- ka(x); p(x) :- n(k), kb(x), x > 7 || !(k > 2);`,
    { met: false, because: 'aggregates-growing-set' },
  ),

  // ---- rules that contradict themselves ----
  confluent(
    'a rule that denies what its own event has stored never fires',
    `${kept}${out}p(x) :- a(x), notin ka(x);`,
  ),
  divergent(
    'unless that is stored from the next step on',
    `${kept}table late(x: int); late(x)@next :- a(x);${out}p(x) :- a(x), notin late(x);`,
    'samples-unfinished-set',
  ),
  confluent(
    'one that asks for what a rule before has denied',
    `${kept}scratch fresh(x: int); fresh(x) :- a(x), notin kb(x);${out}p(x) :- fresh(x), kb(x);`,
  ),
  confluent(
    'one that asks for a value that no rule shows',
    `${kept}scratch state(x: int, s: int); state(x, 0) :- a(x);${out}p(x) :- state(x, s), s == 2, notin kb(x);`,
  ),
  divergent(
    'unless another rule shows it',
    `${kept}scratch state(x: int, s: int); state(x, 0) :- a(x); state(x, 2) :- b(x);${out}p(x) :- state(x, s), s == 2, notin kb(y), y = x + 1;`,
    'samples-unfinished-set',
  ),
  divergent(
    'whoever is not oneself is somebody',
    `static peer(n: addr); channel c(@to: addr, x: int); input a(x: int); c(n, x)@async :- a(x), peer(n), notin self(n); table k(x: int); k(x) :- a(x);${out}p(x) :- c(_, x), k(x);`,
    'half-guarded-join',
  ),
];
