/** Codes of area 14: statements about a program (`seal`, `sealed`, `assume`, `coordinate`, `invariant`). */
import type { CodeEntry } from '../code-entry.js';

export const remarkCodes: readonly CodeEntry[] = [
  {
    code: 'TRL1101',
    title: 'A relation that cannot be sealed',
    explanation:
      'A seal promises that no more tuples of a relation will come. A static is complete from the start, a periodic fires as long as the node lives, and built-in relations are filled by the system: no producer can promise anything about them.',
    wrong:
      'static member(who: string);\ninput done(who: string);\nview v(who: string);\nseal member on (who) when done(who);\nv(w) :- member(w), done(w);\n',
    right:
      'input joined(who: string);\ninput done(who: string);\nview v(who: string);\nseal joined on (who) when done(who);\nv(w) :- joined(w);\n',
  },
  {
    code: 'TRL1102',
    title: 'A statement about a program stands twice',
    explanation:
      'A relation has one seal and one choice of coordination, a rule one assumption, and each invariant a name of its own: a second one would leave open which holds.',
    wrong:
      'table t(x: int);\nview v(x: int);\nv(x) :- t(x);\ncoordinate t none;\ncoordinate t order (x);\n',
    right: 'table t(x: int);\nview v(x: int);\nv(x) :- t(x);\ncoordinate t none;\n',
  },
  {
    code: 'TRL1103',
    title: 'Producers that are no static of node names',
    explanation:
      'Whoever waits for a seal has to know for how many promises to wait. So the producers behind `from` are one column of a static relation, which names nodes: one variable there, `_` in every other column.',
    wrong:
      'input action(session: int);\ninput client(c: addr);\ninput done(session: int);\nview v(s: int);\nseal action on (session) from client(c) when done(session);\nv(s) :- action(s);\n',
    right:
      'input action(session: int);\nstatic client(c: addr);\ninput done(session: int);\nview v(s: int);\nseal action on (session) from client(c) when done(session);\nv(s) :- action(s);\n',
  },
  {
    code: 'TRL1104',
    title: 'A name in the condition of a seal that the seal does not know',
    explanation:
      'The condition behind `when` says at a producer which values of the sealed columns are finished. So its arguments are the sealed columns by their names, the variable of the producer, constants, and `_`; anything more complex belongs into a rule.',
    wrong:
      'input action(session: int);\ninput done(session: int);\nview v(s: int);\nseal action on (session) when done(sesion);\nv(s) :- action(s);\n',
    right:
      'input action(session: int);\ninput done(session: int);\nview v(s: int);\nseal action on (session) when done(session);\nv(s) :- action(s);\n',
  },
  {
    code: 'TRL1105',
    title: 'A relation that nothing seals',
    explanation:
      '`sealed p(k)` holds at a node once all producers of p have promised that no more tuples for k will come. Without a `seal` statement for p nobody promises that, and the rule could never fire.',
    wrong:
      'table action(session: int);\noutput bill(session: int);\nbill(s) :- sealed action(s);\n',
    right: 'table action(session: int);\nview bill(session: int);\nbill(s) :- action(s);\n',
  },
  {
    code: 'TRL1106',
    title: 'An assumption about a rule that is not there',
    explanation:
      'An assumption overrides what the analysis says about one rule, named by its label or, in quotes, as "relation#n", where n counts the rules of that head from 1. An override that matches no rule is a mistake that must not go unnoticed.',
    wrong: 'input e(x: int);\noutput o(x: int);\nwin: o(x) :- e(x);\nassume won "harmless";\n',
    right: 'input e(x: int);\noutput o(x: int);\nwin: o(x) :- e(x);\nassume win "harmless";\n',
  },
  {
    code: 'TRL1107',
    title: 'An assumption without a reason',
    explanation:
      'Every report shows an assumption with its reason, so that whoever relies on the program can judge it. An empty one says nothing.',
    wrong: 'input e(x: int);\noutput o(x: int);\nwin: o(x) :- e(x);\nassume win "";\n',
    right:
      'input e(x: int);\noutput o(x: int);\nwin: o(x) :- e(x);\nassume win "all readers ask again";\n',
  },
  {
    code: 'TRL1108',
    title: 'A choice of coordination that means nothing',
    explanation:
      '`coordinate` says how nodes agree about a relation. What never changes or what the system fills needs no agreement, and only an order has columns: tuples that agree on them share one order.',
    wrong: 'static s(x: int);\nview v(x: int);\nv(x) :- s(x);\ncoordinate s order (x);\n',
    right: 'table s(x: int);\nview v(x: int);\nv(x) :- s(x);\ncoordinate s auto;\n',
  },
  {
    code: 'TRL1109',
    title: 'A place that is none',
    explanation:
      'In an invariant `p(x)@n` is a tuple of p at node n. A condition is at no node, and a tuple of a located relation is where its `@` column says.',
    wrong: 'table t(@n: addr, x: int);\ninvariant small: !(t(_, x)@m, x > 9);\n',
    right: 'table t(@n: addr, x: int);\ninvariant small: !(t(_, x), x > 9);\n',
  },
  {
    code: 'TRL1110',
    title: 'A seal in an invariant',
    explanation:
      'Invariants range over the tuples that nodes hold and outputs have released. What a node knows of seals is not among them.',
    wrong:
      'table t(x: int);\ninput done(x: int);\nseal t on (x) when done(x);\ninvariant i: !(sealed t(1));\n',
    right:
      'table t(x: int);\ninput done(x: int);\nseal t on (x) when done(x);\ninvariant i: !(t(x), x > 1);\n',
  },
  {
    code: 'TRL1111',
    title: 'A mechanism that is not inserted',
    explanation:
      '`coordinate` asks for a mechanism that is not inserted: a cut, an order of anything but channels, or a seal where none that the program declares closes what is read. To run without it would break the promise silently, so programs that ask for it are checked and reported on, but not run. An order of the channel that feeds the relation is inserted, a seal where a `seal` statement lets a rule wait for it, and `auto` inserts either where the rules need it.',
    wrong:
      'input e(x: int);\ntable t(x: int);\nview v(x: int);\nt(x) :- e(x);\nv(x) :- t(x);\ncoordinate t cut;\n',
    right:
      'input e(x: int);\ntable t(x: int);\nview v(x: int);\nt(x) :- e(x);\nv(x) :- t(x);\ncoordinate t auto;\n',
  },
  // TRL1112 said of `sealed` literals that this version did not run them.
  {
    code: 'TRL1113',
    title: 'A seal that cannot be carried out',
    explanation:
      'A rule waits for a seal that no mark of a producer could announce: the condition leaves open for which values of the sealed columns it holds, or the producers are not the same at all nodes, or the tuples cannot be counted, or those who promise are not those who derive the relation. To run without it would break the promise silently, so the program is checked and reported on, but not run.',
    wrong:
      'input e(x: int);\ninput over(why: int);\ntable t(x: int);\noutput o(x: int);\nt(x) :- e(x);\no(x) :- t(x), sealed t(x);\nseal t on (x) when over(_);\n',
    right:
      'input e(x: int);\ninput over(x: int);\ntable t(x: int);\noutput o(x: int);\nt(x) :- e(x);\no(x) :- t(x), sealed t(x);\nseal t on (x) when over(x);\n',
  },
];
