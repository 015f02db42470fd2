/**
 * Fact and input files: CSV and TSV (RFC 4180 quoting, with or without header) and JSON Lines (an
 * array or an object a line) as rows of one relation. In CSV and TSV the rows of a
 * relation without columns are empty lines, below another for the header. A value that does not fit its column is an
 * error at its place in the file, and a file with an error gives no rows at all.
 *
 * An optional leading column `@node` names the node that a row is for.
 */
import type { SourceFile } from '../base/span.js';
import type { Row, Value } from '../base/value.js';
import type { Checked, Diagnostic } from '../diagnostics/diagnostic.js';
import type { Relation } from '../semantics/program.js';
import { readCell, readJson } from './cell-value.js';
import type { Read } from './cell-value.js';
import { cellSpan, scanDelimited } from './scan-delimited.js';
import type { DelimitedRecord } from './scan-delimited.js';

export type HeaderMode = 'auto' | 'yes' | 'no';
export interface PlacedRow {
  /** From the column `@node`; null without it. */
  readonly node: string | null;
  readonly row: Row;
}

/** File name endings that can be read. */
export const rowFormats = ['csv', 'tsv', 'jsonl', 'facts'] as const;

/** More errors of one file than this are only counted. */
const maxErrors = 20;

/** The rows of a file, by its ending; no rows if anything in it is wrong. */
export function readRows(
  file: SourceFile,
  relation: Relation,
  header: HeaderMode,
): Checked<readonly PlacedRow[]> {
  const ending = file.path.slice(file.path.lastIndexOf('.') + 1).toLowerCase();
  const reader = new RowReader(file, relation);
  if (ending === 'jsonl') reader.readJsonLines();
  else if (ending === 'csv') reader.readDelimited(',', header);
  else if (ending === 'tsv' || ending === 'facts') reader.readDelimited('\t', header);
  else
    reader.problem(0, 0, `cannot tell the format of ${file.path}`, 'name it .csv, .tsv or .jsonl');
  return reader.result();
}

class RowReader {
  readonly #file: SourceFile;
  readonly #relation: Relation;
  readonly #rows: PlacedRow[] = [];
  readonly #problems: Diagnostic[] = [];
  #errors = 0;

  constructor(file: SourceFile, relation: Relation) {
    this.#file = file;
    this.#relation = relation;
  }

  result(): Checked<readonly PlacedRow[]> {
    if (this.#errors === 0) return { value: this.#rows, diagnostics: [] };
    const more = this.#errors - this.#problems.length;
    const last = this.#problems.at(-1)!;
    const problems =
      more === 0
        ? this.#problems
        : [
            ...this.#problems.slice(0, -1),
            { ...last, notes: [`${more} more errors in this file`] },
          ];
    return { value: [], diagnostics: problems };
  }

  problem(start: number, end: number, message: string, help: string): void {
    this.#errors += 1;
    if (this.#problems.length >= maxErrors) return;
    const primary = { span: { file: this.#file, start, end: Math.max(end, start) } };
    this.#problems.push({ code: 'TRL1002', severity: 'error', message, primary, help });
  }

  readDelimited(delimiter: string, header: HeaderMode): void {
    if (this.#relation.columns.length === 0) return this.#readEmptyLines(header);
    let withNode = false;
    let isFirst = true;
    const { text } = this.#file;
    const broken = scanDelimited(text, delimiter, (record) => {
      if (isFirst) {
        isFirst = false;
        withNode = header !== 'no' && record.cells[0]!.trim() === '@node';
        if (header !== 'no' && this.#isHeader(record, withNode, header)) return;
      }
      this.#addRecord(record, withNode, delimiter);
    });
    if (broken !== null)
      this.problem(
        broken.at,
        broken.at + 1,
        broken.message,
        'quote a cell with "..." and double the quotes inside it',
      );
  }

  #readEmptyLines(header: HeaderMode): void {
    let start = 0;
    for (const [i, line] of this.#file.text.split('\n').slice(0, -1).entries()) {
      const text = line.trimEnd();
      if (text !== '') this.#badCount(start, start + text.length, text.split(/[,\t]/).length);
      else if (i > 0 || header === 'no') this.#rows.push({ node: null, row: [] });
      start += line.length + 1;
    }
  }

  #badCount(start: number, end: number, count: number): void {
    const { columns, name } = this.#relation;
    const message = `a row of ${count} column${count === 1 ? '' : 's'} for \`${name}\`, which has ${columns.length}`;
    const names = columns.map((column) => column.name).join(', ');
    const help =
      columns.length === 0
        ? 'leave the line empty, or use JSON Lines: [] a row'
        : `give one cell for each of ${names}`;
    this.problem(start, end, message, help);
  }

  /** Whether the first record names the columns; under `yes` and with `@node` it does in any case. */
  #isHeader(record: DelimitedRecord, withNode: boolean, header: 'auto' | 'yes'): boolean {
    const names = this.#relation.columns.map((column) => column.name);
    const written = record.cells.slice(withNode ? 1 : 0).map((cell) => cell.trim());
    if (names.join('\n') === written.join('\n')) return true;
    if ([...names].sort().join('\n') === [...written].sort().join('\n')) {
      this.problem(
        record.start,
        record.end,
        `the header names the columns of \`${this.#relation.name}\` in another order`,
        `the order is ${names.join(', ')}; if this is no header, use --header no`,
      );
      return true;
    }
    return withNode || header === 'yes';
  }

  #addRecord(record: DelimitedRecord, withNode: boolean, delimiter: string): void {
    const { columns } = this.#relation;
    const first = withNode ? 1 : 0;
    const count = record.cells.length - first;
    if (count !== columns.length) return this.#badCount(record.start, record.end, count);
    const row: Value[] = [];
    for (let i = 0; i < count; i++) {
      const read = readCell(record.cells[i + first]!, columns[i]!.type);
      if ('value' in read) row.push(read.value);
      else {
        const [start, end] = cellSpan(this.#file.text, delimiter, record, i + first);
        this.#badValue(i, read, start, end);
      }
    }
    if (row.length === count) this.#rows.push({ node: withNode ? record.cells[0]! : null, row });
  }

  #badValue(
    column: number,
    read: Extract<Read, { problem: string }>,
    start: number,
    end: number,
  ): void {
    const { name, columns } = this.#relation;
    const message = `column ${column + 1} (\`${columns[column]!.name}\`) of \`${name}\`: ${read.problem}`;
    this.problem(start, end, message, `mend the cell, or declare the column with another type`);
  }

  readJsonLines(): void {
    let start = 0;
    for (const line of this.#file.text.split('\n')) {
      if (line.trim() !== '') this.#addJsonLine(line.trimEnd(), start);
      start += line.length + 1;
    }
  }

  #addJsonLine(line: string, start: number): void {
    const end = start + line.length;
    const json = parseJson(line);
    if (json === undefined)
      return this.problem(
        start,
        end,
        'this line is not JSON',
        'write one JSON array or object a line',
      );
    const { columns, name } = this.#relation;
    const names = columns.map((column) => column.name);
    const cells = Array.isArray(json) ? json : objectCells(json, names);
    if (cells === undefined || cells.length !== columns.length) {
      const help = `write [${names.join(', ')}] or an object with these keys`;
      return this.problem(start, end, `not a row of \`${name}\``, help);
    }
    const node = Array.isArray(json) ? null : ((json as Record<string, unknown>)['@node'] ?? null);
    if (node !== null && typeof node !== 'string')
      return this.problem(start, end, '`@node` is not a string', 'write the name of a node');
    const row: Value[] = [];
    for (const [i, cell] of cells.entries()) {
      const read = readJson(cell, columns[i]!.type);
      if ('value' in read) row.push(read.value);
      else this.#badValue(i, read, start, end);
    }
    if (row.length === columns.length) this.#rows.push({ node, row });
  }
}

/** JSON, or undefined if it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function objectCells(json: unknown, names: readonly string[]): readonly unknown[] | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const record = json as Record<string, unknown>;
  const known = Object.keys(record).filter((key) => key !== '@node');
  if (known.length !== names.length || !names.every((name) => Object.hasOwn(record, name)))
    return undefined;
  return names.map((name) => record[name]);
}
