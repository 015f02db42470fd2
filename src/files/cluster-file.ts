/**
 * The cluster file (TOML): which program runs on which nodes, with what params, statics and
 * workload. Every unknown key is an error, so that a misspelt one is never ignored.
 */
import { normalize } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import * as v from 'valibot';
import type { SourceFile } from '../base/span.js';
import type { Value } from '../base/value.js';
import type { Checked, Diagnostic } from '../diagnostics/diagnostic.js';
import { didYouMean } from '../diagnostics/did-you-mean.js';
import { readJson } from './cell-value.js';
import { keySpan } from './toml-places.js';

const rows = v.record(v.string(), v.array(v.array(v.unknown())));
const listen = v.pipe(v.string(), v.regex(/^[^\s]+:\d{1,5}$/, 'write it as "HOST:PORT"'));
const nodeSchema = v.strictObject({
  listen: v.optional(listen),
  data: v.optional(v.pipe(v.string(), v.nonEmpty('name a directory'))),
  static: v.optional(rows),
});
const schema = v.strictObject({
  program: v.string(),
  nodes: v.pipe(
    v.record(v.string(), nodeSchema),
    v.check((nodes) => Object.keys(nodes).length > 0, 'name at least one node'),
  ),
  params: v.optional(v.record(v.string(), v.unknown())),
  static: v.optional(rows),
  coordination: v.optional(v.strictObject({ members: v.optional(v.array(v.string())) })),
  workload: v.optional(
    v.strictObject({
      facts: v.optional(v.union([v.string(), v.array(v.string())])),
      input: v.optional(v.union([v.string(), v.array(v.string())])),
    }),
  ),
});

/** The keys that a table may have, by its place: `nodes.NAME` stands for every node. */
const knownKeys: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(schema.entries),
  'nodes.NAME': Object.keys(nodeSchema.entries),
  coordination: ['members'],
  workload: ['facts', 'input'],
};

export interface ClusterFile {
  readonly file: SourceFile;
  /** As written; relative to the cluster file's folder. */
  readonly program: string;
  /** In order of names. */
  readonly nodes: readonly ClusterNode[];
  readonly params: ReadonlyMap<string, Value>;
  /** Rows of statics for every node, as JSON-like documents. */
  readonly statics: Readonly<Record<string, readonly (readonly unknown[])[]>>;
  /** Members of the ordered log; null for every node. */
  readonly members: readonly string[] | null;
  readonly workload: { readonly facts: readonly string[]; readonly inputs: readonly string[] };
}
export interface ClusterNode {
  readonly name: string;
  /** `HOST:PORT`; port 0 where the system chooses. */
  readonly listen: string;
  /** Its data directory, as written; null if it has none. */
  readonly data: string | null;
  readonly statics: Readonly<Record<string, readonly (readonly unknown[])[]>>;
}

export function parseClusterFile(file: SourceFile): Checked<ClusterFile | null> {
  const parsed = parseToml(file);
  if ('diagnostic' in parsed) return { value: null, diagnostics: [parsed.diagnostic] };
  const checked = v.safeParse(schema, parsed.toml);
  if (!checked.success)
    return { value: null, diagnostics: checked.issues.map((issue) => describeIssue(file, issue)) };
  const { program, nodes, coordination, workload } = checked.output;
  const params = readParams(file, checked.output.params ?? {});
  const members = coordination?.members ?? null;
  const diagnostics = [
    ...params.diagnostics,
    ...(members === null ? [] : checkMembers(file, members, Object.keys(nodes))),
    ...checkData(file, nodes),
  ];
  if (diagnostics.length > 0) return { value: null, diagnostics };
  const named = Object.entries(nodes).map(([name, node]) => ({
    name,
    listen: node.listen ?? '127.0.0.1:0',
    data: node.data ?? null,
    statics: node.static ?? {},
  }));
  const value: ClusterFile = {
    file,
    program,
    nodes: named.sort((a, b) => (a.name < b.name ? -1 : 1)),
    params: params.value,
    statics: checked.output.static ?? {},
    members: members === null ? null : [...members].sort(),
    workload: { facts: asList(workload?.facts), inputs: asList(workload?.input) },
  };
  return { value, diagnostics: [] };
}

function asList(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

function parseToml(
  file: SourceFile,
): { readonly toml: unknown } | { readonly diagnostic: Diagnostic } {
  try {
    return { toml: parse(file.text) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const lines = file.text.split('\n');
    const start =
      lines.slice(0, error.line - 1).reduce((sum, line) => sum + line.length + 1, 0) +
      error.column -
      1;
    const at = Math.min(start, file.text.length);
    const message = error.message.split('\n')[0] ?? 'not TOML';
    return {
      diagnostic: {
        code: 'TRL1003',
        severity: 'error',
        message,
        primary: { span: { file, start: at, end: at } },
        help: 'the cluster file is TOML 1.0',
      },
    };
  }
}

function readParams(
  file: SourceFile,
  documents: Readonly<Record<string, unknown>>,
): Checked<ReadonlyMap<string, Value>> {
  const value = new Map<string, Value>();
  const diagnostics: Diagnostic[] = [];
  for (const [name, document] of Object.entries(documents)) {
    const read = readJson(document, { kind: 'any' });
    if ('value' in read) value.set(name, read.value);
    else
      diagnostics.push({
        code: 'TRL1004',
        severity: 'error',
        message: `the param \`${name}\` in the cluster file: ${read.problem}`,
        primary: { span: keySpan(file, ['params', name]) },
        help: 'params are numbers, strings, booleans, lists and tables of such',
      });
  }
  return { value, diagnostics };
}

function describeIssue(file: SourceFile, issue: v.BaseIssue<unknown>): Diagnostic {
  const keys = (issue.path ?? []).map((item) => String(item.key));
  const last = keys.at(-1) ?? '';
  const unknown = issue.type === 'strict_object' && issue.expected === 'never';
  const missing = issue.received === 'undefined';
  const about = { code: 'TRL1004', severity: 'error' } as const;
  if (unknown) {
    const message = `unknown key \`${keys.join('.')}\` in the cluster file`;
    return { ...about, message, primary: { span: keySpan(file, keys) }, help: keyHelp(keys) };
  }
  if (missing) {
    const message = `the cluster file lacks \`${keys.join('.')}\``;
    const help =
      last === 'program' ? 'add program = "NAME.bloom"' : 'add [nodes.NAME] for each node';
    return { ...about, message, primary: { span: { file, start: 0, end: 0 } }, help };
  }
  const message = `\`${keys.join('.')}\` in the cluster file ${misfit(issue)}`;
  return { ...about, message, primary: { span: keySpan(file, keys) }, help: 'mend the value' };
}

/** Known keys of the table that an unknown key stands in. */
function keyHelp(keys: readonly string[]): string {
  const [first = ''] = keys;
  const place = keys.length === 1 ? '' : first === 'nodes' ? 'nodes.NAME' : first;
  const known = knownKeys[place] ?? [];
  const guess = didYouMean(keys.at(-1) ?? '', known);
  return guess === null
    ? `known keys here: ${[...known].sort().join(', ')}`
    : `did you mean \`${guess}\`?`;
}

function misfit(issue: v.BaseIssue<unknown>): string {
  const wanted: Readonly<Record<string, string>> = {
    string: 'must be a string',
    Array: 'must be a list',
    Object: 'must be a table',
    '(string | Array)': 'must be a string or a list of strings',
  };
  const words = issue.kind === 'schema' ? wanted[issue.expected ?? ''] : undefined;
  return words === undefined ? `is wrong: ${issue.message}` : `${words}, not ${issue.received}`;
}

/** No two nodes share a data directory, however it is written. */
function checkData(
  file: SourceFile,
  nodes: Readonly<Record<string, { readonly data?: string | undefined }>>,
): readonly Diagnostic[] {
  const ownerByFolder = new Map<string, string>();
  return Object.entries(nodes).flatMap(([name, { data }]): readonly Diagnostic[] => {
    if (data === undefined) return [];
    const folder = normalize(`${data}/`);
    const owner = ownerByFolder.get(folder);
    ownerByFolder.set(folder, owner ?? name);
    if (owner === undefined) return [];
    const message = `the nodes ${owner} and ${name} have one data directory, \`${data}\``;
    const primary = { span: keySpan(file, ['nodes', name, 'data']) };
    return [{ code: 'TRL1018', severity: 'error', message, primary, help: 'give each its own' }];
  });
}

function checkMembers(
  file: SourceFile,
  members: readonly string[],
  names: readonly string[],
): readonly Diagnostic[] {
  const stranger = members.find((member) => !names.includes(member));
  const isSound = members.length > 0 && new Set(members).size === members.length;
  if (stranger === undefined && isSound) return [];
  const message =
    stranger === undefined
      ? '`coordination.members` must name each member once, and at least one'
      : `\`coordination.members\` names \`${stranger}\`, which is no node of this cluster`;
  const guess = stranger === undefined ? null : didYouMean(stranger, names);
  const help = guess === null ? `nodes: ${names.join(', ')}` : `did you mean \`${guess}\`?`;
  const primary = { span: keySpan(file, ['coordination', 'members']) };
  return [{ code: 'TRL1005', severity: 'error', message, primary, help }];
}
