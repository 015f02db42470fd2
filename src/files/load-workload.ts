/**
 * Facts and inputs from the command line's `--facts` and `--input`, or a cluster file's `[static]`
 * and `[workload]`, as one workload over the program's relations. Nothing is half loaded: with any
 * error there is no workload.
 */
import { existsSync, readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { SourceFile, Span } from '../base/span.js';
import { Table } from '../base/table.js';
import type { Row, Value } from '../base/value.js';
import type { Checked, Diagnostic } from '../diagnostics/diagnostic.js';
import { didYouMean } from '../diagnostics/did-you-mean.js';
import type { Program, Relation } from '../semantics/program.js';
import { readJson } from './cell-value.js';
import type { ClusterFile } from './cluster-file.js';
import { parseJson, readRows, rowFormats, type FileRows } from './read-rows.js';
import { readBytes } from './read-bytes.js';
import type { HeaderMode } from './read-delimited.js';
import { reporting, type ReadProgress } from './read-progress.js';
import { isFolder, pathInFolder } from './load-target.js';
import { readSource, readStandardInput } from './read-source.js';
import { systemReason } from './system-reason.js';
import { keySpan } from './toml-places.js';

export interface LoadedFact {
  readonly node: string | null;
  readonly relation: string;
  readonly rows: Table;
}
export interface LoadedInput {
  readonly node: string | null;
  readonly relation: string;
  readonly row: Row;
  readonly atMs: number | null;
}
export interface LoadedWorkload {
  /** Names of the nodes, sorted. */
  readonly nodes: readonly string[];
  readonly facts: readonly LoadedFact[];
  readonly inputs: readonly LoadedInput[];
}
export interface WorkloadSources {
  readonly program: Program;
  /**
   * Names that the cluster has; a node named elsewhere is an error. Null: those that the facts name
   * (by a located row, a folder, a column `@node`), or if they name none, the one node `n1`.
   */
  readonly nodes: readonly string[] | null;
  readonly cluster: ClusterFile | null;
  /** `DIR` or `REL=PATH`. */
  readonly facts: readonly string[];
  /** `PATH` of JSON Lines, `-` for standard input, or `REL=PATH`. */
  readonly inputs: readonly string[];
  readonly header: HeaderMode;
  /** Told of a file while it is read, if that takes a while. */
  readonly progress?: (path: string, ...bytes: Parameters<ReadProgress>) => void;
}

export function loadWorkload(sources: WorkloadSources): Checked<LoadedWorkload> {
  const loader = new WorkloadLoader(sources);
  if (sources.cluster !== null) loader.addStatics(sources.cluster);
  for (const spec of sources.facts) loader.addFacts(spec);
  loader.settleNodes();
  for (const spec of sources.inputs) loader.addInputs(spec);
  return loader.result();
}

class WorkloadLoader {
  readonly #sources: WorkloadSources;
  readonly #facts: LoadedFact[] = [];
  readonly #inputs: LoadedInput[] = [];
  readonly #diagnostics: Diagnostic[] = [];
  /** Null as long as the facts may name more. */
  #nodes: readonly string[] | null;

  constructor(sources: WorkloadSources) {
    this.#sources = sources;
    this.#nodes = sources.nodes === null ? null : [...new Set(sources.nodes)].sort();
  }

  result(): Checked<LoadedWorkload> {
    const failed = this.#diagnostics.some((d) => d.severity === 'error');
    const nodes = this.#nodes ?? [];
    const value = failed
      ? { nodes, facts: [], inputs: [] }
      : { nodes, facts: this.#facts, inputs: this.#inputs };
    return { value, diagnostics: this.#diagnostics };
  }

  /** From now on the nodes are known. */
  settleNodes(): void {
    if (this.#nodes !== null) return;
    const { relations, facts } = this.#sources.program;
    const names = new Set(this.#facts.flatMap(({ node }) => node ?? []));
    const look = (relation: string, addressesAt: (column: number) => readonly Value[]): void => {
      const location = relations.get(relation)?.location ?? null;
      if (location === null) return;
      for (const address of addressesAt(location))
        if (typeof address === 'string') names.add(address);
    };
    for (const { relation, row } of facts) look(relation, (column) => [row[column]!]);
    for (const { relation, rows } of this.#facts) look(relation, (column) => rows.distinct(column));
    this.#nodes = names.size === 0 ? ['n1'] : [...names].sort();
  }

  addStatics(cluster: ClusterFile): void {
    this.#addDocuments(cluster.file, null, cluster.statics);
    for (const node of cluster.nodes) this.#addDocuments(cluster.file, node.name, node.statics);
  }

  #addDocuments(file: SourceFile, node: string | null, tables: ClusterFile['statics']): void {
    const table = node === null ? ['static'] : ['nodes', node, 'static'];
    for (const [name, documents] of Object.entries(tables)) {
      const span = keySpan(file, [...table, name]);
      const place = `[${table.join('.')}] of ${file.path}`;
      const relation = this.#relation(name, 'fact', place, span);
      if (relation === null) continue;
      const rows = documents.flatMap(
        (document) => this.#documentRow(relation, document, span) ?? [],
      );
      this.#place(relation, node, Table.of(relation.columns.length, rows), place);
    }
  }

  /**
   * Rows of a located relation go by their `@` column, whatever else names a node. An address that
   * no node has would never be looked at again, so it is an error.
   */
  #place(relation: Relation, node: string | null, rows: Table, place: string): void {
    const { name, location } = relation;
    if (location === null) {
      this.#facts.push({ node, relation: name, rows });
      return;
    }
    for (const address of rows.distinct(location))
      if (typeof address === 'string') this.#checkNode(address, `${place}, relation \`${name}\``);
    this.#facts.push({ node: null, relation: name, rows });
  }

  /** One row in a list, or null with a diagnostic. */
  #documentRow(relation: Relation, document: readonly unknown[], span: Span): [Row] | null {
    const place = `static \`${relation.name}\` in ${span.file.path}`;
    if (document.length !== relation.columns.length) {
      this.#error(
        'TRL1007',
        `${place}: the row ${JSON.stringify(document)} has ${document.length} columns, not ${relation.columns.length}`,
        'give one value a column',
        span,
      );
      return null;
    }
    const row = [];
    for (const [i, item] of document.entries()) {
      const read = readJson(item, relation.columns[i]!.type);
      if ('problem' in read) {
        this.#error(
          'TRL1007',
          `${place}, row ${JSON.stringify(document)}, column \`${relation.columns[i]!.name}\`: ${read.problem}`,
          'mend the value',
          span,
        );
        return null;
      }
      row.push(read.value);
    }
    return [row];
  }

  addFacts(spec: string): void {
    const named = splitNamed(spec);
    if (named !== null) return this.#addFactFile(named.relation, named.path, null);
    if (!isFolder(spec)) {
      const isFile = existsSync(spec);
      return this.#error(
        'TRL1008',
        `--facts ${spec}: ${isFile ? 'this is a file, not a folder' : 'there is no such folder'}`,
        isFile
          ? `say which relation it fills: ${this.#named(spec)}`
          : 'name a folder of REL.csv, REL.tsv or REL.jsonl files, or REL=PATH',
      );
    }
    try {
      this.#addFactFolder(spec, null);
    } catch (error) {
      this.#error(
        'TRL1008',
        `--facts ${spec}: the folder cannot be read: ${systemReason(error)}`,
        'check the folder and what is in it',
      );
    }
  }

  #addFactFolder(folder: string, node: string | null): void {
    const entries = readdirSync(folder, { withFileTypes: true });
    for (const { name } of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, name);
      if (isFolder(path)) {
        if (node === null && this.#checkNode(name, `the folder ${path}`))
          this.#addFactFolder(path, name);
      } else if (this.#holdsFacts(name)) {
        this.#addFactFile(basename(name, extname(name)), path, node);
      }
    }
  }

  /** By its ending; or else by its name: a table of another format shall not be passed over. */
  #holdsFacts(file: string): boolean {
    const ending = extname(file);
    if ((rowFormats as readonly string[]).includes(ending.slice(1).toLowerCase())) return true;
    const kind = this.#sources.program.relations.get(basename(file, ending))?.kind ?? '';
    return ending !== '' && ['table', 'lattice', 'static'].includes(kind);
  }

  #addFactFile(name: string, path: string, node: string | null): void {
    const relation = this.#relation(name, 'fact', path);
    if (relation === null) return;
    const placed = this.#readFile(path, relation)?.byNode() ?? [];
    if (placed.some(({ node: own }) => own !== null && !this.#checkNode(own, path))) return;
    for (const { node: own, table } of placed) this.#place(relation, own ?? node, table, path);
  }

  /** The rows of a table file; none, with diagnostics, if there is anything wrong with it. */
  #readFile(path: string, relation: Relation): FileRows | null {
    const { value: file, diagnostics } = readBytes(path);
    this.#diagnostics.push(...diagnostics);
    if (file === null) return null;
    const { header, progress } = this.#sources;
    const read = readRows(file, relation, header, (done, total) =>
      progress?.(file.path, done, total),
    );
    this.#diagnostics.push(...read.diagnostics);
    return read.value;
  }

  addInputs(spec: string): void {
    const named = splitNamed(spec);
    if (named === null) return this.#addInputLines(spec);
    const relation = this.#relation(named.relation, 'input', named.path);
    if (relation === null) return;
    for (const { node, row } of this.#readFile(named.path, relation) ?? []) {
      const at = this.#receiver(relation, node, row);
      if (at !== null && !this.#checkNode(at, named.path)) return;
      this.#inputs.push({ node, relation: relation.name, row, atMs: null });
    }
  }

  /** A file with the relation that it is likely to be for. */
  #named(path: string): string {
    const name = basename(path, extname(path));
    return `${this.#sources.program.relations.has(name) ? name : 'REL'}=${path}`;
  }

  #addInputLines(path: string): void {
    if (/^\.(?:csv|tsv)$/i.test(extname(path)))
      return this.#error(
        'TRL1009',
        `--input ${path}: a table does not say which input its rows are for`,
        `write --input ${this.#named(path)}`,
      );
    const file = this.#read(path);
    if (file === null) return;
    let start = 0;
    const { progress } = this.#sources;
    const report = reporting(
      progress && ((done, total) => progress(path, done, total)),
      file.text.length,
    );
    for (const line of file.text.split('\n')) {
      if (line.trim() !== '') this.#addInputLine(file, line.trimEnd(), start);
      start += line.length + 1;
      report(start);
    }
  }

  #addInputLine(file: SourceFile, line: string, start: number): void {
    const span = { file, start, end: start + line.length };
    const bad = (message: string, help: string): void => {
      this.#diagnostics.push({
        code: 'TRL1009',
        severity: 'error',
        message,
        primary: { span },
        help,
      });
    };
    const json = parseJson(line);
    if (typeof json !== 'object' || json === null || Array.isArray(json))
      return bad('this line is not a JSON object', inputForm);
    const { node = null, rel, row, at = null, ...others } = json as Record<string, unknown>;
    if (typeof rel !== 'string') return bad('`rel` is to name a relation', inputForm);
    if (!Array.isArray(row)) return bad('`row` is to be an array of values', inputForm);
    if (node !== null && typeof node !== 'string')
      return bad('`node` is to be the name of a node', inputForm);
    if (at !== null && !(typeof at === 'number' && at >= 0))
      return bad('`at` is to be a number of milliseconds, 0 or more', inputForm);
    const other = Object.keys(others)[0];
    if (other !== undefined) return bad(`unknown key \`${other}\``, inputForm);
    const relation = this.#relation(rel, 'input', file.path, span);
    if (relation === null) return;
    if (row.length !== relation.columns.length)
      return bad(
        `a row of ${row.length} columns for \`${rel}\`, which has ${relation.columns.length}`,
        inputForm,
      );
    const values = [];
    for (const [i, cell] of row.entries()) {
      const read = readJson(cell, relation.columns[i]!.type);
      if ('problem' in read)
        return bad(
          `column ${i + 1} (\`${relation.columns[i]!.name}\`) of \`${rel}\`: ${read.problem}`,
          'mend the value',
        );
      values.push(read.value);
    }
    const receiver = this.#receiver(relation, node, values);
    if (receiver !== null && !this.#checkNode(receiver, file.path, span)) return;
    this.#inputs.push({ node, relation: rel, row: values, atMs: at });
  }

  /** Where an input enters, if it says so. */
  #receiver({ location }: Relation, node: string | null, row: Row): string | null {
    const address = location === null ? null : row[location];
    return typeof address === 'string' ? address : node;
  }

  #relation(name: string, role: 'fact' | 'input', place: string, span?: Span): Relation | null {
    const { relations, rules } = this.#sources.program;
    const relation = relations.get(name);
    if (relation === undefined) {
      const guess = didYouMean(name, relations.keys());
      this.#error(
        'TRL1010',
        `${place}: the program has no relation \`${name}\``,
        guess === null
          ? role === 'input'
            ? 'give an input that the program declares'
            : 'facts go to relations of the program: name the table or file after one'
          : `did you mean \`${guess}\`?`,
        span,
      );
      return null;
    }
    if (
      role === 'fact' &&
      relation.kind === 'scratch' &&
      rules.some((r) => r.head.relation === name)
    ) {
      this.#error(
        'TRL1011',
        `${place}: rules derive the scratch \`${name}\` afresh in every timestep, so it takes no facts from outside`,
        'give them to a table or a static and let a rule read that',
        span,
      );
      return null;
    }
    if (role === 'fact' && relation.kind === 'scratch' && relation.partition !== null) {
      this.#error(
        'TRL1011',
        `${place}: the scratch \`${name}\` is spread over the cluster and holds at boot only what reaches its owner by then`,
        'give them to a table or a static, and let a rule read that',
        span,
      );
      return null;
    }
    const takesFacts =
      ['table', 'lattice', 'scratch', 'static'].includes(relation.kind) &&
      relation.builtin === null;
    // Of the built-in ones only the lines of standard input can come in another way.
    const takesInputs =
      relation.kind === 'input' && (relation.builtin === null || relation.builtin === 'stdin');
    if (role === 'fact' ? takesFacts : takesInputs) return relation;
    const help =
      role === 'input'
        ? 'only `input` relations take inputs; give facts with --facts'
        : takesInputs
          ? 'give it with --input'
          : 'facts go into tables, lattices, statics and scratches';
    this.#error(
      'TRL1011',
      `${place}: \`${name}\` is ${/^[aeiou]/.test(relation.kind) ? 'an' : 'a'} ${relation.kind} and takes no ${role}s from outside`,
      help,
      span,
    );
    return null;
  }

  #checkNode(name: string, place: string, span?: Span): boolean {
    const nodes = this.#nodes;
    if (nodes === null || nodes.includes(name)) return true;
    const guess = didYouMean(name, nodes);
    this.#error(
      'TRL1012',
      `${place}: there is no node \`${name}\``,
      guess === null
        ? `the nodes are ${nodes.join(', ')}; name all of them with --nodes or in the cluster file`
        : `did you mean \`${guess}\`?`,
      span,
    );
    return false;
  }

  #read(path: string): SourceFile | null {
    const { value, diagnostics } = path === '-' ? readStandardInput() : readSource(path);
    this.#diagnostics.push(...diagnostics);
    return value;
  }

  #error(code: string, message: string, help: string, span?: Span): void {
    const primary = span === undefined ? {} : { primary: { span } };
    this.#diagnostics.push({ code, severity: 'error', message, help, ...primary });
  }
}

const inputForm = 'write {"rel": "put", "row": [...]} with optional "node" and "at" (milliseconds)';

/** `REL=PATH`, or null for a plain path. */
function splitNamed(spec: string): { relation: string; path: string } | null {
  const match = /^([A-Za-z0-9_?][\w.?]*)=(.+)$/.exec(spec);
  return match === null ? null : { relation: match[1]!, path: match[2]! };
}

/** What a cluster file in `folder` says of facts or inputs, with its path made relative to ours. */
export function specInFolder(folder: string, spec: string): string {
  const named = splitNamed(spec);
  return named === null
    ? pathInFolder(folder, spec)
    : `${named.relation}=${pathInFolder(folder, named.path)}`;
}
