/** Rows copied aside, to be worked on when whoever calls back with them is done; kept for the next time. */
export class RowBuffer {
  count = 0;
  #arity = 0;
  #words = new Int32Array(64);

  /** Empties it, for rows of so many columns. */
  begin(arity: number): void {
    this.#arity = arity;
    this.count = 0;
  }

  push(row: Int32Array): void {
    const start = this.count++ * this.#arity;
    if (start + this.#arity > this.#words.length) {
      const words = new Int32Array(2 * this.#words.length + this.#arity);
      words.set(this.#words);
      this.#words = words;
    }
    for (let i = 0; i < this.#arity; i++) this.#words[start + i] = row[i]!;
  }

  /** Copies a row out. */
  read(at: number, row: Int32Array): Int32Array {
    for (let i = 0; i < this.#arity; i++) row[i] = this.#words[at * this.#arity + i]!;
    return row;
  }
}
