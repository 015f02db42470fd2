/**
 * CSV and TSV straight into the columns of a table. One pass over the bytes: ints are summed up
 * digit by digit, every other cell becomes the word of its bytes (cell-words.ts). Whatever this
 * pass does not understand, it leaves to a second look at the record, which finds out what is wrong.
 */
import { assert } from '../base/assert.js';
import { TableBuilder } from '../base/table.js';
import type { Relation } from '../semantics/program.js';
import { CellWords } from './cell-words.js';
import type { FileProblems } from './file-problems.js';
import type { FactFile } from './read-bytes.js';
import { reporting, type ReadProgress } from './read-progress.js';
import { CellScanner, CR, LF, type ScannedCell } from './scan-delimited.js';

/** `auto`: a first line that equals the column names is a header. */
export type HeaderMode = 'auto' | 'yes' | 'no';

/** A table and whether its first column names nodes. */
export interface DelimitedTable {
  readonly table: TableBuilder;
  readonly hasNodes: boolean;
}

/** Digits of an int that is surely below 2^31. */
const SHORT_INT = 9;

export function readDelimited(
  file: FactFile,
  relation: Relation,
  delimiter: ',' | '\t',
  header: HeaderMode,
  problems: FileProblems,
  progress?: ReadProgress,
): DelimitedTable {
  const reader = new DelimitedReader(file, relation, delimiter.charCodeAt(0), problems);
  return reader.read(header, progress);
}

class DelimitedReader {
  readonly #file: FactFile;
  readonly #relation: Relation;
  readonly #delimiter: number;
  readonly #problems: FileProblems;
  readonly #scanner: CellScanner;
  #table = new TableBuilder(0);
  #hasNodes = false;
  /** One a column; columns of one type share theirs. */
  #words: readonly CellWords[] = [];
  #takesInts: readonly boolean[] = [];

  constructor(file: FactFile, relation: Relation, delimiter: number, problems: FileProblems) {
    [this.#file, this.#relation] = [file, relation];
    [this.#delimiter, this.#problems] = [delimiter, problems];
    this.#scanner = new CellScanner(file, delimiter);
  }

  read(header: HeaderMode, progress: ReadProgress | undefined): DelimitedTable {
    const first = this.#skipEmpty(this.#file.start);
    const begin = first < this.#file.end && header !== 'no' ? this.#header(first, header) : first;
    this.#open();
    this.#records(begin, progress);
    return { table: this.#table, hasNodes: this.#hasNodes };
  }

  #open(): void {
    const { columns } = this.#relation;
    const types = columns.map(({ type }) => type);
    const all = this.#hasNodes ? [{ kind: 'string' } as const, ...types] : types;
    const table = new TableBuilder(all.length, this.#guessRows());
    const byType = new Map<string, CellWords>();
    this.#words = all.map((type) => {
      const key = JSON.stringify(type);
      const words = byType.get(key) ?? new CellWords(type, table);
      byType.set(key, words);
      return words;
    });
    this.#takesInts = all.map(({ kind }) => ['int', 'nat', 'any', 'unknown'].includes(kind));
    this.#table = table;
  }

  /** By the length of the first lines. */
  #guessRows(): number {
    const { bytes, start, end } = this.#file;
    const sample = Math.min(end, start + (1 << 16));
    let lines = 1;
    for (let at = start; at < sample; at++) if (bytes[at] === LF || bytes[at] === CR) lines++;
    return Math.ceil((1.1 * lines * (end - start + 1)) / (sample - start + 1)) + 16;
  }

  /** Reads the first record as a header if it is one; where the rows begin. */
  #header(start: number, header: 'auto' | 'yes'): number {
    const cells = this.#scanner.record(start);
    if (cells === null) return start;
    this.#hasNodes = cells[0]!.text.trim() === '@node';
    return this.#isHeader(cells, header) ? cells.at(-1)!.end + 1 : start;
  }

  /** Whether the record names the columns; under `yes` and with `@node` it does in any case. */
  #isHeader(cells: readonly ScannedCell[], header: 'auto' | 'yes'): boolean {
    const { name, columns } = this.#relation;
    const names = columns.map((column) => column.name);
    const written = cells.slice(this.#hasNodes ? 1 : 0).map(({ text }) => text.trim());
    if (names.join('\n') === written.join('\n')) return true;
    if ([...names].sort().join('\n') === [...written].sort().join('\n')) {
      this.#problems.add(
        cells[0]!.start,
        cells.at(-1)!.end,
        `the header names the columns of \`${name}\` in another order`,
        `the order is ${names.join(', ')}; if this is no header, use --header no`,
      );
      return true;
    }
    return this.#hasNodes || header === 'yes';
  }

  #skipEmpty(start: number): number {
    const { bytes, end } = this.#file;
    let at = start;
    while (at < end && (bytes[at] === LF || bytes[at] === CR)) at++;
    return at;
  }

  #records(begin: number, progress: ReadProgress | undefined): void {
    const { bytes, end } = this.#file;
    const report = reporting(progress, end);
    for (let at = begin; at < end;) {
      const byte = bytes[at];
      if (byte === LF || byte === CR) at++;
      else at = this.#record(at);
      report(at);
    }
  }

  /** Adds the record at an offset to the table; the offset behind what ends it. */
  #record(start: number): number {
    const bytes = this.#file.bytes;
    const table = this.#table;
    const takesInts = this.#takesInts;
    const width = takesInts.length;
    const delimiter = this.#delimiter;
    table.reserve();
    const row = table.length;
    let at = start;
    for (let column = 0; column < width; column++) {
      let word = 0;
      let end = at;
      if (takesInts[column]!) {
        const stop = at + SHORT_INT;
        let digit = bytes[end]! - 48;
        while (digit >= 0 && digit <= 9 && end < stop) {
          word = word * 10 + digit;
          digit = bytes[++end]! - 48;
        }
      }
      let ending = bytes[end]!;
      if (end === at || (ending !== delimiter && ending !== LF && ending !== CR)) {
        end = this.#scanner.cell(at);
        if (end < 0) return this.#explain(start);
        const { source, from, to } = this.#scanner;
        const found = this.#words[column]!.read(source, from, to);
        if (found === null) return this.#explain(start);
        word = found;
        ending = bytes[end]!;
      }
      if ((ending === delimiter) !== column < width - 1) return this.#explain(start);
      table.columns[column]![row] = word;
      at = end + 1;
    }
    table.length = row + 1;
    return at;
  }

  /** Says what is wrong with a record; the offset behind it, or behind everything. */
  #explain(start: number): number {
    const cells = this.#scanner.record(start);
    if (cells === null) {
      const { at, message } = this.#scanner.problem;
      const help = 'quote a cell with "..." and double the quotes inside it';
      this.#problems.add(at, at + 1, message, help);
      return this.#file.end;
    }
    const end = cells.at(-1)!.end;
    const own = this.#hasNodes ? cells.slice(1) : cells;
    if (own.length === this.#relation.columns.length) this.#explainCells(own);
    else wrongCount(this.#problems, this.#relation, start, end, own.length);
    assert(!this.#problems.isEmpty, 'a record is left out for a reason');
    return end + 1;
  }

  #explainCells(cells: readonly ScannedCell[]): void {
    const { name, columns } = this.#relation;
    const words = this.#hasNodes ? this.#words.slice(1) : this.#words;
    for (const [i, { text, start, end }] of cells.entries()) {
      const content = Buffer.from(text);
      if (words[i]!.read(content, 0, content.length) !== null) continue;
      const message = `column ${i + 1} (\`${columns[i]!.name}\`) of \`${name}\`: ${words[i]!.problem}`;
      const help = 'mend the cell, or declare the column with another type';
      this.#problems.add(start, end, message, help);
    }
  }
}

/** A record that has not one cell a column. */
export function wrongCount(
  problems: FileProblems,
  { name, columns }: Relation,
  start: number,
  end: number,
  count: number,
): void {
  const message = `a row of ${count} column${count === 1 ? '' : 's'} for \`${name}\`, which has ${columns.length}`;
  const help =
    columns.length === 0
      ? 'leave the line empty, or use JSON Lines: [] a row'
      : `give one cell for each of ${columns.map((column) => column.name).join(', ')}`;
  problems.add(start, end, message, help);
}
