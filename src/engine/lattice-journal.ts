/**
 * What a timestep has done so far to a table with lattice columns: new slots stand at the end, of
 * those that have grown the values before are kept, once a timestep.
 */
export class Journal {
  isOpen = false;
  /** The first new slot. */
  start = 0;
  #slots: number[] = [];
  #values: number[] = [];
  readonly #width: number;

  /** `width`: values of a slot. */
  constructor(width: number) {
    this.#width = width;
  }

  begin(start: number): void {
    [this.isOpen, this.start] = [true, start];
  }

  isEmptyAt(size: number): boolean {
    return !this.isOpen || (this.#slots.length === 0 && size === this.start);
  }

  /** Keeps the values of a slot, which has them at a place; one that is new is noted by standing at the end. */
  note(slot: number, place: number, values: Int32Array): void {
    if (slot >= this.start) return;
    this.#slots.push(slot);
    for (let j = 0; j < this.#width; j++) this.#values.push(values[place * this.#width + j]!);
  }

  forEachGrown(visit: (slot: number, values: readonly number[]) => void): void {
    const width = this.#width;
    for (const [i, slot] of this.#slots.entries())
      visit(slot, this.#values.slice(i * width, (i + 1) * width));
  }

  forget(): void {
    this.isOpen = false;
    if (this.#slots.length === 0) return;
    this.#slots = [];
    this.#values = [];
  }
}
