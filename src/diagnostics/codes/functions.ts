/** Codes of functions from TypeScript: of area 02 as the checker sees them, of area 08 as they run. */
import type { CodeEntry } from '../code-entry.js';

export const functionCodes: readonly CodeEntry[] = [
  {
    code: 'TRL0250',
    title: 'function that its file does not export',
    explanation:
      'The file exports no function of that name, neither as `export function` nor as an exported constant nor in ' +
      'an `export { ... }`. The checker reads the signature in the file and runs nothing.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0251',
    title: 'function declared otherwise than its file says',
    explanation:
      'The declaration and the signature in the file disagree in the number of parameters, in a type, or in ' +
      'whether the function answers at once and with a value: one that returns a Promise, is a generator or may ' +
      'return undefined cannot be called in a timestep. ' +
      'int, nat and float are `number`; bytes are `Uint8Array`; lists and tuples are arrays, sets `Set`, ' +
      'maps `Map`, and null is `null`.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0252',
    title: 'function of a name that is taken',
    explanation:
      'Relations, built-in functions and functions from TypeScript share one namespace, so that `p(x)` in a ' +
      'body means one thing.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0253',
    title: 'type that no function from TypeScript takes',
    explanation:
      'Values cross the border to TypeScript as plain values. A lattice value is revealed first: declare the ' +
      'parameter with the type of the plain value, and write `reveal(x)` in the call.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0254',
    title: 'arguments that a function from TypeScript does not take',
    explanation: 'The arguments of a call fit the declaration of the function, in number and type.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0255',
    title: 'properties of a function from TypeScript that do not go together',
    explanation:
      'Each property is said once. Of a greater argument a `monotone` function or a `morphism` never gives ' +
      'less, an `antitone` one never more: a function that is both gives the same for all, and says nothing.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0810',
    title: 'a function from TypeScript threw',
    explanation:
      'The timestep is undone and nothing of it is stored or released. A function that is not defined for some ' +
      'arguments says so in its result, or the rule that calls it excludes them by a condition.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0811',
    title: 'a function from TypeScript gave a wrong result',
    explanation:
      'The result is not of the type that the declaration promises: undefined, a Promise, a number that is no ' +
      'int, an array with something else in it. The timestep is undone and nothing of it is stored or released.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0812',
    title: 'a function from TypeScript cannot be loaded',
    explanation:
      'The file of a function is loaded, with what it imports, before the program starts. It does not ' +
      'translate, throws at its top level, or does not export the function. `check` runs nothing, so of these ' +
      'it finds only what does not translate.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0813',
    title: 'the merge of a lattice from TypeScript is none',
    explanation:
      'What two values merge to must be above both: merging either with it changes nothing more. The merge of ' +
      'this lattice gave a value that is not, so that a rule might run forever, or nodes that heard the same ' +
      'might differ. The timestep is undone and nothing of it is stored or released.',
    wrong: null,
    right: null,
  },
];
