/**
 * Lattice values that hold a persistent structure. Merging a large set into a larger one must not
 * copy it, so what a set-, map- or bag-like lattice works on is an immutable map (its carrier); the
 * canonical arguments, which are sorted, are made only when somebody looks at them: to compare, to
 * print or to send. A value that came in from outside has arguments only and gets its carrier when
 * it is first merged.
 */
import type { LatticeValue, Value } from '../base/value.js';

/** A smaller value, what its arguments lack, and what they have in its place. */
export interface Growth {
  readonly from: LatticeValue;
  readonly added: readonly Value[];
  readonly removed: readonly Value[];
}

class CarriedValue<C> implements LatticeValue {
  readonly kind = 'lattice';
  readonly lattice: string;
  readonly carrier: C;
  readonly #show: (carrier: C) => readonly Value[];
  #arguments: readonly Value[] | null = null;
  #growth: Growth | null;

  constructor(
    lattice: string,
    carrier: C,
    show: (carrier: C) => readonly Value[],
    growth: Growth | null,
  ) {
    this.lattice = lattice;
    this.carrier = carrier;
    this.#show = show;
    this.#growth = growth;
  }

  /** What it has grown from, if that is known; the first who asks is told, for it is kept no longer. */
  takeGrowth(): Growth | null {
    const growth = this.#growth;
    this.#growth = null;
    return growth;
  }

  get arguments(): readonly Value[] {
    return (this.#arguments ??= this.#show(this.carrier));
  }
}

/** How a lattice goes from arguments to carriers and back. */
export interface Carriage<C> {
  readonly read: (value: LatticeValue) => C;
  readonly make: (carrier: C, growth?: Growth) => LatticeValue;
}

/** Whether a value has a carrier, and so is one that its lattice has made. */
export function isCarried(value: LatticeValue): boolean {
  return value instanceof CarriedValue;
}

/** What a value has grown from, if that is known; told once. */
export function takeGrowth(value: LatticeValue): Growth | null {
  return value instanceof CarriedValue ? value.takeGrowth() : null;
}

/** The two ways of one lattice; each argument list and each carrier is converted once. */
export function carriage<C>(
  lattice: string,
  parse: (arguments_: readonly Value[]) => C,
  show: (carrier: C) => readonly Value[],
): Carriage<C> {
  const parsed = new WeakMap<LatticeValue, C>();
  return {
    make: (carrier, growth) => new CarriedValue(lattice, carrier, show, growth ?? null),
    read: (value) => {
      if (value instanceof CarriedValue) return value.carrier as C;
      let carrier = parsed.get(value);
      if (carrier === undefined) {
        carrier = parse(value.arguments);
        parsed.set(value, carrier);
      }
      return carrier;
    },
  };
}
