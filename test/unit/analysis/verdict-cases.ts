/**
 * Small programs with the verdict that the theory gives them, and why in one line. `p` is the
 * observable unless another one is named; `because` is the reason of the first blame.
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
const kept =
  'input a(x: int); input b(x: int); table ka(x: int); table kb(x: int); ka(x) :- a(x); kb(x) :- b(x); static s(x: int);\n';
const out = 'output p(x: int);\n';
const view = 'view p(x: int);\n';
const sent =
  'static peer(n: addr); channel c(@to: addr, x: int); input a(x: int); static s(x: int); c(n, x)@async :- a(x), peer(n);\n';

const confluent = (why: string, text: string, more: Partial<VerdictCase> = {}): VerdictCase => ({
  why,
  text,
  verdict: 'confluent',
  met: true,
  mechanism: 'none',
  ...more,
});
const convergent = (why: string, text: string, more: Partial<VerdictCase> = {}): VerdictCase => ({
  why,
  text,
  verdict: 'convergent',
  ...more,
});
const divergent = (
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

  // ---- events and rendezvous ----
  divergent('two inputs must meet', `${kept}${out}p(x) :- a(x), b(x);`, 'event-rendezvous', {
    mechanism: 'persist',
    provider: null,
  }),
  divergent(
    'a self-join of one event',
    `input a(x: int, y: int); output p(y: int, z: int); p(y, z) :- a(x, y), a(x, z);`,
    'event-rendezvous',
    { mechanism: 'persist' },
  ),
  divergent(
    'a self-join of one channel',
    `static peer(n: addr); input i(x: int, y: int); channel c(@to: addr, x: int, y: int); c(n, x, y)@async :- i(x, y), peer(n); output p(y: int, z: int); p(y, z) :- c(_, x, y), c(_, x, z);`,
    'event-rendezvous',
  ),
  divergent(
    'an event meets a stored tuple that may come later',
    `${kept}${out}p(x) :- a(x), kb(x);`,
    'half-guarded-join',
    { mechanism: 'persist' },
  ),
  divergent(
    'a table after the join does not guard it',
    `${kept}scratch j(x: int); table t(x: int); ${out}j(x) :- a(x), b(x); t(x) :- j(x); p(x) :- t(x);`,
    'event-rendezvous',
  ),
  confluent(
    'two literals that carry the whole of one event',
    `input a(x: int, y: int); scratch l(x: int, y: int); scratch r(x: int, y: int); output p(x: int, y: int); l(x, y) :- a(x, y), x > 1; r(x, y) :- a(x, y), y > 2; p(x, y) :- l(x, y), r(x, y);`,
  ),
  divergent(
    'two literals that share only a part of an event',
    `input a(x: int, y: int); scratch l(x: int); scratch r(x: int, y: int); output p(x: int, y: int); l(x) :- a(x, y), y > 5; r(x, y) :- a(x, y); p(x, y) :- l(x), r(x, y);`,
    'event-rendezvous',
  ),
  confluent(
    'the stored tuple comes from the very event',
    `input a(x: int); table k(x: int); output p(x: int); k(x) :- a(x); p(x) :- a(x), k(x);`,
  ),
  divergent(
    'it does not if it is stored for the next step',
    `input a(x: int); table k(x: int); output p(x: int); k(x)@next :- a(x); p(x) :- a(x), k(x);`,
    'half-guarded-join',
  ),
  divergent(
    'nor if it is stored under a condition',
    `input a(x: int); static s(x: int); table k(x: int); output p(x: int); k(x) :- a(x), s(x); p(x) :- a(x), k(x);`,
    'half-guarded-join',
  ),
  divergent(
    'an event that samples a negated growing set',
    `${kept}${out}p(x) :- a(x), notin kb(x);`,
    'samples-unfinished-set',
    { mechanism: 'order', provider: 'owner' },
  ),
  divergent(
    'an event meets what stands by even parity',
    `${kept}scratch lacks(x: int); output p(x: int); lacks(x) :- s(x), notin ka(x); p(x) :- b(x), notin lacks(x);`,
    'half-guarded-join',
  ),
  divergent('an absent event', `${kept}${out}p(x) :- a(x), notin b(x);`, 'negates-event'),
  divergent(
    'an absent event over stored data',
    `${kept}${out}p(x) :- ka(x), notin b(x);`,
    'negates-event',
  ),
  divergent(
    'a count of what shares a timestep',
    `${kept}output p(n: int);p(count<x>) :- a(x);`,
    'aggregates-events',
  ),
  divergent(
    'even the least of what shares a timestep',
    `${kept}output p(n: int);p(min<x>) :- a(x);`,
    'aggregates-events',
  ),
  divergent(
    'a mixed relation counts as an event',
    `${kept}scratch m(x: int); m(x) :- a(x); m(x) :- kb(x);${out}p(x) :- m(x), ka(x);`,
    'half-guarded-join',
  ),
  confluent(
    'a mixed relation by itself is fine',
    `${kept}scratch m(x: int); m(x) :- a(x); m(x) :- kb(x);${out}p(x) :- m(x);`,
  ),
  divergent(
    'the boot meets what is stored',
    `${kept}${out}p(x) :- boot(_), ka(x);`,
    'half-guarded-join',
  ),
  divergent(
    'the boot samples what is missing',
    `${kept}${out}p(x) :- boot(_), s(x), notin ka(x);`,
    'samples-unfinished-set',
  ),
  confluent('the boot alone comes once', `static s(x: int);${out}p(x) :- boot(_), s(x);`),
  divergent(
    'what is absent after the boot depends on whether another timestep runs',
    `static s(x: int);${out}p(x) :- s(x), notin boot(_);`,
    'negates-event',
  ),
  divergent(
    'a fact of a scratch holds at boot only',
    `input a(x: int); scratch f(x: int); f(1);${out}p(x) :- a(x), f(x);`,
    'event-rendezvous',
  ),

  // ---- latches ----
  divergent(
    'a difference that is stored',
    `${kept}table t(x: int);${view}t(x) :- ka(x), notin kb(x); p(x) :- t(x);`,
    'samples-unfinished-set',
  ),
  divergent(
    'a difference that is sent',
    `${kept}static peer(n: addr); channel c(@to: addr, x: int);${out}c(n, x)@async :- ka(x), notin kb(x), peer(n); p(x) :- c(_, x);`,
    'samples-unfinished-set',
  ),
  divergent(
    'a difference that is kept for the next step',
    `${kept}scratch t(x: int);${out}t(x)@next :- ka(x), notin kb(x); p(x) :- t(x);`,
    'samples-unfinished-set',
  ),
  divergent(
    'a count that is stored',
    `${kept}table t(n: int);view p(n: int);t(count<x>) :- ka(x); p(n) :- t(n);`,
    'samples-unfinished-set',
  ),
  divergent(
    'a difference sent to oneself',
    `${kept}loopback l(x: int);${out}l(x)@async :- ka(x), notin kb(x); p(x) :- l(x);`,
    'samples-unfinished-set',
  ),
  confluent(
    'monotone data sent to oneself',
    `${kept}loopback l(x: int);${out}l(x)@async :- ka(x); p(x) :- l(x);`,
  ),
  confluent(
    'static data, filtered by negation, then sent',
    `static s(x: int); static t(x: int); static peer(n: addr); channel c(@to: addr, x: int); output p(x: int); c(n, x)@async :- s(x), notin t(x), peer(n); p(x) :- c(_, x);`,
  ),
  divergent(
    'negation over a table that a channel feeds, then stored',
    `${sent}table k(x: int); table t(x: int);${view}k(x) :- c(_, x); t(x) :- s(x), notin k(x); p(x) :- t(x);`,
    'samples-unfinished-set',
    { provider: 'paxos' },
  ),
  confluent(
    'gossip: stored, sent on, stored',
    `${sent}table k(x: int);${out}k(x) :- a(x); k(x) :- c(_, x); scratch more(n: addr, x: int); more(n, x) :- k(x), peer(n); p(x) :- k(x);`,
  ),
  convergent(
    'negation over a table that a channel feeds',
    `${sent}table k(x: int);${out}k(x) :- c(_, x); p(x) :- s(x), notin k(x);`,
    { met: false, because: 'negates-growing-set', mechanism: 'seal' },
  ),
  convergent(
    'a located table is fed like a channel',
    `static peer(n: addr); input a(x: int); static s(x: int); table k(@n: addr, x: int); k(n, x)@async :- a(x), peer(n); output p(x: int); p(x) :- s(x), self(me), notin k(me, x);`,
    { met: false },
  ),

  // ---- state that is updated ----
  divergent(
    'deleted by an event',
    `${kept}table t(x: int);${view}t(x) :- a(x); delete t(x) :- b(x); p(x) :- t(x);`,
    'deletes',
    { mechanism: 'order', provider: 'owner' },
  ),
  divergent(
    'kept unless an event deletes it',
    `input a(x: int); input d(x: int); scratch t(x: int); view p(x: int); t(x)@next :- a(x); t(x)@next :- t(x), notin d(x); p(x) :- t(x);`,
    'deletes',
  ),
  divergent(
    'deleted by a static rule, after it was shown',
    `${kept}table t(x: int);${out}t(x)@next :- a(x); delete t(x) :- s(x); p(x) :- t(x);`,
    'deletes',
  ),
  convergent(
    'added and removed in two sets that grow',
    `${kept}${view}p(x) :- ka(x), notin kb(x);`,
    { met: true },
  ),
  divergent(
    'overwritten by the last event',
    `input put(k: string, v: int); table kv(k: string => v: int); view p(k: string, v: int); upsert kv(k, v) :- put(k, v); p(k, v) :- kv(k, v);`,
    'overwrites',
    { mechanism: 'order', provider: 'owner' },
  ),
  divergent(
    'inserted if absent',
    `input put(k: string, v: int); table kv(k: string, v: int); view p(k: string, v: int); kv(k, v)@next :- put(k, v), notin kv(k, _); p(k, v) :- kv(k, v);`,
    'samples-unfinished-set',
  ),
  divergent(
    'read, modified and written',
    `input add(k: string, d: int); table n(k: string => v: int); n("a", 0); view p(k: string, v: int); upsert n(k, v + d) :- n(k, v), add(k, d); p(k, v) :- n(k, v);`,
    'overwrites',
    { provider: 'owner' },
  ),
  divergent(
    'toggled by events',
    `input flip(); table on(x: int); view p(x: int); on(1)@next :- flip(), notin on(1); delete on(1) :- flip(), on(1); p(x) :- on(x);`,
    'samples-unfinished-set',
  ),
  confluent(
    'updates that only static data and the boot drive',
    `static s(x: int); table t(k: int => v: int); t(0, 0); output p(v: int); upsert t(0, v + 1) :- t(0, v), s(v); p(v) :- t(0, v);`,
  ),

  // ---- keys ----
  divergent(
    'a keyed table that events fill',
    `input put(k: string, v: int); table kv(k: string => v: int); view p(k: string, v: int); kv(k, v)@next :- put(k, v); p(k, v) :- kv(k, v);`,
    'key-race',
    { provider: 'owner' },
  ),
  confluent(
    'the value is computed from the key',
    `input put(k: int); table kv(k: int => v: int); output p(k: int, v: int); kv(k, k + 1) :- put(k); p(k, v) :- kv(k, v);`,
  ),
  confluent(
    'the value is looked up in a static table by key',
    `input put(k: int); static price(k: int => v: int); table kv(k: int => v: int); output p(k: int, v: int); kv(k, v) :- put(k), price(k, v); p(k, v) :- kv(k, v);`,
  ),
  divergent(
    'two rules for one key',
    `input put(k: int); table kv(k: int => v: int); view p(k: int, v: int); kv(k, k + 1) :- put(k); kv(k, k + 2) :- put(k); p(k, v) :- kv(k, v);`,
    'key-race',
  ),
  divergent(
    'a keyed input',
    `input put(k: string => v: int); output p(k: string, v: int); p(k, v) :- put(k, v);`,
    'key-race',
  ),
  divergent(
    'a keyed channel whose messages may meet',
    `static peer(n: addr); input a(k: int, v: int); channel c(@to: addr, k: int => v: int); c(n, k, v)@async :- a(k, v), peer(n); output p(k: int, v: int); p(k, v) :- c(_, k, v);`,
    'key-race',
  ),
  confluent(
    'a group is the key of its aggregate',
    `${kept}scratch t(x: int => n: int); output p(x: int); t(x, count<y>) :- ka(x), kb(y); p(x) :- t(x, n), n >= 2;`,
  ),
  divergent(
    'a key race elsewhere fails the timestep of this event',
    `input put(k: string, v: int); table kv(k: string => v: int); kv(k, v)@next :- put(k, v); output p(k: string, v: int); p(k, v) :- put(k, v);`,
    'failing-timestep',
  ),
  confluent(
    'an insert guarded by its own key cannot conflict and spoils nothing else',
    `input a(x: int); input ask(i: int, s: string); table todo(i: int, s: string); table sold(s: string => i: int); scratch win(s: string, i: int); todo(i, s) :- ask(i, s); win(s, min<i>) :- todo(i, s), notin sold(s, _); sold(s, i)@next :- win(s, i); output p(x: int); p(x) :- a(x);`,
  ),

  // ---- other sources of chance ----
  divergent('the clock', `${kept}${out}p(x) :- a(_), now(x);`, 'nondeterministic-value'),
  confluent('a clock that nobody looks at', `${kept}${out}p(x) :- a(x), now(_);`),
  divergent(
    'the count of a timer',
    `periodic tick(100ms);${out}p(x) :- tick(x, _);`,
    'nondeterministic-value',
  ),
  divergent(
    'a certain firing of a timer may be skipped',
    `periodic tick(100ms); static s(x: int);${out}p(x) :- s(x), tick(3, _);`,
    'nondeterministic-value',
  ),
  confluent(
    'a timer that only paces',
    `${kept}periodic tick(100ms);${out}p(x) :- ka(x), tick(_, _);`,
  ),
  confluent(
    'resending what is stored',
    `${kept}periodic tick(100ms); static peer(n: addr); channel c(@to: addr, x: int);${out}c(n, x)@async :- ka(x), peer(n), tick(_, _); p(x) :- c(_, x);`,
  ),
  divergent(
    'a timer that samples',
    `${kept}periodic tick(100ms);${out}p(x) :- s(x), notin ka(x), tick(_, _);`,
    'samples-unfinished-set',
  ),
  divergent(
    'a timer that meets an event',
    `${kept}periodic tick(100ms);${out}p(x) :- a(x), tick(_, _);`,
    'event-rendezvous',
  ),
  divergent(
    'a time-out: no answer before the timer',
    `${kept}periodic tick(100ms); table late(x: int);${view}late(x) :- s(x), tick(_, _), notin ka(x); p(x) :- late(x);`,
    'samples-unfinished-set',
  ),
  divergent(
    'a counter of timer firings',
    `periodic tick(100ms); table n(k: int => v: int); n(0, 0); view p(v: int); upsert n(0, v + 1) :- n(0, v), tick(_, _); p(v) :- n(0, v);`,
    'overwrites',
  ),
  divergent(
    'a node that stops loses what it has not taken',
    `${kept}${out}p(x) :- a(x); halt(0) :- b(_);`,
    'halts',
  ),
  confluent(
    'a node that stops by itself, and nothing comes in',
    `static s(x: int);${out}p(x) :- s(x); halt(0) :- boot(_);`,
  ),
  divergent(
    'a division that fails only if the count is sampled at three',
    `${kept}scratch n(k: int); view q(x: int); n(count<x>) :- ka(x); q(10 / (k - 3)) :- n(k);${out}p(x) :- a(x);`,
    'failing-timestep',
  ),
  confluent(
    'lines of standard input are events like others',
    `output p(l: string); p(l) :- stdin(l);`,
  ),

  // ---- views of events ----
  divergent(
    'a view of an event ends with whatever the last timestep held',
    `${kept}${view}p(x) :- a(x);`,
    'momentary',
    { mechanism: 'persist' },
  ),
  divergent(
    'a view of a channel does, on replicas too',
    `${sent}${view}p(x) :- c(_, x);`,
    'momentary',
    { mechanism: 'persist' },
  ),
  divergent(
    'so does what is shown because nobody reads it',
    `input a(x: int); p(x) :- a(x);`,
    'momentary',
  ),
  divergent('a fact of a view holds at boot only', `input a(x: int); ${view}p(1);`, 'momentary'),
  divergent(
    'a view of the boot',
    `input a(x: int); view p(f: bool); p(f) :- boot(f);`,
    'momentary',
  ),
  divergent(
    'a view that also stands is still partly momentary',
    `${kept}${view}p(x) :- ka(x); p(x) :- b(x);`,
    'momentary',
  ),
  confluent('kept in a table it stays', `${kept}${view}p(x) :- ka(x);`),

  // ---- sequences that a failing timestep breaks ----
  divergent(
    'a chain through next steps, beside a delayed rule that fails by a race',
    `input a(x: int); input b(x: int); scratch tick(n: int); tick(0); tick(n + 1)@next :- tick(n), n < 20; table at(n: int); at(n) :- tick(n); output p(n: int); p(n) :- at(n); scratch bad(x: int); bad(x)@next :- a(x), b(x); scratch e(x: int); e(10 / (x - 3)) :- bad(x);`,
    'failing-timestep',
  ),
  divergent(
    'or beside one that fails by its data alone',
    `input a(x: int); scratch tick(n: int); tick(0); tick(n + 1)@next :- tick(n), n < 20; table at(n: int); at(n) :- tick(n); output p(n: int); p(n) :- at(n); scratch d(x: int); d(x)@next :- a(x); scratch e(x: int); e(10 / (x - 3)) :- d(x);`,
    'failing-timestep',
  ),
  confluent(
    'a chain beside a rule that fails without any delay',
    `input a(x: int); scratch tick(n: int); tick(0); tick(n + 1)@next :- tick(n), n < 20; table at(n: int); at(n) :- tick(n); output p(n: int); p(n) :- at(n); scratch e(x: int); e(10 / (x - 3)) :- a(x);`,
  ),

  // ---- timesteps that fail by their data ----
  confluent(
    'what fails on one input is missing in every run',
    `${kept}scratch e(x: int); e(x) :- a(x), x < 9; ${out}p(10 / x) :- e(x);`,
  ),
  divergent(
    'a message is left out with what was sent along',
    `${sent}${out}p(10 / x) :- c(_, x);`,
    'failing-timestep',
  ),
  confluent('unless a guard keeps it from failing', `${sent}${out}p(10 / x) :- c(_, x), x != 0;`),
  confluent(
    'or from what a column refuses',
    `${sent}table n(x: nat); n(x + 1) :- c(_, x), x >= 0; output p(x: nat); p(x) :- n(x);`,
  ),
  divergent(
    'of two inputs that fail together the last is left out',
    `${kept}scratch e(x: int); e(10 / x) :- ka(x), kb(x); ${out}p(x) :- ka(x);`,
    'failing-timestep',
  ),
  convergent(
    'a map of rows with one value a key does not fail',
    `input put(k: string, s: int); table r(k: string => b: int); scratch newest(k: string, b: int); scratch stale(k: string, b: int); newest(k, max<s>) :- put(k, s); stale(k, b) :- newest(k, b), r(k, old), old >= b; upsert r(k, b) :- newest(k, b), notin stale(k, b); view p(m: map<string, int>); p(map<k, b>) :- r(k, b);`,
  ),
  divergent(
    'one of rows that may disagree does',
    `${kept}view p(m: map<int, int>); p(map<y, x>) :- ka(x), y = x % 2, notin kb(x);`,
    'failing-timestep',
  ),

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
