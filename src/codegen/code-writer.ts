/** Lines of code under way, indented as blocks open and close; blocks left open close at the end. */
import type { Span } from '../base/span.js';

export class CodeWriter {
  /** The rule that lines are written for. */
  origin: Span | null = null;
  readonly #lines: string[] = [];
  readonly #origins: (Span | null)[] = [];
  readonly #closers: (readonly string[])[] = [];

  line(text: string): void {
    this.#lines.push('  '.repeat(this.#closers.length) + text);
    this.#origins.push(this.origin);
  }

  /** Opens a block: `head` ends in its bracket, `closer` closes it, behind `last` lines of its own. */
  open(head: string, closer = '}', last: readonly string[] = []): void {
    this.line(head);
    this.#closers.push([...last, closer]);
  }

  get depth(): number {
    return this.#closers.length;
  }

  /** Closes blocks until `depth` of them are open. */
  closeTo(depth: number): void {
    while (this.#closers.length > depth) {
      const lines = this.#closers.at(-1)!;
      for (const text of lines.slice(0, -1)) this.line(text);
      this.#closers.pop();
      this.line(lines.at(-1)!);
    }
  }

  /** The rule of each line. */
  get origins(): readonly (Span | null)[] {
    return this.#origins;
  }

  toString(): string {
    return this.#lines.map((line) => `${line}\n`).join('');
  }
}
