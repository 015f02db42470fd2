/** Lines that a person types at a terminal, with history; or, without one, the lines of a stream. */
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { LineReader } from './line-reader.js';

/** Null: interrupted, the line is given up. Undefined: no more lines come. */
export type TypedLine = string | null | undefined;

export interface LinePrompt {
  next(prompt: string): Promise<TypedLine>;
  /** Lets the terminal be heard; false if somebody has interrupted since the last line. */
  mayGoOn(): Promise<boolean>;
  close(): void;
}

/** `complete`: what the end of a line may become, for the tab key. */
export function openPrompt(
  input: Readable & { readonly isTTY?: boolean },
  output: Writable,
  complete: (line: string) => readonly [readonly string[], string],
): LinePrompt {
  if (input.isTTY === true) return new TerminalPrompt(input, output, complete);
  const lines = new LineReader(input);
  return {
    next: () => lines.next(),
    mayGoOn: () => Promise.resolve(true),
    close: () => lines.close(),
  };
}

class TerminalPrompt implements LinePrompt {
  readonly #terminal: Interface;
  /** Typed ahead, or pasted. */
  readonly #lines: TypedLine[] = [];
  #waiting: ((line: TypedLine) => void) | null = null;
  #isClosed = false;

  constructor(
    input: Readable,
    output: Writable,
    complete: (line: string) => readonly [readonly string[], string],
  ) {
    this.#terminal = createInterface({
      input,
      output,
      completer: (line: string) => {
        const [candidates, part] = complete(line);
        return [[...candidates], part];
      },
    });
    this.#terminal.on('line', (line) => this.#take(line));
    this.#terminal.on('SIGINT', () => {
      output.write('\n');
      // Takes back what is on the line.
      this.#terminal.write(null, { ctrl: true, name: 'u' });
      this.#take(null);
    });
    this.#terminal.on('close', () => {
      this.#isClosed = true;
      // The line that was waited for stays empty.
      if (this.#waiting !== null) output.write('\n');
      this.#waiting?.(undefined);
    });
  }

  next(prompt: string): Promise<TypedLine> {
    if (this.#lines.length > 0) return Promise.resolve(this.#lines.shift());
    if (this.#isClosed) return Promise.resolve(undefined);
    this.#terminal.setPrompt(prompt);
    this.#terminal.prompt();
    return new Promise((resolve) => {
      this.#waiting = (line) => {
        this.#waiting = null;
        resolve(line);
      };
    });
  }

  async mayGoOn(): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    return !this.#lines.includes(null);
  }

  close(): void {
    this.#terminal.close();
  }

  #take(line: TypedLine): void {
    if (this.#waiting === null) this.#lines.push(line);
    else this.#waiting(line);
  }
}
