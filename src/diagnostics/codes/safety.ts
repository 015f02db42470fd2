/**
 * Codes of area 04: what makes a rule safe to evaluate: bound variables, constant facts, one node.
 */
import type { CodeEntry } from '../code-entry.js';

export const safetyCodes: readonly CodeEntry[] = [
  {
    code: 'TRL0401',
    title: 'unbound variable in a head',
    explanation:
      'Every variable of a head is bound by every alternative of the body: by a positive literal, by `x ' +
      '= e`, or by `x in e`. Otherwise the rule would derive a tuple for every value there is.',
    wrong: `input ask(id: int);
output got(id: int, who: string);
got(id, who) :- ask(id);
`,
    right: `input ask(id: int, who: string);
output got(id: int, who: string);
got(id, who) :- ask(id, who);
`,
  },
  {
    code: 'TRL0402',
    title: 'unbound variable in a negation',
    explanation:
      'The variables of a negated literal are bound elsewhere in the body. Where any value will do, `_` ' +
      'says so: `notin sold(s, _)` holds if no tuple with this s is there.',
    wrong: `input ask(seat: int);
table sold(seat: int => id: int);
output free(seat: int);
free(s) :- ask(s), notin sold(s, id);
`,
    right: `input ask(seat: int);
table sold(seat: int => id: int);
output free(seat: int);
free(s) :- ask(s), notin sold(s, _);
`,
  },
  {
    code: 'TRL0403',
    title: 'unbound variable in an expression',
    explanation:
      'The variables of an expression are bound by a positive literal, by `x = e`, or by `x in e`, so ' +
      'that it has a value.',
    wrong: `input ask(n: int);
output got(n: int);
got(n) :- ask(n), m > 3;
`,
    right: `input ask(n: int, m: int);
output got(n: int);
got(n) :- ask(n, m), m > 3;
`,
  },
  {
    code: 'TRL0404',
    title: 'variables bound only by each other',
    explanation:
      'Each of these variables is bound to an expression that uses another of them, so none has a value ' +
      'to start from.',
    wrong: `output got(x: int);
got(x) :- x = y + 1, y = x - 1;
`,
    right: `output got(x: int);
got(x) :- y = 1, x = y + 1;
`,
  },
  {
    code: 'TRL0405',
    title: '`_` where a value is needed',
    explanation:
      '`_` matches any value, and has none. It may stand for an argument of a literal in a body, in a ' +
      'pattern, and in `delete`.',
    wrong: `input ask(n: int);
output got(n: int);
got(_) :- ask(n);
`,
    right: `input ask(n: int);
output got(n: int);
got(n) :- ask(n);
`,
  },
  {
    code: 'TRL0406',
    title: 'variable in a fact',
    explanation:
      'A fact has no body that could bind a variable, so it holds constants only. A word without quotes ' +
      'is a variable, whatever its case.',
    wrong: `static likes(who: string, what: string);
likes(ann, tea);
`,
    right: `static likes(who: string, what: string);
likes("ann", "tea");
`,
  },
  {
    code: 'TRL0407',
    title: 'fact that needs a body',
    explanation:
      '`@next`, `@async`, `delete`, `upsert` and aggregates happen when a body holds. A fact has none.',
    wrong: `table kv(key: string => value: int);
upsert kv("a", 1);
`,
    right: `table kv(key: string => value: int);
upsert kv("a", 1) :- boot(_);
`,
  },
  {
    code: 'TRL0408',
    title: 'body at two nodes',
    explanation:
      'A rule is evaluated at one node, over the tuples that live there. All its `@` columns are that ' +
      'node, hence one variable. Tuples of another node have to be sent first.',
    wrong: `table link(@at: addr, to: addr);
table hop(@at: addr, to: addr);
hop(a, c) :- link(a, b), link(b, c);
`,
    right: `table link(@at: addr, to: addr);
table back(@at: addr, from: addr);
table hop(@at: addr, to: addr);
back(b, a)@async :- link(a, b);
hop(a, c)@async :- back(b, a), link(b, c);
`,
  },
  {
    code: 'TRL0409',
    title: 'head at another node',
    explanation:
      'Only an `@async` head may be at another node than the body: a tuple reaches it as a message, in ' +
      'a later timestep. Any other head into a located relation is at the node of the body, which a ' +
      'literal with an `@` column or `self(n)` names.',
    wrong: `table seen(@at: addr, id: int);
static peer(node: addr);
input ask(id: int);
seen(p, id) :- ask(id), peer(p);
`,
    right: `table seen(@at: addr, id: int);
static peer(node: addr);
input ask(id: int);
seen(p, id)@async :- ask(id), peer(p);
`,
  },
  {
    code: 'TRL0410',
    title: 'aggregate in a delete',
    explanation: '`delete` names the tuples that go, one by one. Derive the aggregate first.',
    wrong: `table log(id: int);
delete log(min<id>) :- log(id), boot(_);
`,
    right: `table log(id: int);
scratch oldest(id: int);
oldest(min<id>) :- log(id), boot(_);
delete log(id) :- oldest(id);
`,
  },
  {
    code: 'TRL0411',
    title: 'aggregate over part of a key',
    explanation:
      'An aggregate ranges over the distinct bindings of the named variables of the body. A literal ' +
      'that provides what is counted or summed leaves out a column of its key, so tuples that differ ' +
      'only there count once. This is a warning.',
    wrong: `table paid(id: int, amount: int);
view total(amount: int);
total(sum<a>) :- paid(_, a);
`,
    right: `table paid(id: int, amount: int);
view total(amount: int);
total(sum<a>) :- paid(id, a);
`,
  },
];
