/**
 * The lattices as functions of the language: the constructor of each, called like its type, its
 * methods under the names `lset.size` and so on, `merge` for all of them, and `reveal`, which shows
 * the plain value of what may still grow. What may flow on without losing monotonicity is read off
 * `monotonicityOf`.
 */
import { assert } from '../base/assert.js';
import { isLattice, type Value } from '../base/value.js';
import {
  addOuterLattice,
  findLattice,
  isLatticeValue,
  lattices,
  mergeValues,
  revealValue,
} from '../lattice/lattices.js';
import {
  LatticeFailure,
  type Lattice,
  type LatticeMethod,
  type Monotonicity,
} from '../lattice/lattice.js';
import { productMethods } from '../lattice/product.js';
import { intOverflow, WRONG_ARGUMENT, wrongArgument } from './failure.js';
import { PartialError, type BuiltinFunction } from './function.js';
import { boundedValue } from './value-size.js';

/** A bottom has no plain value: no failure, the binding at hand just yields no tuple. */
export class NoPlainValue extends PartialError {
  constructor() {
    super(WRONG_ARGUMENT, 'this lattice value is still at its bottom and has no plain value');
    this.name = 'NoPlainValue';
  }
}

/** Runs an operation of a lattice; its failures become those of functions. */
function guarded(run: () => Value): Value {
  try {
    return boundedValue(run());
  } catch (error) {
    if (!(error instanceof LatticeFailure)) throw error;
    if (error.reason === 'overflow') throw intOverflow('a sum of lattice values');
    throw wrongArgument(error.message);
  }
}

function reveal(value: Value | undefined): Value {
  assert(value !== undefined, 'reveal has an argument');
  const plain = revealValue(value);
  if (plain === undefined) throw new NoPlainValue();
  return plain;
}

/** What a lattice row merges to; throws `PartialError` for values of two lattices. */
export function mergeLatticeValues(a: Value, b: Value): Value {
  return guarded(() => mergeValues(a, b));
}

function constructorOf(lattice: Lattice): BuiltinFunction {
  return {
    name: lattice.name,
    signatures: lattice.constructors,
    // A negative number is no count, and no part of an lpset; and who knows of those from outside.
    partial:
      lattice.declaration !== undefined || ['lpset', 'lbag', 'lvclock'].includes(lattice.name),
    method: false,
    summary: lattice.summary,
    evaluate: (...values) => guarded(() => lattice.construct(...values)),
  };
}

function methodFunction(name: string, each: LatticeMethod): BuiltinFunction {
  return {
    name,
    signatures: each.signatures,
    partial: each.partial,
    method: true,
    summary: `${each.summary} ${classText(each.monotonicity[0] ?? 'plain')}.`,
    evaluate: (...values) => guarded(() => each.evaluate(...values)),
  };
}

function methodsOf(lattice: Lattice): readonly (readonly [string, LatticeMethod])[] {
  return lattice.methods.map((each) => [`${lattice.name}.${each.name}`, each] as const);
}

const methodsByName = new Map<string, LatticeMethod>([
  ...[...lattices.values()].flatMap(methodsOf),
  ...productMethods.map((each) => [`pair.${each.name}`, each] as const),
]);

const constructors = [...lattices.values()].map(constructorOf);
const methods = [...methodsByName].map(([name, each]) => methodFunction(name, each));

/** The functions of lattices that an embedding program defined. */
const outerFunctions = new Map<string, BuiltinFunction>();

/** Makes a lattice and its functions known; false if another lattice has its name. */
export function addOuterLatticeFunctions(lattice: Lattice): boolean {
  if (!addOuterLattice(lattice)) return false;
  outerFunctions.set(lattice.name, constructorOf(lattice));
  for (const [name, each] of methodsOf(lattice)) {
    methodsByName.set(name, each);
    outerFunctions.set(name, methodFunction(name, each));
  }
  return true;
}

/** The constructor or method of a lattice that an embedding program defined. */
export function outerLatticeFunction(name: string): BuiltinFunction | undefined {
  return outerFunctions.get(name);
}

function classText(monotonicity: Monotonicity | 'plain'): string {
  return monotonicity === 'morphism'
    ? 'Morphism'
    : monotonicity === 'plain'
      ? ''
      : monotonicity[0]!.toUpperCase() + monotonicity.slice(1);
}

/** Constructors, methods, `merge` and `reveal`. */
export const latticeFunctions: readonly BuiltinFunction[] = [
  ...constructors,
  ...methods,
  {
    name: 'merge',
    signatures: [{ parameters: ['L', 'L'], result: 'L' }],
    partial: false,
    method: true,
    summary: 'The least lattice value above both. Morphism.',
    evaluate: (a, b) => mergeLatticeValues(a, b),
  },
  {
    name: 'reveal',
    signatures: [{ parameters: ['L'], result: 'revealed' }],
    partial: false,
    method: true,
    summary: 'The plain value of a lattice value, which may still grow. Non-monotone.',
    evaluate: (value) => reveal(value),
  },
];

/** The monotonicity of a lattice function in each parameter; null for every other function. */
export function monotonicityOf(name: string): readonly (Monotonicity | 'plain')[] | null {
  if (name === 'merge') return ['morphism', 'morphism'];
  if (name === 'reveal') return ['non-monotone'];
  // A higher version outdoes a lower one with its payload, and two versions may stand side by side.
  if (name === 'ldom') return ['monotone', 'morphism'];
  if (findLattice(name) !== undefined) return ['morphism'];
  return methodsByName.get(name)?.monotonicity ?? null;
}

/** Whether a function takes lattice values as they are. */
export function isLatticeFunction(name: string): boolean {
  return monotonicityOf(name) !== null;
}

/** The method of that name for receivers of a lattice (`pair` for products). */
export function latticeMethod(lattice: string, name: string): LatticeMethod | undefined {
  return methodsByName.get(`${lattice}.${name}`);
}

/** Whether the last parameter of a method may be left out; it is then the bottom of its type. */
export function takesBottom(name: string): boolean {
  return methodsByName.get(name)?.takesBottom ?? false;
}

/** The names of a lattice's methods, those that all have included. */
export function latticeMethodNames(lattice: string): readonly string[] {
  const own = [...methodsByName.keys()].filter((name) => name.startsWith(`${lattice}.`));
  return [...own.map((name) => name.slice(lattice.length + 1)), 'merge', 'reveal'];
}

/** The elements that only come and never go: of a set, or the entries of a map. */
export function growingElements(value: Value): Value | null {
  if (!isLattice(value) || !isLatticeValue(value)) return null;
  return ['lset', 'lpset', 'lmap'].includes(value.lattice) ? value.arguments[0]! : null;
}
