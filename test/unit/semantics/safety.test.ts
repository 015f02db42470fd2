import { describe, expect, it } from 'vitest';
import { checkFixture, checkText, codesOf } from '../../support/check-fixture.js';

function holds(fixture: string): void {
  const { actual, expected } = checkFixture(fixture);
  expect(actual).toEqual(expected);
}

describe('range restriction', () => {
  it('reports each unbound variable once, at its place', () => {
    holds(`
input ask(id: int);
table sold(seat: int => id: int);
output got(id: int, seat: int);
got(id, seat) :- ask(id), notin sold(s, id);
        ^^^^ TRL0401 nothing in the body binds \`seat\`
                                     ^ TRL0402 nothing binds \`s\`
got(id, id) :- ask(id), n > 3, n < other, k = n + 1, k in xs;
                        ^ TRL0403 nothing binds \`n\`
                                   ^^^^^ TRL0403 nothing binds \`other\`
                                                          ^^ TRL0403 nothing binds \`xs\`
got(id, x) :- ask(id), x notin [1, 2];
                       ^ TRL0403 nothing binds \`x\`
`);
  });

  it('wants every alternative to bind the head', () => {
    holds(`
input a(x: int);
input b(x: int, y: int);
output o(x: int, y: int);
o(x, y) :- a(x) | b(x, y);
     ^ TRL0401 an alternative of the body does not bind \`y\`
o(x, y) :- a(x), y = 3 | b(x, y);
`);
    const { diagnostics } = checkText(
      'input a(x: int); input b(x: int, y: int); o(y) :- a(x) | b(x, y);',
    );
    expect(diagnostics[0]!.secondary).toHaveLength(1);
  });

  it('finds circular bindings, and what depends on them is no further error', () => {
    holds(`
output o(x: int);
o(x) :- x = y + 1, y = z * 2, z = x;
        ^^^^^^^^^ TRL0404
o(x) :- x = x;
        ^^^^^ TRL0404 \`x\` is bound only in terms of itself
o(w) :- [a] = b, b = [a], w = a + 1;
        ^^^^^^^ TRL0404
`);
  });

  it('suggests a bound name', () => {
    const { diagnostics } = checkText(
      'input ask(person: string); output o(p: string); o(persn) :- ask(person);',
    );
    expect(diagnostics[0]!.help).toBe('did you mean `person`?');
  });

  it('accepts what bindings, patterns and memberships bind, in any order', () => {
    expect(
      codesOf(`
      input ask(id: int, where: (int, list<string>));
      output o(a: int, b: string);
      o(a + c, b) :- c = a * 2, b in names, ask(_, (a, names));
      o(k, v) :- (k, v) in {1: "x"}, k != 2;
      o(x, "") :- x = y, ask(y, _);
      o(x, "") :- y = x, ask(y, _);
      o(x, z) :- ask(x, (_, [_, z]));`),
    ).toEqual([]);
  });

  it('takes `_` only where it needs no value', () => {
    holds(`
input ask(id: int);
output o(x: int);
o(_) :- ask(_);
  ^ TRL0405 \`_\` in a head
o(x) :- ask(x), _ > 3;
                ^ TRL0405
o(x) :- ask(x), ask(_ + 1);
                    ^ TRL0405
`);
  });

  it('allows constants only in facts', () => {
    holds(`
const n = 3;
p(n, n + 1, [n]);
p(x, y, [x]);
  ^ TRL0406 a fact holds constants only, but \`x\` is a variable
     ^ TRL0406
`);
    expect(checkText('p(ann);').diagnostics[0]!.fixes![0]!.edits[0]!.text).toBe('"ann"');
  });
});

describe('located rules', () => {
  const declarations = `
table link(@at: addr, to: addr);
table hop(@at: addr, to: addr);
channel msg(@to: addr, from: addr);
static peer(n: addr);
input ask(n: addr);
`;
  it('has one node a body', () => {
    holds(`${declarations}
hop(a, c) :- link(a, b), link(b, c);
                              ^ TRL0408 this body reads tuples at two nodes, \`a\` and \`b\`
hop(a, c) :- link(a, c), notin link(c, a);
                                    ^ TRL0408
hop(a, c) :- link(a, c), self(b), b != c;
                              ^ TRL0408
hop(a, c) :- link(a, c), link("x", c);
                              ^^^ TRL0408
hop(a, c) :- link(a, c), msg(a, _), self(a), link(_, c), self("x");
`);
  });

  it('keeps heads at that node unless they are asynchronous', () => {
    holds(`${declarations}
hop(b, a) :- link(a, b);
    ^ TRL0409 \`b\` need not be the node
hop(b, a)@next :- link(a, b);
    ^ TRL0409
delete hop(b, a) :- link(a, b);
           ^ TRL0409
hop(b, b) :- ask(b);
    ^ TRL0409
hop("x", b) :- ask(b);
    ^^^ TRL0409
hop(b, n)@async :- ask(b), self(n);
hop(n, b) :- ask(b), self(n);
hop(n, b) :- ask(b), self(n) | link(n, b);
hop(n, b) :- ask(b), self(n) | link(b, n);
    ^ TRL0409
msg(b, a)@async :- link(a, b);
delete hop(_, b) :- ask(b);
link("a", "b");
`);
  });

  it('shows the edit that sends the tuple', () => {
    const text = `${declarations}hop(b, a)@next :- link(a, b);`;
    const { edits } = checkText(text).diagnostics[0]!.fixes![0]!;
    const [edit] = edits;
    expect(text.slice(0, edit!.span.start) + edit!.text + text.slice(edit!.span.end)).toContain(
      'hop(b, a)@async :- link(a, b);',
    );
  });
});

describe('aggregates over keys', () => {
  it('warn about a hidden key column of what is counted, not of a filter', () => {
    holds(`
table paid(id: int, who: string => amount: int);
table vip(who: string, since: int);
view total(who: string, amount: int);
view both(who: string, amount: int, mean: float);
both(w, sum<a>, avg<a>) :- paid(_, w, a);
                           ^^^^^^^^^^^^^ TRL0411 count once in \`sum\`
total(w, sum<a>) :- paid(_, w, a);
                    ^^^^^^^^^^^^^ TRL0411 tuples of \`paid\` that differ only in \`id\`
total(w, count<*>) :- paid(who: w);
                      ^^^^^^^^^^^^ TRL0411
total(w, sum<a>) :- paid(_, w, a), vip(w, _);
                    ^^^^^^^^^^^^^ TRL0411
total(w, sum<a>) :- paid(i, w, a), vip(w, _);
total(w, count<i>) :- paid(i, w, _), vip(w, _);
total(w, max<a>) :- paid(_, w, a);
total(w, count<*>) :- vip(w, s), boot(_);
`);
  });
});
