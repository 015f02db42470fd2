/**
 * Codes of area 03: columns, arguments and types.
 */
import type { CodeEntry } from '../code-entry.js';

export const schemaCodes: readonly CodeEntry[] = [
  {
    code: 'TRL0301',
    title: 'wrong number of arguments',
    explanation:
      'Without names, a literal or head gives one argument for every column. Where a relation is not ' +
      'declared, its first use says how many columns it has.',
    wrong: `table kv(key: string => value: string);
output all(key: string);
all(k) :- kv(k);
`,
    right: `table kv(key: string => value: string);
output all(key: string);
all(k) :- kv(k, _);
`,
  },
  {
    code: 'TRL0302',
    title: 'unknown column',
    explanation: 'An argument is given by name, but the relation has no column of that name.',
    wrong: `table kv(key: string => value: string);
output all(key: string);
all(k) :- kv(kee: k);
`,
    right: `table kv(key: string => value: string);
output all(key: string);
all(k) :- kv(key: k);
`,
  },
  {
    code: 'TRL0303',
    title: 'column given twice',
    explanation:
      'Each column gets at most one named argument. Two conditions on one column are a second condition ' +
      'of the body.',
    wrong: `table kv(key: string => value: int);
output all(key: string);
all("x") :- kv(key: "x", key: "y");
`,
    right: `table kv(key: string => value: int);
output all(key: string);
all(k) :- kv(key: k), k != "y";
`,
  },
  {
    code: 'TRL0304',
    title: 'named and positional arguments mixed',
    explanation:
      'Arguments of a literal are all named or all positional; the arguments of functions are never named.',
    wrong: `table kv(key: string => value: int);
output all(key: string);
all(k) :- kv(k, value: 3);
`,
    right: `table kv(key: string => value: int);
output all(key: string);
all(k) :- kv(key: k, value: 3);
`,
  },
  {
    code: 'TRL0305',
    title: 'column left out in a head',
    explanation:
      'In a body a left-out column matches anything. A head makes a tuple, and a tuple has a value in ' +
      'every column. Only `delete` may leave columns out.',
    wrong: `input put(key: string);
table kv(key: string => value: int);
kv(key: k) :- put(k);
`,
    right: `input put(key: string);
table kv(key: string => value: int);
kv(key: k, value: 0) :- put(k);
`,
  },
  {
    code: 'TRL0306',
    title: 'two columns with one name',
    explanation: 'The columns of a relation have different names.',
    wrong: `table link(node: string, node: string);
`,
    right: `table link(from_node: string, to_node: string);
`,
  },
  {
    code: 'TRL0307',
    title: 'unknown type',
    explanation:
      'The types are int, nat, float, string, bool, bytes, addr, any, tuples (T, U), list<T>, set<T> ' +
      'and map<K, V>.',
    wrong: `table kv(key: str => value: int);
`,
    right: `table kv(key: string => value: int);
`,
  },
  {
    code: 'TRL0309',
    title: 'sources of a column disagree',
    explanation:
      'The type of a column without declared type is inferred from everything that the program puts ' +
      'into it, or asks of it. Two places ask for types that no value has in common. An int and a float ' +
      'disagree too, because 1 and 1.0 are different values.',
    wrong: `size_of("a", 1);
size_of("b", 2.5);
`,
    right: `size_of("a", 1.0);
size_of("b", 2.5);
`,
  },
  {
    code: 'TRL0310',
    title: 'value does not fit its column',
    explanation:
      'A term has a type that its column cannot hold or never equals. Literals are pliable (an int ' +
      'literal will do as a float, a string literal as an addr); nothing else converts by itself.',
    wrong: `input put(key: string);
table kv(key: string => value: int);
kv(k, k) :- put(k);
`,
    right: `input put(key: string);
table kv(key: string => value: int);
kv(k, size(k)) :- put(k);
`,
  },
  {
    code: 'TRL0311',
    title: 'variable of two types',
    explanation:
      'A variable stands for one value. Two literals bind it in columns whose types have nothing in ' +
      'common, so the body never holds.',
    wrong: `input a(x: int);
input b(x: string);
output both(x: int);
both(x) :- a(x), b(x);
`,
    right: `input a(x: int);
input b(x: string);
output both(x: int);
both(x) :- a(x), b(s), to_int(s) == x;
`,
  },
  {
    code: 'TRL0312',
    title: 'function does not take these values',
    explanation:
      'An operator, function or aggregate is applied to values of types, or to a number of values, that ' +
      'it does not take. A value of type any must get a type first: declare the column that it comes ' +
      'from.',
    wrong: `input word(text: string);
output hello(text: string);
hello("hello " + w) :- word(w);
`,
    right: `input word(text: string);
output hello(text: string);
hello("hello " ++ w) :- word(w);
`,
  },
  {
    code: 'TRL0313',
    title: 'condition that is not true or false',
    explanation:
      'A literal that is neither an atom nor a binding is a condition, and so is what stands before ' +
      '`then` or beside `&&` and `||`. Conditions have type bool.',
    wrong: `input ask(n: int);
output got(n: int);
got(n) :- ask(n), n;
`,
    right: `input ask(n: int);
output got(n: int);
got(n) :- ask(n), n != 0;
`,
  },
  {
    code: 'TRL0314',
    title: 'pattern that cannot match',
    explanation:
      'A pattern takes a tuple apart into as many items as it has, and a list into its items. The value ' +
      'here has another shape.',
    wrong: `input at(place: (int, int));
output x(n: int);
x(a) :- at((a, b, c));
`,
    right: `input at(place: (int, int));
output x(n: int);
x(a) :- at((a, _));
`,
  },
  {
    code: 'TRL0315',
    title: 'negative nat',
    explanation:
      'A nat is an int that is never negative: a constant below 0 does not fit, and a computed value below 0 fails the timestep.',
    wrong: `table stock(item: string => count: nat);
stock("apple", -1);
`,
    right: `table stock(item: string => count: nat);
stock("apple", 1);
`,
  },
  {
    code: 'TRL0316',
    title: 'type without end',
    explanation:
      'Inference finds that the values of a column contain values of that same column, without end. A ' +
      'declared type stops it, though the recursion itself may need a bound, too.',
    wrong: `nest([x]) :- nest(x);
`,
    right: `scratch nest(depth: int, x: any);
nest(0, 1);
nest(d + 1, [x]) :- nest(d, x), d < 3;
`,
  },
  {
    code: 'TRL0317',
    title: 'columns that cannot be inferred',
    explanation:
      'A kind statement without columns leaves it to the uses of the relation to say how many there ' +
      'are, but nothing uses it.',
    wrong: `table seen;
`,
    right: `table seen(id: int);
`,
  },
  // TRL0318 said that `durable` was not available.
  {
    code: 'TRL0319',
    title: 'wrong `@` column',
    explanation:
      'The `@` column of a relation names the node at which a tuple lives; its type is addr. A channel ' +
      'has exactly one, the receiver. A loopback has none, other relations at most one.',
    wrong: `channel send(to: addr, text: string);
`,
    right: `channel send(@to: addr, text: string);
`,
  },
  {
    code: 'TRL0320',
    title: 'not a collection',
    explanation: '`x in e` and `x notin e` look into lists, sets and maps.',
    wrong: `input ask(n: int);
output got(n: int);
got(x) :- ask(n), x in n;
`,
    right: `input ask(ns: list<int>);
output got(n: int);
got(x) :- ask(ns), x in ns;
`,
  },
  {
    code: 'TRL0321',
    title: 'constant expression without a value',
    explanation:
      'An expression that must be constant fails when it is computed: a division by zero, or a result ' +
      'beyond the range of ints.',
    wrong: `const share = 100 / 0;
`,
    right: `const share = 100 / 4;
`,
  },
  {
    code: 'TRL0322',
    title: 'period that is no duration',
    explanation: 'The period of a timer is a positive number of milliseconds.',
    wrong: `periodic tick(0ms);
`,
    right: `periodic tick(500ms);
`,
  },
  {
    code: 'TRL0323',
    title: 'values of different types in one place',
    explanation:
      'The items of a list or set, the keys or values of a map, and the two branches of a conditional ' +
      'have one type.',
    wrong: `output xs(items: list<int>);
xs(reverse([1, "b"])) :- boot(_);
`,
    right: `output xs(items: list<int>);
xs(reverse([1, 2])) :- boot(_);
`,
  },
  {
    code: 'TRL0324',
    title: 'constant does not fit its type',
    explanation:
      'The value of a `const` or `param` does not have the type that is declared for it.',
    wrong: `const name: string = 3;
`,
    right: `const name: string = "three";
`,
  },
  {
    code: 'TRL0325',
    title: 'relation that cannot be spread over the cluster',
    explanation:
      '`partition by` makes a table, a scratch or a static one relation of the whole cluster, each tuple ' +
      'owned by the node that the hash of its partition columns names. What comes in or goes out, and ' +
      'what an `@` column places, has its place already.',
    wrong: `input ask(key: string) partition by (key);
`,
    right: `input ask(key: string);
scratch asked(key: string) partition by (key);
asked(k) :- ask(k);
`,
  },
  {
    code: 'TRL0326',
    title: 'partition columns that cannot place a tuple',
    explanation:
      '`partition by` names one or more columns of the relation, each once. With `=>` they are columns of ' +
      'the key: tuples that share a key must live at one node, where they conflict or merge.',
    wrong: `table best(to: string => cost: int) partition by (cost);
`,
    right: `table best(to: string => cost: int) partition by (to);
`,
  },
];
