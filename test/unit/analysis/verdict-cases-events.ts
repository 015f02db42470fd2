/** What must meet within a timestep, and what shows events. */
import { confluent, divergent, kept, out, sent, view } from './verdict-cases.js';
import type { VerdictCase } from './verdict-cases.js';

export const eventCases: readonly VerdictCase[] = [
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
];
