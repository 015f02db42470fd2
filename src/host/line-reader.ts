/** Lines of a stream one at a time, for whoever waits for the next. */
import type { Readable } from 'node:stream';
import { readLines } from './read-lines.js';
import type { LineSource } from './read-lines.js';

export class LineReader {
  readonly #source: LineSource;
  readonly #lines: string[] = [];
  #waiting: ((line: string | undefined) => void) | null = null;
  #hasEnded = false;

  constructor(input: Readable) {
    this.#source = readLines(
      input,
      (line) => {
        if (this.#waiting === null) this.#lines.push(line);
        else this.#answer(line);
      },
      () => {
        this.#hasEnded = true;
        this.#answer(undefined);
      },
    );
  }

  /** Undefined at the end. */
  next(): Promise<string | undefined> {
    const line = this.#lines.shift();
    if (line !== undefined || this.#hasEnded) return Promise.resolve(line);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  close(): void {
    this.#source.stop();
  }

  #answer(line: string | undefined): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.(line);
  }
}
