/** Verdict cases about what is on its way: replies that are bound to come, sends that were sent to all. */
import { confluent, divergent } from './verdict-cases.js';
import type { VerdictCase } from './verdict-cases.js';

const replies =
  'input ask(i: int); channel req(@to: addr, from: addr, i: int); channel rep(@to: addr, i: int); table pend(i: int); output p(i: int); p(i) :- rep(_, i), pend(i);\n';
const asks = 'req(s, me, i)@async :- ask(i), cluster(s), self(me); ';
const answers = 'rep(n, i)@async :- req(_, _, i), cluster(n); ';
const copies =
  'input put(i: int); periodic again(200ms); channel copy(@to: addr, from: addr, i: int); channel ack(@to: addr, i: int); table mine(i: int); table acked(i: int); output p(i: int); mine(i) :- put(i); acked(i) :- ack(_, i); ack(s, i)@async :- copy(_, s, i); p(i) :- copy(_, _, i);\n';
/** Letters by an id, which are answered by their ids: what is sent, and what it is sent from, is open. */
const letters =
  'periodic again(200ms); static text(i: int => t: string); input put(i: int); channel copy(@to: addr, from: addr, i: int, t: string); channel ack(@to: addr, from: addr, i: int); table acked(to: addr, i: int); table got(from: addr, i: int => t: string); output p(i: int, t: string); acked(n, i) :- ack(_, n, i); ack(s, me, i)@async :- copy(_, s, i, _), self(me); got(s, i, t) :- copy(_, s, i, t); p(i, t) :- got(_, i, t);\n';
const box = 'table box(to: addr, i: int => t: string); ';
const boxed = `${box}box(n, i, t) :- put(i), text(i, t), cluster(n); `;
const sentAtOnce =
  'copy(n, me, i, t)@async :- put(i), text(i, t), cluster(n), self(me), notin acked(n, i); ';
const sentAgain =
  'copy(n, me, i, t)@async :- box(n, i, t), self(me), again(_, _), notin acked(n, i); ';

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
  // ---- one table behind all that is sent ----
  confluent(
    'an id has one text in the box from which all is sent, at once and again',
    `${letters}${boxed}${sentAtOnce}${sentAgain}`,
  ),
  confluent(
    'also by way of what is to be sent',
    `${letters}${box}scratch out(n: addr, i: int, t: string); out(n, i, t) :- put(i), text(i, t), cluster(n); box(n, i, t) :- out(n, i, t); copy(n, me, i, t)@async :- out(n, i, t), self(me), notin acked(n, i); ${sentAgain}`,
  ),
  divergent(
    'unless it is put in with different texts',
    `${letters}${box}input write(i: int, t: string); box(n, i, t) :- write(i, t), cluster(n); ${sentAgain}`,
    'key-race',
  ),
  divergent(
    'or the text in it may be replaced',
    `${letters}${box}input write(i: int, t: string); upsert box(n, i, t) :- write(i, t), cluster(n); ${sentAgain}`,
    'key-race',
  ),
  divergent(
    'or something is sent that is not in the box',
    `${letters}${boxed}${sentAgain}input note(i: int); copy(n, me, i, "note")@async :- note(i), cluster(n), self(me);`,
    'key-race',
  ),
  divergent(
    'or is put in later than it is sent',
    `${letters}${box}input write(i: int, t: string); box(n, i, t)@next :- write(i, t), cluster(n); copy(n, me, i, t)@async :- write(i, t), cluster(n), self(me); ${sentAgain}`,
    'key-race',
  ),
  divergent(
    'or in the name of another node',
    `${letters}${boxed}${sentAtOnce}copy(n, other, i, t)@async :- box(n, i, t), cluster(other), again(_, _), notin acked(n, i);`,
    'key-race',
  ),
  divergent(
    'or with the least of several texts',
    `${letters}${boxed}${sentAgain}static more(i: int, t: string); more(1, "m"); input alt(i: int); copy(n, me, i, min<t>)@async :- alt(i), box(n, i, _), more(i, t), self(me);`,
    'key-race',
  ),
  divergent(
    'so that its id answers for no text',
    `periodic again(200ms); static box(to: addr, i: int => t: int); static more(i: int, t: int); box("b", 1, 5); more(1, 6); input put(i: int); input alt(i: int); channel copy(@to: addr, from: addr, i: int, t: int); channel ack(@to: addr, from: addr, i: int); table acked(to: addr, i: int); output p(i: int, t: int); copy(n, me, i, t)@async :- put(i), box(n, i, t), self(me), notin acked(n, i); copy(n, me, i, min<t>)@async :- alt(i), box(n, i, _), more(i, t), self(me); ack(s, me, i)@async :- copy(_, s, i, _), self(me); acked(n, i) :- ack(_, n, i); p(i, t) :- copy(_, _, i, t);`,
    'samples-unfinished-set',
  ),
];
