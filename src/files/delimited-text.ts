/**
 * Rows as lines of CSV or TSV, straight into bytes: digits of ints, and characters of strings that
 * need no quotes, go where they belong one by one, and a string is made of nothing. What is left,
 * a cell at a time, takes the ordinary way.
 */
import type { Row, Value } from '../base/value.js';

/** Bytes of one piece of a text, about. */
const PIECE = 1 << 16;
/** Digits and sign of the longest int. */
const LONGEST_INT = 20;
const MOST_SMALL = 2 ** 31 - 1;
const [ZERO, LINE_END, QUOTE, SPACE, DELETE] = [48, 10, 34, 32, 127];

/** Gets told of a cell that holds half a surrogate pair, for which no encoding of text has bytes. */
export type NoteReplaced = (row: number, column: number) => void;

export interface DelimitedRows {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly delimiter: ',' | '\t';
  /** A value that is no int, as the text of its cell. */
  readonly cellText: (value: Value) => string;
}

/** The lines, the names of the columns first, piece by piece; each piece is the taker's own. */
export function* delimitedPieces(
  { columns, rows, delimiter, cellText }: DelimitedRows,
  note: NoteReplaced,
): Iterable<Uint8Array> {
  const line = new LineWriter(delimiter);
  for (const [column, name] of columns.entries()) line.text(name, column, -1, note);
  line.end();
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    for (let column = 0; column < row.length; column++) {
      const value = row[column]!;
      if (typeof value === 'number') line.int(value, column);
      else line.text(typeof value === 'string' ? value : cellText(value), column, i, note);
    }
    line.end();
    if (line.length >= PIECE) yield line.take();
  }
  yield line.take();
}

class LineWriter {
  length = 0;
  #bytes = new Uint8Array(2 * PIECE);
  readonly #delimiter: string;
  readonly #delimiterCode: number;

  constructor(delimiter: ',' | '\t') {
    [this.#delimiter, this.#delimiterCode] = [delimiter, delimiter.charCodeAt(0)];
  }

  /** What has been written so far; writing goes on elsewhere. */
  take(): Uint8Array {
    const piece = this.#bytes.subarray(0, this.length);
    this.#bytes = new Uint8Array(2 * PIECE);
    this.length = 0;
    return piece;
  }

  end(): void {
    this.#reserve(1);
    this.#bytes[this.length++] = LINE_END;
  }

  int(value: number, column: number): void {
    this.#begin(column, LONGEST_INT);
    if (value < 0 || value > MOST_SMALL) return this.#append(String(value));
    const bytes = this.#bytes;
    const start = this.length;
    let end = start + 1;
    for (let rest = value; rest > 9; rest = (rest / 10) | 0) end++;
    let left = value;
    for (let at = end - 1; at >= start; at--) {
      const tenth = (left / 10) | 0;
      bytes[at] = ZERO + left - 10 * tenth;
      left = tenth;
    }
    this.length = end;
  }

  text(text: string, column: number, row: number, note: NoteReplaced): void {
    this.#begin(column, text.length);
    const bytes = this.#bytes;
    const start = this.length;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      const isPlain = code > SPACE && code < DELETE && code !== QUOTE;
      // A space is plain within a cell only.
      const isInner = code === SPACE && i > 0 && i < text.length - 1;
      if ((!isPlain && !isInner) || code === this.#delimiterCode)
        return this.#odd(text, column, row, note);
      bytes[start + i] = code;
    }
    if (text === '') return this.#odd(text, column, row, note);
    this.length = start + text.length;
  }

  /** A cell that is not written character by character. */
  #odd(text: string, column: number, row: number, note: NoteReplaced): void {
    if (/\p{Cs}/u.test(text)) note(row, column);
    const isBare =
      text !== '' &&
      !text.includes(this.#delimiter) &&
      !/["\r\n]/.test(text) &&
      text.trim() === text;
    this.#append(isBare ? text : `"${text.replaceAll('"', '""')}"`);
  }

  #append(text: string): void {
    const bytes = Buffer.from(text);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Begins a cell of about so many bytes. */
  #begin(column: number, wanted: number): void {
    this.#reserve(wanted + 1);
    if (column > 0) this.#bytes[this.length++] = this.#delimiterCode;
  }

  #reserve(wanted: number): void {
    if (this.length + wanted <= this.#bytes.length) return;
    const longer = new Uint8Array(2 * (this.length + wanted));
    longer.set(this.#bytes.subarray(0, this.length));
    this.#bytes = longer;
  }
}
