/**
 * A lattice in TypeScript, as an embedding program writes it down. Values of the lattice are values
 * of one plain type of the language, which is also how they are stored, sent and revealed; what
 * TypeScript sees of them is what its functions see (`bind-functions.ts`).
 */
import type { Monotonicity } from '../lattice/lattice.js';

/** A parameter of a method besides the receiver: a plain type, or a lattice and how the result moves with it. */
export type LatticeParameterSpec =
  | string
  | { readonly type: string; readonly is: Exclude<Monotonicity, 'plain'> };

/**
 * A method. Contract: deterministic and synchronous, and of the class it says; `checkLattice` and
 * the compiler try that on many values.
 */
export interface LatticeMethodSpec<State> {
  readonly doc?: string;
  /** How the result moves with the receiver. */
  readonly is: Monotonicity;
  /** The parameters besides the receiver; none if left out. */
  readonly takes?: readonly LatticeParameterSpec[];
  /** The type of the result: a lattice, of which `of` gives the plain value, or a plain type. */
  readonly gives: string;
  readonly of: (value: State, ...others: never[]) => unknown;
}

/**
 * A lattice. Contract: `merge` is associative, commutative and idempotent, `bottom` its neutral
 * value; all functions are deterministic, synchronous, and keep their arguments as they are.
 */
export interface LatticeSpec<State> {
  /** As programs write it. */
  readonly name: string;
  readonly doc?: string;
  /** The plain type of its values, as programs write it: `(int, int)`, `map<string, int>`. */
  readonly holds: string;
  readonly bottom: State;
  readonly merge: (a: State, b: State) => State;
  /** Whether a merge b = b; computed from `merge` if left out. */
  readonly lessOrEqual?: (a: State, b: State) => boolean;
  /** The one form of a value that can be written in several; throws for what the lattice does not hold. */
  readonly canonical?: (value: State) => State;
  readonly methods?: Readonly<Record<string, LatticeMethodSpec<State>>>;
  /** Values for the law checker, beside those that it makes up from the type. */
  readonly samples?: readonly State[];
  /** Change it when the meaning changes: nodes with different versions refuse each other. */
  readonly version?: string;
}

/** A lattice definition makes no sense; the message says what to do. */
export class LatticeDefinitionError extends Error {
  constructor(name: string, message: string) {
    super(`lattice ${name}: ${message}`);
    this.name = 'LatticeDefinitionError';
  }
}
