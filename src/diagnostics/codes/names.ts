/**
 * Codes of area 02: what names stand for: relations, functions, constants, labels. Modules, once
 * there are any, belong here too.
 */
import type { CodeEntry } from '../code-entry.js';

export const nameCodes: readonly CodeEntry[] = [
  {
    code: 'TRL0201',
    title: 'unknown relation',
    explanation:
      'A relation is read, but nothing declares it, and no fact or rule derives it, so it would be ' +
      'empty for ever. Most often the name is misspelt. A relation that is filled from outside the ' +
      'program needs a declaration.',
    wrong: `input ask(id: int);
output seen(id: int);
seen(id) :- aks(id);
`,
    right: `input ask(id: int);
output seen(id: int);
seen(id) :- ask(id);
`,
  },
  {
    code: 'TRL0202',
    title: 'unknown function or method',
    explanation:
      'An expression calls a function that the language does not have. Functions that may be written as ' +
      'methods of their first argument (`xs.size()`) can always be written as functions too.',
    wrong: `input word(text: string);
output length(text: string, n: int);
length(t, siz(t)) :- word(t);
`,
    right: `input word(text: string);
output length(text: string, n: int);
length(t, size(t)) :- word(t);
`,
  },
  {
    code: 'TRL0203',
    title: 'relation declared twice',
    explanation: 'A relation has one declaration, which gives its kind, columns and key.',
    wrong: `table kv(key: string => value: string);
table kv(key: string);
`,
    right: `table kv(key: string => value: string);
table keys_seen(key: string);
`,
  },
  {
    code: 'TRL0204',
    title: 'built-in relation declared again',
    explanation:
      'The relations stdin, stdout, stderr, halt, self, now, boot and cluster are given by the ' +
      'language, with fixed columns. They are used without declaration.',
    wrong: `output stdout(text: string);
stdout("hello") :- boot(_);
`,
    right: `stdout("hello") :- boot(_);
`,
  },
  {
    code: 'TRL0205',
    title: 'constant defined twice',
    explanation: 'A `const` or `param` has one definition, and so one value.',
    wrong: `const quorum = 2;
const quorum = 3;
`,
    right: `const quorum = 3;
`,
  },
  {
    code: 'TRL0206',
    title: 'unknown param',
    explanation:
      'A value was set for a param that the program does not have, or for a `const`, which cannot be ' +
      'set from outside.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0207',
    title: 'param without a value',
    explanation:
      'A param has neither a default nor a value set from outside, so the program cannot start.',
    wrong: `param retries: int;
`,
    right: `param retries: int = 3;
`,
  },
  {
    code: 'TRL0208',
    title: 'constants that define each other',
    explanation:
      'The value of a constant may use other constants, in any order, but not by way of those itself.',
    wrong: `const a = b + 1;
const b = a - 1;
`,
    right: `const a = 2;
const b = a - 1;
`,
  },
  {
    code: 'TRL0209',
    title: 'constant that looks like a variable',
    explanation:
      'In a term, the name of a `const` or `param` always stands for its value. Here it stands in a ' +
      'positive literal and again elsewhere in the rule, as a variable would: the literal does not bind ' +
      'it, it compares with the constant. This is a warning.',
    wrong: `const n = 3;
input ask(id: int);
output got(id: int);
got(n) :- ask(n);
`,
    right: `const n = 3;
input ask(id: int);
output got(id: int);
got(id) :- ask(id), id < n;
`,
  },
  {
    code: 'TRL0210',
    title: 'unknown relation to observe',
    explanation: 'The list of relations to observe names one that the program does not have.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0211',
    title: 'label used twice',
    explanation:
      'Reports, errors and overrides speak of rules by their labels, so each label stands once. Several ' +
      'heads of one rule share its label.',
    wrong: `input ask(id: int);
output a(id: int);
output b(id: int);
win: a(id) :- ask(id);
win: b(id) :- ask(id);
`,
    right: `input ask(id: int);
output a(id: int);
output b(id: int);
win: a(id), b(id) :- ask(id);
`,
  },
  {
    code: 'TRL0213',
    title: 'relation used as a value',
    explanation:
      'Relations and functions share one namespace. A relation has no value: it stands as a literal of ' +
      'a body, and its variables carry the values.',
    wrong: `static price(item: string => cents: int);
input buy(item: string);
output pay(cents: int);
pay(price(item)) :- buy(item);
`,
    right: `static price(item: string => cents: int);
input buy(item: string);
output pay(cents: int);
pay(cents) :- buy(item), price(item, cents);
`,
  },
  {
    code: 'TRL0214',
    title: 'not a constant term',
    explanation:
      'The value of a constant and the period of a timer are known before the program runs, so they use ' +
      'literals, constants and functions only.',
    wrong: `const limit = size;
`,
    right: `const size_limit = 10;
const limit = size_limit * 2;
`,
  },
];
