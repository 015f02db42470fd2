/** The two programs that the analysis is for: one that needs an order and one that needs nothing. */
export const seatDesk = `
static desk(node: addr);
input wish(id: int, person: string, seat: string);
channel ask(@desk: addr, id: int, client: addr, person: string, seat: string);
channel answer(@client: addr, id: int, seat: string);
table todo(id: int, seat: string, client: addr);
table sold(seat: string, id: int);
output grant(seat: string, id: int);
output reply(id: int, seat: string);
view waiting(n: int);
ask(d, i, me, p, s)@async :- wish(i, p, s), desk(d), self(me);
todo(i, s, c) :- ask(_, i, c, _, s);
win: grant(s, min<i>) :- todo(i, s, _), notin sold(s, _);
sold(s, i)@next :- grant(s, i);
answer(c, i, s)@async :- grant(s, i), todo(i, s, c);
reply(i, s) :- answer(_, i, s);
waiting(count<i>) :- todo(i, _, _);
`;

export const gossipReach = `
static neighbour(node: addr, other: addr);
static initial(src: string, dst: string);
channel hear(@to: addr, src: string, dst: string);
table link(src: string, dst: string);
output reach(src: string, dst: string);
link(x, y) :- initial(x, y);
link(x, y) :- hear(_, x, y);
hear(n, x, y)@async :- link(x, y), self(me), neighbour(me, n);
reach(x, y) :- link(x, y);
reach(x, z) :- reach(x, y), link(y, z);
`;
