/** What is kept: latches, updates and deletions, keys. */
import { confluent, convergent, divergent, kept, out, sent, view } from './verdict-cases.js';
import type { VerdictCase } from './verdict-cases.js';

export const stateCases: readonly VerdictCase[] = [
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
];
