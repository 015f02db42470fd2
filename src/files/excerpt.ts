/**
 * Places in a large file as spans: the lines that a problem lies in are cut out as a source file of
 * their own that knows its first line. So a bad line among ten million is shown with its true
 * number, and no string of the whole file is ever made.
 */
import type { SourceFile, Span } from '../base/span.js';
import type { FactFile } from './read-bytes.js';

const LF = 10;
const CR = 13;
/** Longer lines are cut off behind the place in question. */
const MOST_SHOWN = 1 << 16;

/** Makes spans of byte offsets; cheapest when asked in ascending order. */
export class Excerpts {
  readonly #file: FactFile;
  /** Lines that end before `#counted`. */
  #lines = 0;
  #counted: number;

  constructor(file: FactFile) {
    this.#file = file;
    this.#counted = file.start;
  }

  span(start: number, end: number): Span {
    const { bytes, path } = this.#file;
    const from = this.#lineStart(start);
    const to = Math.min(this.#lineEnd(end), Math.max(end, start + MOST_SHOWN));
    const file: SourceFile = {
      path,
      text: bytes.toString('utf8', from, to),
      firstLine: this.#lineOf(from),
    };
    const units = (until: number): number => bytes.toString('utf8', from, until).length;
    return { file, start: units(start), end: units(Math.max(start, end)) };
  }

  #lineStart(at: number): number {
    const { bytes, start } = this.#file;
    let from = at;
    while (from > start && bytes[from - 1] !== LF && bytes[from - 1] !== CR) from--;
    return from;
  }

  #lineEnd(at: number): number {
    const { bytes, end } = this.#file;
    let to = Math.min(at, end);
    while (to < end && bytes[to] !== LF && bytes[to] !== CR) to++;
    return to;
  }

  /** The number of the line that begins at an offset. */
  #lineOf(start: number): number {
    const { bytes } = this.#file;
    if (start < this.#counted) [this.#counted, this.#lines] = [this.#file.start, 0];
    for (let at = this.#counted; at < start; at++) {
      const byte = bytes[at];
      if (byte === LF || (byte === CR && bytes[at + 1] !== LF)) this.#lines++;
    }
    this.#counted = start;
    return this.#lines + 1;
  }
}
