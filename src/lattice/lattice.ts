/**
 * What a lattice is: a bottom, a merge that is associative, commutative and idempotent, the partial
 * order a <= b iff a merge b = b, and methods with a declared monotonicity, one for the receiver and
 * one for each further parameter (Conway, Marczak, Alvaro, Hellerstein and Maier, "Logic and
 * Lattices for Distributed Programming", 2012):
 *
 *   morphism      f(a merge b) = f(a) merge f(b)
 *   monotone      a <= b implies f(a) <= f(b)
 *   antitone      a <= b implies f(b) <= f(a)
 *   non-monotone  neither is promised
 *
 * The declarations are trusted by the strata and by the analysis, and random tests hold every
 * method to its own. A type in a signature is a name of the language; `T`, `U`, `K` stand for types
 * of plain values, `L` and `M` for lattices, `number` for int or float.
 */
import type { LatticeValue, Value } from '../base/value.js';

export type Monotonicity = 'morphism' | 'monotone' | 'antitone' | 'non-monotone';

/** Types by their names in the language. */
export interface LatticeSignature {
  readonly parameters: readonly string[];
  readonly result: string;
}

export interface LatticeMethod {
  readonly name: string;
  /** The receiver is the first parameter. */
  readonly signatures: readonly LatticeSignature[];
  /** One a parameter; a parameter of plain type is `plain`: the promise holds for each value of it. */
  readonly monotonicity: readonly (Monotonicity | 'plain')[];
  /** The last parameter is the bottom of the result's type; whoever types a call adds it. */
  readonly takesBottom: boolean;
  /** Whether some arguments of the right types make it fail. */
  readonly partial: boolean;
  /** One line for `explain functions`. */
  readonly summary: string;
  /** Throws `LatticeFailure` if `partial`. */
  readonly evaluate: (...values: Value[]) => Value;
}

export interface Lattice {
  readonly name: string;
  /** How many type arguments the type takes, and which are lattices. */
  readonly parameters: readonly ('plain' | 'lattice')[];
  /** How values are made; every argument is a canonical or plain part. */
  readonly constructors: readonly LatticeSignature[];
  readonly summary: string;
  readonly bottom: LatticeValue;
  /** Throws `LatticeFailure` for arguments of the right type that it cannot hold. */
  readonly construct: (...values: Value[]) => LatticeValue;
  /** Whether these are canonical arguments, as far as types do not say so. */
  readonly accepts: (arguments_: readonly Value[]) => boolean;
  readonly merge: (a: LatticeValue, b: LatticeValue) => LatticeValue;
  readonly lessOrEqual: (a: LatticeValue, b: LatticeValue) => boolean;
  /** The plain value; undefined for a bottom that has none. */
  readonly reveal: (value: LatticeValue) => Value | undefined;
  readonly methods: readonly LatticeMethod[];
  /** Of a lattice from outside the language: what nodes compare before they trust each other's values. */
  readonly declaration?: string;
}

/** What lattices of lattices ask of those inside them. */
export interface Algebra {
  readonly merge: (a: Value, b: Value) => Value;
  readonly lessOrEqual: (a: Value, b: Value) => boolean;
  readonly reveal: (value: Value) => Value | undefined;
  readonly isLatticeValue: (value: Value) => boolean;
}

/** A method failed on its arguments; whoever evaluates the rule says where. */
export class LatticeFailure extends Error {
  readonly reason: 'overflow' | 'wrong-argument';

  constructor(reason: 'overflow' | 'wrong-argument', message: string) {
    super(message);
    this.name = 'LatticeFailure';
    this.reason = reason;
  }
}

type Parameters_ = readonly (readonly [string, Monotonicity | 'plain'])[];

/** A method from its parameters (type and monotonicity each), result and meaning. */
export function method(
  name: string,
  parameters: Parameters_,
  result: string,
  summary: string,
  evaluate: (...values: Value[]) => Value,
  options: { readonly takesBottom?: boolean; readonly partial?: boolean } = {},
): LatticeMethod {
  return {
    name,
    signatures: [{ parameters: parameters.map(([type]) => type), result }],
    monotonicity: parameters.map(([, monotonicity]) => monotonicity),
    takesBottom: options.takesBottom ?? false,
    partial: options.partial ?? false,
    summary,
    evaluate,
  };
}
