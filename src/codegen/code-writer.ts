/** Lines of code under way, indented as blocks open and close; blocks left open close at the end. */
export class CodeWriter {
  readonly #lines: string[] = [];
  readonly #closers: string[] = [];

  line(text: string): void {
    this.#lines.push('  '.repeat(this.#closers.length) + text);
  }

  /** Opens a block: `head` ends in its bracket, `closer` closes it. */
  open(head: string, closer = '}'): void {
    this.line(head);
    this.#closers.push(closer);
  }

  get depth(): number {
    return this.#closers.length;
  }

  /** Closes blocks until `depth` of them are open. */
  closeTo(depth: number): void {
    while (this.#closers.length > depth) {
      const closer = this.#closers.pop()!;
      this.line(closer);
    }
  }

  toString(): string {
    return this.#lines.map((line) => `${line}\n`).join('');
  }
}
