/**
 * Which units of rules a change has reached: one bit a unit, in the order in which they run. A unit
 * is reached when something that it reads or holds has changed since it ran, so a timestep looks at
 * those alone, however many there are.
 */
export class ReachedUnits {
  readonly #bits: Int32Array;
  readonly #count: number;
  /** By slot, the units that read or hold it. */
  readonly #readers: readonly (readonly number[])[];

  /** All are reached at first. `watched`: by unit, the slots that it reads or holds. */
  constructor(watched: readonly (readonly number[])[], slots: number) {
    this.#count = watched.length;
    this.#bits = new Int32Array((watched.length + 31) >>> 5);
    const readers: number[][] = Array.from({ length: slots }, () => []);
    for (const [unit, each] of watched.entries())
      for (const slot of new Set(each)) readers[slot]!.push(unit);
    this.#readers = readers;
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
    for (let i = 0; i < readers.length; i++) this.mark(readers[i]!);
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
    return Math.min(end, (at << 5) + 31 - Math.clz32(bits & -bits));
  }
}
