/** Verdict cases about what is on its way: replies that are bound to come, sends that were sent to all. */
import { confluent, divergent } from './verdict-cases.js';
import type { VerdictCase } from './verdict-cases.js';

const replies =
  'input ask(i: int); channel req(@to: addr, from: addr, i: int); channel rep(@to: addr, i: int); table pend(i: int); output p(i: int); p(i) :- rep(_, i), pend(i);\n';
const asks = 'req(s, me, i)@async :- ask(i), cluster(s), self(me); ';
const answers = 'rep(n, i)@async :- req(_, _, i), cluster(n); ';
const copies =
  'input put(i: int); periodic again(200ms); channel copy(@to: addr, from: addr, i: int); channel ack(@to: addr, i: int); table mine(i: int); table acked(i: int); output p(i: int); mine(i) :- put(i); acked(i) :- ack(_, i); ack(s, i)@async :- copy(_, s, i); p(i) :- copy(_, _, i);\n';

export const messageCases: readonly VerdictCase[] = [
  // ---- replies that are bound to come ----
  confluent(
    'a reply of its own follows whatever is pending',
    `${replies}${asks}${answers}pend(i) :- ask(i);`,
  ),
  confluent(
    'also what is pending from the next step on',
    `${replies}${asks}${answers}pend(i)@next :- ask(i);`,
  ),
  confluent(
    'by way of what is derived on the way',
    `${replies}scratch seen(i: int); seen(i) :- req(_, _, i); ${asks}rep(n, i)@async :- seen(i), cluster(n); pend(i) :- ask(i);`,
  ),
  confluent(
    'and by way of what was stored meanwhile',
    `${replies}${asks}rep(n, i)@async :- req(_, _, i), pend(i), cluster(n); pend(i) :- ask(i);`,
  ),
  divergent(
    'unless something else makes it pending',
    `${replies}input note(i: int); ${asks}${answers}pend(i) :- ask(i); pend(i) :- note(i);`,
    'half-guarded-join',
  ),
  divergent(
    'or nobody may be there to ask',
    `${replies}static peer(n: addr); req(s, me, i)@async :- ask(i), peer(s), self(me); ${answers}pend(i) :- ask(i);`,
    'half-guarded-join',
  ),
  divergent(
    'or something else is asked for',
    `${replies}req(s, me, j)@async :- ask(i), j = i + 1, cluster(s), self(me); ${answers}pend(i) :- ask(i);`,
    'half-guarded-join',
  ),
  divergent(
    'or the reply goes to others alone',
    `${replies}${asks}rep(n, i)@async :- req(_, f, i), cluster(n), n != f; pend(i) :- ask(i);`,
    'half-guarded-join',
  ),
  divergent(
    'or what comes of it shows which reply it was',
    `input ask(i: int); channel req(@to: addr, from: addr, i: int); channel rep(@to: addr, by: addr, i: int); table pend(i: int); output p(by: addr, i: int); p(b, i) :- rep(_, b, i), pend(i); ${asks}rep(n, me, i)@async :- req(me, _, i), cluster(n); pend(i) :- ask(i);`,
    'half-guarded-join',
  ),
  divergent(
    'or a request that fails takes the reply with it',
    `${replies}${asks}${answers}pend(i) :- ask(i); channel odd(@to: addr, i: int); odd(s, 1 / i)@async :- req(_, _, i), cluster(s);`,
    'half-guarded-join',
  ),
  divergent(
    'or what is sent was held back because it had been sent before',
    `${replies}table done(i: int); done(i) :- req(_, _, i); req(s, me, i)@async :- ask(i), cluster(s), self(me), notin done(i); ${answers}pend(i)@next :- ask(i);`,
    'half-guarded-join',
    { observable: 'p' },
  ),

  // ---- sends that were sent to all ----
  confluent(
    'whoever was heard of has been sent to with all others',
    `${copies}copy(n, me, i)@async :- mine(i), cluster(n), self(me), again(_, _), notin acked(i);`,
  ),
  confluent(
    'also to a static roster with a static filter',
    `${copies}static peer(n: addr, w: int); static ban(n: addr); copy(n, me, i)@async :- mine(i), peer(n, w), w > 2, notin ban(n), self(me), again(_, _), notin acked(i);`,
  ),
  divergent(
    'but not to whoever joins later',
    `${copies}input join_in(n: addr); table members(n: addr); members(n) :- join_in(n); copy(n, me, i)@async :- mine(i), members(n), self(me), again(_, _), notin acked(i);`,
    'samples-unfinished-set',
  ),
  divergent(
    'nor to all if each waits for something of its own',
    `${copies}input join_in(n: addr); table ready(n: addr); ready(n) :- join_in(n); copy(n, me, i)@async :- mine(i), cluster(n), ready(n), self(me), again(_, _), notin acked(i);`,
    'samples-unfinished-set',
  ),
  divergent(
    'nor if another rule sends to one alone',
    `${copies}static peer(n: addr); input one(i: int); copy(n, me, i)@async :- mine(i), cluster(n), self(me), again(_, _), notin acked(i); copy(n, me, i)@async :- one(i), peer(n), self(me);`,
    'samples-unfinished-set',
  ),
  divergent(
    'nor if the answer is about another message',
    `input put(i: int, j: int); periodic again(200ms); channel copy(@to: addr, from: addr, i: int, j: int); channel ack(@to: addr, j: int); table mine(i: int, j: int); table acked(j: int); output p(i: int); mine(i, j) :- put(i, j); acked(j) :- ack(_, j); ack(s, j)@async :- copy(_, s, _, j); p(i) :- copy(_, _, i, _); copy(n, me, i, j)@async :- mine(i, j), cluster(n), self(me), again(_, _), notin acked(j);`,
    'samples-unfinished-set',
  ),
];
