/**
 * Codes about lattices: their types, where their columns stand, and recursion through what they show.
 */
import type { CodeEntry } from '../code-entry.js';

export const latticeCodes: readonly CodeEntry[] = [
  {
    code: 'TRL0340',
    title: 'lattice where it cannot merge, or no lattice where one is needed',
    explanation:
      'A `lattice` declaration and the value of an `lmap` hold lattices, which merge. Inside a list, a ' +
      'set or a map nothing is merged, and a tuple is merged only if all its items are lattices.',
    wrong: `table votes(ballot: string => by: set<lmax<int>>);
`,
    right: `table votes(ballot: string => by: lmap<addr, lmax<int>>);
`,
  },
  {
    code: 'TRL0341',
    title: 'lattice in a key',
    explanation:
      'Tuples with the same key merge their lattice columns. A lattice column in the key would be a value ' +
      'that grows in what tells tuples apart, so it stands right of `=>`. Without `=>` every column is in the key.',
    wrong: `table best(to: string, cost: lmin<int>);
`,
    right: `table best(to: string => cost: lmin<int>);
`,
  },
  {
    code: 'TRL0342',
    title: 'lattice from TypeScript that breaks a law',
    explanation:
      'An embedding program lends its lattices to a program by the compile option `lattices`. Each is tried on ' +
      'a hundred rounds of values first: merge must be associative, commutative and idempotent, bottom must change ' +
      'nothing, and every method must be of the class that it declares. The example shows values for which it ' +
      'is not so. `checkLattice` does the same with as many values as you like.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0343',
    title: 'two lattices from TypeScript of one name',
    explanation:
      'Values travel between nodes, and through a process, by the name of their lattice. So a process knows one ' +
      'lattice of a name, the one that was lent first. Define it once and lend that definition to every program.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0344',
    title: 'durable where nothing is kept',
    explanation:
      '`durable` says that content outlives the process. That is for what is stored, tables and lattices, ' +
      'and for channels, whose tuples are then kept until they have been applied at the other end. What ' +
      'other relations hold is derived anew in each timestep, or given at each start.',
    wrong: `durable scratch hot(key: string);
`,
    right: `durable table hot(key: string);
`,
  },
  {
    code: 'TRL0510',
    title: 'recursion through a revealed lattice value',
    explanation:
      'Within a timestep, a lattice value is final only when the rules that it depends on have run until ' +
      'nothing changes. A rule that reveals it, compares it with `==`, puts it into a plain column or uses ' +
      'a non-monotone method of it must wait for that, so it cannot be one of those rules. Morphisms and monotone ' +
      'methods may stand in recursion.',
    wrong: `static link(x: string, y: string, cost: int);
table best(x: string => cost: lmin<int>);
best(y, w) :- link("a", y, w);
best(y, c % 10) :- best(x, c), link(x, y, _);
`,
    right: `static link(x: string, y: string, cost: int);
table best(x: string => cost: lmin<int>);
best(y, w) :- link("a", y, w);
best(y, c + w) :- best(x, c), link(x, y, w);
`,
  },
];
