/**
 * Large lattice values told apart without a look at all that they hold. A digest is two sums of hashes
 * over the entries of a value's carrier: the same in whatever order they came, and brought up to date
 * by the entries that change. So a set that gets one element more, or a map in which one value grows,
 * costs that entry; the text by which other values are told apart would cost all of them.
 */
import type { Map as ImmutableMap } from 'immutable';
import { valueKey, type LatticeValue, type Value } from '../base/value.js';
import { isCarried, type Carriage } from './carried-value.js';

/** What is known of the values of one lattice. */
export interface Digested<X> {
  readonly carried: Carriage<ImmutableMap<string, X>>;
  /** Whether arguments, which from outside may be anything, have a carrier. */
  readonly isReadable: (arguments_: readonly Value[]) => boolean;
  /** What an entry adds to the arguments. */
  readonly partsOf: (entry: X) => readonly Value[];
}

/** An entry that has come, or has taken the place of another. */
export interface EntryChange<X> {
  readonly key: string;
  readonly before: X | undefined;
  readonly now: X;
}

interface Sums {
  readonly low: number;
  readonly high: number;
}

interface DigestedLattice {
  /** Null for a value that cannot be read. */
  readonly digestOf: (value: LatticeValue) => string | null;
  readonly areSame: (a: LatticeValue, b: LatticeValue) => boolean;
}

const byLattice = new Map<string, DigestedLattice>();
/** By carrier. */
const known = new WeakMap<object, Sums>();

/** Makes digests of a lattice's values known. */
export function addDigested<X>(name: string, digested: Digested<X>): void {
  const { carried, isReadable } = digested;
  byLattice.set(name, {
    digestOf: (value) => {
      if (!isCarried(value) && !isReadable(value.arguments)) return null;
      const entries = carried.read(value);
      const { low, high } = sumsOf(entries, digested);
      return `#${name} ${entries.size} ${low} ${high}`;
    },
    areSame: (a, b) => areSameEntries(carried.read(a), carried.read(b), digested),
  });
}

/** A value with some entries changed; itself if there are none. */
export function grow<X>(
  from: LatticeValue,
  changes: readonly EntryChange<X>[],
  digested: Digested<X>,
): LatticeValue {
  if (changes.length === 0) return from;
  const { carried, partsOf } = digested;
  const held = carried.read(from);
  const all = held.withMutations((entries) => {
    for (const { key, now } of changes) entries.set(key, now);
  });
  const added = changes.map(({ now }) => partsOf(now));
  const removed = changes.flatMap(({ before }) => (before === undefined ? [] : [partsOf(before)]));
  known.set(all, plus(plus(sumsOf(held, digested), added, 1), removed, -1));
  return carried.make(all, { from, added: added.flat(), removed: removed.flat() });
}

/** A text that is equal for equal values, and hardly ever for others; null where `valueKey` is to be used. */
export function digestOf(value: Value): string | null {
  return latticeOf(value)?.digestOf(value as LatticeValue) ?? null;
}

/** Whether two values are equal, of which one has a digest. */
export function areSameDigested(a: Value, b: Value): boolean {
  if (a === b) return true;
  const lattice = latticeOf(a);
  if (lattice === null || lattice !== latticeOf(b)) return false;
  const [x, y] = [a as LatticeValue, b as LatticeValue];
  return lattice.digestOf(x) === lattice.digestOf(y) && lattice.areSame(x, y);
}

function latticeOf(value: Value): DigestedLattice | null {
  const isLattice = typeof value === 'object' && value?.kind === 'lattice';
  return isLattice ? (byLattice.get(value.lattice) ?? null) : null;
}

function areSameEntries<X>(
  a: ImmutableMap<string, X>,
  b: ImmutableMap<string, X>,
  { partsOf }: Digested<X>,
): boolean {
  if (a === b) return true;
  return a.every((entry, key) => {
    const other = b.get(key);
    if (other === undefined || other === entry) return other === entry;
    const parts = partsOf(other);
    return partsOf(entry).every((part, i) => areSameParts(part, parts[i]!));
  });
}

function areSameParts(a: Value, b: Value): boolean {
  return a === b || (digestOf(a) === null ? valueKey(a) === valueKey(b) : areSameDigested(a, b));
}

function sumsOf<X>(entries: ImmutableMap<string, X>, { partsOf }: Digested<X>): Sums {
  let sums = known.get(entries);
  if (sums === undefined) {
    sums = plus({ low: 0, high: 0 }, [...entries.values()].map(partsOf), 1);
    known.set(entries, sums);
  }
  return sums;
}

/** Adds the hashes of entries, or takes them off. */
function plus({ low, high }: Sums, entries: readonly (readonly Value[])[], sign: 1 | -1): Sums {
  for (const parts of entries) {
    let [first, second] = [0, 0];
    for (const part of parts) {
      const text = digestOf(part) ?? valueKey(part);
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        first = Math.imul(first ^ code, 0x01000193);
        second = Math.imul(second + code, 0x5bd1e995) ^ (second >>> 15);
      }
    }
    low = (low + sign * mixed(first)) | 0;
    high = (high + sign * mixed(second)) | 0;
  }
  return { low, high };
}

/** Every bit depends on every bit (the end of MurmurHash3). */
function mixed(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const whole = Math.imul(half ^ (half >>> 13), 0xc2b2ae35);
  return whole ^ (whole >>> 16);
}
