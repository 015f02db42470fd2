/**
 * Cells and records of CSV and TSV with RFC 4180 quoting, over bytes. A cell that begins with `"`
 * ends at the next single `"`; a doubled one inside stands for itself, and so do delimiters and line
 * ends. Lines end in LF, CR LF or CR, also mixed. Lines without any character are no records.
 *
 * In UTF-8 no byte of a character beyond ASCII looks like a quote, a delimiter or a line end.
 */
import type { FactFile } from './read-bytes.js';

export const LF = 10;
export const CR = 13;
const QUOTE = 34;

/** Where and how the quoting is broken. */
export interface ScanProblem {
  readonly at: number;
  readonly message: string;
}

/** A cell with its place in the file, quotes included. */
export interface ScannedCell {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export class CellScanner {
  /** What the last cell holds: `source[from .. to)`, quotes taken away. */
  source: Buffer;
  from = 0;
  to = 0;
  /** Why there was no cell. */
  problem: ScanProblem = { at: 0, message: '' };
  readonly #bytes: Buffer;
  readonly #delimiter: number;

  constructor({ bytes }: FactFile, delimiter: number) {
    [this.#bytes, this.source, this.#delimiter] = [bytes, bytes, delimiter];
  }

  /** Scans the cell at an offset: the offset of what ends it, or -1 with a `problem`. */
  cell(at: number): number {
    const bytes = this.#bytes;
    if (bytes[at] === QUOTE) return this.#quoted(at);
    this.source = bytes;
    this.from = at;
    let end = at;
    for (let byte = bytes[end]!; !this.#endsCell(byte); byte = bytes[++end]!) {
      if (byte === QUOTE)
        return this.#broken(end, 'a quote inside a cell that does not begin with one');
    }
    this.to = end;
    return end;
  }

  /** The record at an offset, or null with a `problem`. */
  record(at: number): readonly ScannedCell[] | null {
    const cells: ScannedCell[] = [];
    for (let start = at; ;) {
      const end = this.cell(start);
      if (end < 0) return null;
      cells.push({ text: this.source.toString('utf8', this.from, this.to), start, end });
      if (this.#bytes[end] !== this.#delimiter) return cells;
      start = end + 1;
    }
  }

  #endsCell(byte: number): boolean {
    return byte === this.#delimiter || byte === LF || byte === CR;
  }

  #quoted(start: number): number {
    const bytes = this.#bytes;
    const parts: Buffer[] = [];
    for (let from = start + 1; ;) {
      const quote = bytes.indexOf(QUOTE, from);
      if (quote < 0) return this.#broken(start, 'this quoted cell is not closed');
      if (bytes[quote + 1] === QUOTE) {
        parts.push(bytes.subarray(from, quote + 1));
        from = quote + 2;
        continue;
      }
      if (!this.#endsCell(bytes[quote + 1]!))
        return this.#broken(quote + 1, 'text behind the closing quote of a cell');
      if (parts.length === 0) [this.source, this.from, this.to] = [bytes, from, quote];
      else {
        this.source = Buffer.concat([...parts, bytes.subarray(from, quote)]);
        [this.from, this.to] = [0, this.source.length];
      }
      return quote + 1;
    }
  }

  #broken(at: number, message: string): -1 {
    this.problem = { at, message };
    return -1;
  }
}
