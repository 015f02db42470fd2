/**
 * A set of slots that is filled and emptied in every timestep: no memory is taken for it, and
 * emptying it costs what is in it.
 */
export class SlotSet {
  /** In order of arrival, the first `count` of them. */
  readonly slots: Int32Array;
  count = 0;
  readonly #isIn: Uint8Array;

  /** For slots below `size`. */
  constructor(size: number) {
    this.slots = new Int32Array(size);
    this.#isIn = new Uint8Array(size);
  }

  has(slot: number): boolean {
    return this.#isIn[slot] === 1;
  }

  add(slot: number): void {
    if (this.#isIn[slot] === 1) return;
    this.#isIn[slot] = 1;
    this.slots[this.count++] = slot;
  }

  clear(): void {
    for (let i = 0; i < this.count; i++) this.#isIn[this.slots[i]!] = 0;
    this.count = 0;
  }
}
