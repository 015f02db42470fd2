/**
 * Files of facts and inputs as tables: CSV and TSV (RFC 4180 quoting, with or without header) and
 * JSON Lines (an array or an object a line). In CSV and TSV the rows of a relation without columns
 * are empty lines, below another for the header. A value that does not fit its column is an error
 * at its place in the file, and a file with an error gives no rows at all.
 *
 * An optional leading column `@node` names the node that a row is for.
 */
import { Table, TableBuilder } from '../base/table.js';
import type { Row, Value } from '../base/value.js';
import type { Checked } from '../diagnostics/diagnostic.js';
import type { Relation } from '../semantics/program.js';
import { readJson } from './cell-value.js';
import { FileProblems } from './file-problems.js';
import { textOf, type FactFile } from './read-bytes.js';
import { readDelimited, wrongCount, type HeaderMode } from './read-delimited.js';
import { reporting, type ReadProgress } from './read-progress.js';

export interface PlacedTable {
  /** From the column `@node`; null without it. */
  readonly node: string | null;
  readonly table: Table;
}
export interface PlacedRow {
  readonly node: string | null;
  readonly row: Row;
}

/** The rows of a file, in its order, with the nodes that they are for. */
export class FileRows {
  readonly #whole: Table;
  readonly #hasNodes: boolean;

  /** `hasNodes`: the first column is `@node`. */
  constructor(whole: Table, hasNodes: boolean) {
    [this.#whole, this.#hasNodes] = [whole, hasNodes];
  }

  /** A table a node, in the order in which they first come. */
  byNode(): readonly PlacedTable[] {
    const whole = this.#whole;
    if (whole.length === 0) return [];
    if (!this.#hasNodes) return [{ node: null, table: whole }];
    return [...new Set(whole.distinct(0))].map((node) => ({
      node: nameOf(node),
      table: whole.where(0, node).without(0),
    }));
  }

  *[Symbol.iterator](): Iterator<PlacedRow> {
    for (const row of this.#whole) {
      if (!this.#hasNodes) yield { node: null, row };
      else yield { node: nameOf(row[0]!), row: row.slice(1) };
    }
  }
}

function nameOf(node: Value): string | null {
  return typeof node === 'string' ? node : null;
}

const noRows = new FileRows(Table.of(0, []), false);

/** File name endings that can be read. */
export const rowFormats = ['csv', 'tsv', 'jsonl', 'facts'] as const;

/** The rows of a file, by its ending; none if anything in it is wrong. */
export function readRows(
  file: FactFile,
  relation: Relation,
  header: HeaderMode,
  progress?: ReadProgress,
): Checked<FileRows> {
  const ending = file.path.slice(file.path.lastIndexOf('.') + 1).toLowerCase();
  const problems = new FileProblems(file);
  const rows = readEnding(ending, file, relation, header, problems, progress);
  return { value: problems.isEmpty ? rows : noRows, diagnostics: problems.diagnostics() };
}

function readEnding(
  ending: string,
  file: FactFile,
  relation: Relation,
  header: HeaderMode,
  problems: FileProblems,
  progress?: ReadProgress,
): FileRows {
  if (ending === 'jsonl') return new JsonLines(file, relation, problems).read(progress);
  const delimiter = ending === 'csv' ? ',' : ending === 'tsv' || ending === 'facts' ? '\t' : null;
  if (delimiter === null) {
    problems.add(
      file.start,
      file.start,
      `cannot tell the format of ${file.path}`,
      'name it .csv, .tsv or .jsonl',
    );
    return noRows;
  }
  if (relation.columns.length === 0) return readEmptyLines(file, relation, header, problems);
  const read = readDelimited(file, relation, delimiter, header, problems, progress);
  return new FileRows(read.table.finish(), read.hasNodes);
}

function readEmptyLines(
  file: FactFile,
  relation: Relation,
  header: HeaderMode,
  problems: FileProblems,
): FileRows {
  const table = new TableBuilder(0);
  let start = file.start;
  const lines = textOf(file).split('\n').slice(0, -1);
  for (const [i, line] of lines.entries()) {
    const text = line.trimEnd();
    if (text !== '')
      wrongCount(
        problems,
        relation,
        start,
        start + Buffer.byteLength(text),
        text.split(/[,\t]/).length,
      );
    else if (i > 0 || header === 'no') table.add([]);
    start += Buffer.byteLength(line) + 1;
  }
  return new FileRows(table.finish(), false);
}

class JsonLines {
  readonly #file: FactFile;
  readonly #relation: Relation;
  readonly #problems: FileProblems;
  /** The first column is the node. */
  readonly #table: TableBuilder;

  constructor(file: FactFile, relation: Relation, problems: FileProblems) {
    [this.#file, this.#relation, this.#problems] = [file, relation, problems];
    this.#table = new TableBuilder(1 + relation.columns.length);
  }

  read(progress: ReadProgress | undefined): FileRows {
    const { bytes, end } = this.#file;
    const report = reporting(progress, end);
    for (let start = this.#file.start; start < end;) {
      const lineEnd = bytes.indexOf(10, start);
      const line = bytes.toString('utf8', start, lineEnd).trimEnd();
      if (line.trim() !== '') this.#addLine(line, start);
      start = lineEnd + 1;
      report(start);
    }
    return new FileRows(this.#table.finish(), true);
  }

  #addLine(line: string, start: number): void {
    const end = start + Buffer.byteLength(line);
    const bad = (message: string, help: string): void =>
      this.#problems.add(start, end, message, help);
    const json = parseJson(line);
    if (json === undefined)
      return bad('this line is not JSON', 'write one JSON array or object a line');
    const { columns, name } = this.#relation;
    const names = columns.map((column) => column.name);
    const cells = Array.isArray(json) ? json : objectCells(json, names);
    if (cells === undefined || cells.length !== columns.length)
      return bad(
        `not a row of \`${name}\``,
        `write [${names.join(', ')}] or an object with these keys`,
      );
    const node = Array.isArray(json) ? null : ((json as Record<string, unknown>)['@node'] ?? null);
    if (node !== null && typeof node !== 'string')
      return bad('`@node` is not a string', 'write the name of a node');
    const row: Value[] = [];
    for (const [i, cell] of cells.entries()) {
      const read = readJson(cell, columns[i]!.type);
      if ('value' in read) row.push(read.value);
      else
        bad(
          `column ${i + 1} (\`${columns[i]!.name}\`) of \`${name}\`: ${read.problem}`,
          'mend the cell, or declare the column with another type',
        );
    }
    if (row.length === columns.length) this.#table.add([node, ...row]);
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
