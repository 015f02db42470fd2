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
