/**
 * Which units of rules a change has reached: one bit a unit, in the order in which they run. A unit
 * is reached when something that it reads or holds has changed since it ran, so a timestep looks at
 * those alone, however many there are.
 */
export class ReachedUnits {
  readonly #bits: Int32Array;
  readonly #count: number;
  /** By slot, the units that read or hold it, as pairs of a position in `#bits` and bits there. */
  readonly #readers: readonly Int32Array[];

  /** All are reached at first. `watched`: by unit, the slots that it reads or holds. */
  constructor(watched: readonly (readonly number[])[], slots: number) {
    this.#count = watched.length;
    this.#bits = new Int32Array((watched.length + 31) >>> 5);
    const readers = Array.from({ length: slots }, () => new Map<number, number>());
    for (const [unit, each] of watched.entries())
      for (const slot of each) {
        const bits = readers[slot]!;
        bits.set(unit >>> 5, (bits.get(unit >>> 5) ?? 0) | (1 << (unit & 31)));
      }
    this.#readers = readers.map((bits) => Int32Array.from([...bits].flat()));
    this.markAll();
  }

  mark(unit: number): void {
    this.#bits[unit >>> 5]! |= 1 << (unit & 31);
  }

  unmark(unit: number): void {
    this.#bits[unit >>> 5]! &= ~(1 << (unit & 31));
  }

  markAll(): void {
    for (let unit = 0; unit < this.#count; unit++) this.mark(unit);
  }

  /** What a slot holds has changed, or may have. */
  touch(slot: number): void {
    const readers = this.#readers[slot]!;
    for (let i = 0; i < readers.length; i += 2) this.#bits[readers[i]!]! |= readers[i + 1]!;
  }

  /** The first reached unit from `first` on and before `end`; `end` if there is none. */
  next(first: number, end: number): number {
    if (first >= end) return end;
    let at = first >>> 5;
    let bits = this.#bits[at]! & (-1 << (first & 31));
    while (bits === 0) {
      if (++at << 5 >= end) return end;
      bits = this.#bits[at]!;
    }
    const found = (at << 5) + 31 - Math.clz32(bits & -bits);
    return found < end ? found : end;
  }
}
