/** Clocks, timers, choices, boot and halt. */
import { confluent, divergent, kept, out, view } from './verdict-cases.js';
import type { VerdictCase } from './verdict-cases.js';

export const chanceCases: readonly VerdictCase[] = [
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
    'a timer that has fired often enough',
    `${kept}periodic tick(100ms);${out}p(x) :- ka(x), tick(n, _), n >= 3;`,
  ),
  confluent(
    'two thresholds of one timer, through a rule',
    `${kept}periodic tick(100ms); scratch due(x: int); due(x) :- s(x), tick(n, _), n > 2;${out}p(x) :- due(x), ka(x), tick(n, _), n > x;`,
  ),
  divergent(
    'a timer that has not fired often yet',
    `${kept}periodic tick(100ms);${out}p(x) :- ka(x), tick(n, _), n < 3;`,
    'nondeterministic-value',
  ),
  divergent(
    'a timer that has fired often enough, and how often',
    `${kept}periodic tick(100ms);${out}p(n) :- ka(_), tick(n, _), n >= 3;`,
    'nondeterministic-value',
  ),
  divergent(
    'how often a timer has fired, kept in a lattice',
    `periodic tick(100ms); lattice most: lmax<int>; view p(x: int); most(n) :- tick(n, _), n >= 3; p(1) :- most(v), v.reveal() > 10;`,
    'nondeterministic-value',
  ),
  divergent(
    'a timer that fires often enough before it stops the node, or does not',
    `periodic tick(100ms); static s(x: int); s(1);${out}p(x) :- s(x), tick(n, _), n >= 5; halt(0) :- tick(n, _), n >= 3;`,
    'halts',
  ),
  divergent(
    'an aggregate that a timer opens tuple by tuple',
    `${kept}periodic tick(100ms); output q(y: int, n: int); s(1); s(2); q(y, count<x>) :- ka(y), s(x), tick(n, _), n > x;`,
    'nondeterministic-value',
    { observable: 'q' },
  ),
  divergent(
    'and one through a rule',
    `${kept}periodic tick(100ms); scratch due(x: int); scratch many(n: int); s(1); s(2); due(x) :- s(x), tick(n, _), n > x; many(count<x>) :- due(x);${out}p(x) :- ka(x), many(n), n <= 1;`,
    'half-guarded-join',
  ),
  divergent(
    'what is computed of a count may fail at each later one',
    `${kept}periodic tick(100ms);${out}p(x) :- ka(x), tick(n, _), n * 1000000000000000 >= x;`,
    'nondeterministic-value',
  ),
  confluent(
    'a timer does not fire at boot',
    `${kept}periodic tick(1ms);${out}p(x) :- a(x), tick(_, _), boot(_);`,
  ),
  divergent('inputs may come at boot', `${kept}${out}p(x) :- a(x), boot(_);`, 'event-rendezvous'),
  confluent(
    'what a program states is never absent',
    `${kept}static peer(n: addr); peer("n1");${out}p(x) :- ka(x), b(x), notin peer(_);`,
  ),
  divergent(
    'but for what merges with something else',
    `${kept}static t(k: int => v: lmax<int>); t(1, 3); t(1, 5);${out}p(x) :- a(x), b(x), notin t(1, 3);`,
    'event-rendezvous',
  ),
  divergent(
    'what it states of a table may be deleted',
    `${kept}table peer(n: addr, y: int); peer("n1", 1); delete peer(n, y) :- a(y), peer(n, y);${out}p(x) :- ka(x), notin peer(_, 1);`,
    'deletes',
  ),
  divergent(
    'what it states of one node only, elsewhere is absent',
    `${kept}static peer(@at: addr, y: int); peer("n1", 1);${out}p(x) :- a(x), b(x), notin peer(_, 1);`,
    'event-rendezvous',
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
  divergent(
    'a node that a fact stops at its start',
    `${kept}${out}p(x) :- a(x); halt(0);`,
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
];
