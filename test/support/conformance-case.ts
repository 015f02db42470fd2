/**
 * A conformance case: a program, what is fed to it, and what must come of it, in one folder:
 *
 *     case.bloom     the program; its first comment lines may be directives, `// NAME: VALUE`
 *     facts/         optional, as for --facts
 *     inputs.jsonl   optional, as for --input
 *     expected.txt   sections of a header and indented lines
 *
 * Directives: `treatments` (which ones apply; all but `replicated` unless given), `nodes` (names;
 * else n1), `until` (virtual horizon of timers, ms), `set` (params), `max-tuples`.
 *
 * Sections of expected.txt: `output REL` (every tuple ever released), `view REL` (content at the
 * end), `table REL` (stored at the end; only the named ones are compared), `steps` (what each
 * timestep showed, for the treatments that run input by input), and the lines `error CODE NAME`
 * (a timestep failed so, and the message names NAME) and `halt CODE`.
 * With several nodes, lines of relations that are not located begin with the node.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rowText } from '../../src/base/value-text.js';
import type { Row, Value } from '../../src/base/value.js';
import type { CompiledProgram } from '../../src/compiler/compile-source.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../../src/compiler/node-program.js';
import type { EvaluatorChoice, EvaluatorKind } from '../../src/compiler/node-program.js';
import { renderText } from '../../src/diagnostics/render-text.js';
import { loadWorkload } from '../../src/files/load-workload.js';
import type { Workload } from '../../src/node/workload.js';
import type { Outcome } from '../../src/simulator/outcome.js';
import { compileSound } from './compile-text.js';
import type { ClusterSubject, LocalRun } from './local-cluster.js';

export const allTreatments = ['local', 'printed', 'seeds', 'replicated'] as const;
export type Treatment = (typeof allTreatments)[number];

export interface ConformanceCase {
  readonly folder: string;
  readonly program: string;
  readonly treatments: readonly Treatment[];
  readonly nodes: readonly string[];
  readonly untilMs: number;
  readonly params: ReadonlyMap<string, Value>;
  readonly maxTuples: number;
  readonly expected: Expected;
}
/** Lines by header. */
export type Sections = Readonly<Record<string, readonly string[]>>;
export interface Expected {
  readonly sections: Sections;
  readonly errors: readonly { readonly code: string; readonly name: string }[];
  readonly halts: readonly number[];
}

export function readCase(folder: string): ConformanceCase {
  const program = readFileSync(join(folder, 'case.bloom'), 'utf8');
  const directives = new Map<string, string>();
  for (const line of program.split('\n')) {
    const match = /^\/\/ (treatments|nodes|until|set|max-tuples): (.*)$/.exec(line);
    if (match !== null) directives.set(match[1]!, match[2]!);
    else if (!line.startsWith('//')) break;
  }
  const names = (name: string): readonly string[] | null =>
    directives
      .get(name)
      ?.split(/[,\s]+/)
      .filter((word) => word !== '') ?? null;
  const treatments = (names('treatments') ?? ['local', 'printed', 'seeds']).map((word) => {
    const known = allTreatments.find((treatment) => treatment === word);
    if (known === undefined) throw new Error(`${folder}: no treatment is called ${word}`);
    return known;
  });
  return {
    folder,
    program,
    treatments,
    nodes: names('nodes') ?? ['n1'],
    untilMs: Number(directives.get('until') ?? 0),
    params: new Map((names('set') ?? []).map((setting) => readSetting(setting))),
    maxTuples: Number(directives.get('max-tuples') ?? 100_000),
    expected: readExpected(readFileSync(join(folder, 'expected.txt'), 'utf8'), folder),
  };
}

function readSetting(setting: string): readonly [string, Value] {
  const [name = '', text = ''] = setting.split('=');
  return [name, JSON.parse(text) as Value];
}

function readExpected(text: string, folder: string): Expected {
  const sections: Record<string, string[]> = {};
  const errors: { code: string; name: string }[] = [];
  const halts: number[] = [];
  let open: string[] | null = null;
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const [word = '', first = '', second = ''] = line.split(' ');
    if (line.startsWith('  ') && open !== null) open.push(line.trim());
    else if (word === 'error') errors.push({ code: first, name: second });
    else if (word === 'halt') halts.push(Number(first));
    else if (['output', 'view', 'table', 'steps'].includes(word)) sections[line.trim()] = open = [];
    else throw new Error(`${folder}/expected.txt: what is ${line}?`);
  }
  const sorted = Object.entries(sections).map(
    ([header, lines]) => [header, header === 'steps' ? lines : lines.sort()] as const,
  );
  return { sections: Object.fromEntries(sorted), errors, halts };
}

export function compileCase({ program, params, folder }: ConformanceCase): CompiledProgram {
  return compileSound(program, { params }, join(folder, 'case.bloom'));
}

/** The case's program on the given nodes, with the case's facts and inputs. */
export function subjectOf(
  one: ConformanceCase,
  compiled: CompiledProgram,
  nodes: readonly string[],
  kind: EvaluatorKind | null = null,
  choice: EvaluatorChoice = {},
): ClusterSubject {
  return {
    program: makeNodeProgram(compiled, nodes),
    makeEvaluator: makeEvaluatorFactory(
      compiled,
      { maxTuples: one.maxTuples },
      kind === null ? choice : { ...choice, kind },
    ),
    nodes,
    workload: workloadOf(one, compiled, nodes),
  };
}

function workloadOf(
  { folder }: ConformanceCase,
  compiled: CompiledProgram,
  nodes: readonly string[],
): Workload {
  const [facts, inputs] = [join(folder, 'facts'), join(folder, 'inputs.jsonl')];
  const { value, diagnostics } = loadWorkload({
    program: compiled.coordinated,
    nodes,
    cluster: null,
    facts: existsSync(facts) ? [facts] : [],
    inputs: existsSync(inputs) ? [inputs] : [],
    header: 'auto',
  });
  if (diagnostics.length > 0) throw new Error(renderText(diagnostics, { color: false }));
  return value;
}

/** The tables that the case looks at. */
export function tablesOf({ expected }: ConformanceCase): readonly string[] {
  return Object.keys(expected.sections).flatMap((header) =>
    header.startsWith('table ') ? [header.slice(6)] : [],
  );
}

/** What a local run showed, in the form of the expected sections. */
export function sectionsOfRun(
  one: ConformanceCase,
  { program, nodes }: ClusterSubject,
  run: LocalRun,
): Sections {
  const sections: Record<string, readonly string[]> = {};
  const lineOf = lineWriter(nodes, program.locationByRelation);
  for (const [relation, kind] of program.observables) {
    const shown = new Set<string>();
    for (const { node, added, removed } of run.observations.filter(
      (seen) => seen.relation === relation,
    )) {
      for (const row of removed) shown.delete(lineOf(node, relation, row));
      for (const row of added) shown.add(lineOf(node, relation, row));
    }
    sections[`${kind} ${relation}`] = [...shown].sort();
  }
  for (const table of tablesOf(one)) {
    sections[`table ${table}`] = nodes
      .flatMap((node) => run.query(node, table).map((row) => lineOf(node, table, row)))
      .sort();
  }
  if ('steps' in one.expected.sections) sections['steps'] = stepLines(run, nodes);
  return sections;
}

function stepLines({ observations }: LocalRun, nodes: readonly string[]): readonly string[] {
  return observations.flatMap(({ node, timestep, relation, added, removed }) => {
    const time = nodes.length === 1 ? String(timestep) : `${node} ${timestep}`;
    const signed = (sign: string, rows: readonly Row[]): string[] =>
      rows.map((row) => `${time} ${sign}${rowText(relation, row)}`);
    return [...signed('-', removed), ...signed('+', added)];
  });
}

type LineWriter = (node: string, relation: string, row: Row) => string;

function lineWriter(nodes: readonly string[], locations: ReadonlyMap<string, number>): LineWriter {
  return (node, relation, row) =>
    (nodes.length === 1 || locations.has(relation) ? '' : `${node} `) + rowText(relation, row);
}

/** What a simulated run came to, in the same form; rows of relations that are not located begin with the node. */
export function sectionsOfOutcome(
  one: ConformanceCase,
  { program, nodes }: ClusterSubject,
  outcome: Outcome,
): Sections {
  const sections: Record<string, readonly string[]> = {};
  const writeLine = lineWriter(nodes, program.locationByRelation);
  const lines = (relation: string, rows: readonly Row[] = []): readonly string[] => {
    const isLocated = program.locationByRelation.has(relation);
    return rows
      .map((row) =>
        isLocated
          ? writeLine('', relation, row)
          : writeLine(row[0] as string, relation, row.slice(1)),
      )
      .sort();
  };
  for (const [relation, kind] of program.observables) {
    const rows = kind === 'output' ? outcome.ever.get(relation) : outcome.final.get(relation);
    sections[`${kind} ${relation}`] = lines(relation, rows);
  }
  for (const table of tablesOf(one))
    sections[`table ${table}`] = lines(table, outcome.stored.get(table));
  return sections;
}
