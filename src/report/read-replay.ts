/**
 * Reads what `trellis replay` runs again: a witness, or the trace of a simulated run. Both name
 * their program and hold everything else. Nothing is taken on trust: a file that is not what it
 * should be is a diagnostic.
 */
import * as v from 'valibot';
import type { SourceFile } from '../base/span.js';
import { decodeRow } from '../base/value-json.js';
import type { Row, Value } from '../base/value.js';
import type { Checked } from '../diagnostics/diagnostic.js';
import type { SimulationOptions, SimulationSubject, TraceStep } from '../simulator/outcome.js';
import type { Pick } from '../simulator/turns.js';

/** What both kinds of file say of the program and its workload. */
interface ReplayedProgram {
  readonly program: string;
  readonly fingerprint: string;
  readonly params: ReadonlyMap<string, Value>;
  readonly observe: readonly string[] | null;
  readonly maxTuples: number;
  readonly nodes: readonly string[];
  readonly workload: SimulationSubject['workload'];
}

export interface ReplayedWitness extends ReplayedProgram {
  readonly kind: 'witness';
  readonly observable: string;
  readonly compared: 'ever' | 'final';
  readonly runs: readonly {
    readonly outcome: readonly Row[];
    readonly turns: readonly ReplayedTurn[];
  }[];
}

export interface ReplayedTurn {
  readonly node: string;
  readonly atMs: number;
  readonly picks: readonly Pick[];
}

export interface ReplayedTrace extends ReplayedProgram {
  readonly kind: 'trace';
  readonly coordinate: 'auto' | 'none';
  readonly members: readonly string[];
  readonly options: SimulationOptions;
  readonly steps: readonly TraceStep[];
  readonly outcome: { readonly [part in 'ever' | 'final']: ReadonlyMap<string, readonly Row[]> };
}

const row = v.pipe(
  v.unknown(),
  v.check((json) => decodeRow(json) !== undefined, 'a row is an array of values'),
  v.transform((json) => decodeRow(json)!),
);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const node = v.nullable(v.string());
const programEntries = {
  program: v.string(),
  fingerprint: v.string(),
  params: v.pipe(
    v.record(v.string(), v.unknown()),
    v.check(
      (json) => Object.values(json).every((value) => decodeRow([value])),
      'params are values',
    ),
    v.transform(
      (json) =>
        new Map(Object.entries(json).map(([name, value]) => [name, decodeRow([value])![0]!])),
    ),
  ),
  observe: v.nullable(v.array(v.string())),
  maxTuples: count,
  nodes: v.pipe(v.array(v.string()), v.minLength(1)),
  facts: v.array(v.object({ node, rel: v.string(), rows: v.array(row) })),
  inputs: v.array(v.object({ node, rel: v.string(), row, at: v.nullable(v.number()) })),
};
const pick = v.variant('kind', [
  v.object({ kind: v.literal('input'), index: count }),
  v.object({ kind: v.literal('message'), from: v.string(), nth: count, again: v.boolean() }),
  v.object({ kind: v.literal('loop'), nth: count }),
  v.object({ kind: v.literal('timer'), relation: v.string(), missed: v.optional(count, 0) }),
]);
const witnessSchema = v.object({
  schema: v.literal('trellis/witness/1'),
  ...programEntries,
  observable: v.string(),
  compared: v.picklist(['ever', 'final']),
  runs: v.pipe(
    v.array(
      v.object({
        outcome: v.array(row),
        turns: v.array(v.object({ node: v.string(), atMs: count, picks: v.array(pick) })),
      }),
    ),
    v.length(2, 'a witness has two runs'),
  ),
});
const contents = v.pipe(
  v.record(v.string(), v.array(row)),
  v.transform((json) => new Map(Object.entries(json))),
);
const traceSchema = v.object({
  schema: v.literal('trellis/trace/1'),
  ...programEntries,
  seed: v.number(),
  coordinate: v.picklist(['auto', 'none']),
  members: v.array(v.string()),
  options: v.object({
    maxDelayMs: count,
    duplicate: v.number(),
    bootJitterMs: count,
    drop: v.optional(v.number()),
    partition: v.optional(v.boolean()),
    crash: v.optional(v.boolean()),
    untilMs: count,
    maxTimesteps: count,
  }),
  outcome: v.object({ ever: contents, final: contents }),
});
const stepSchema = v.object({
  atMs: v.number(),
  node: v.string(),
  event: v.string(),
  text: v.string(),
});

/** What the file says; null if it is neither a witness nor a trace. */
export function readReplay(file: SourceFile): Checked<ReplayedWitness | ReplayedTrace | null> {
  const whole = parseJson(file.text);
  if (whole !== undefined) return readWitness(file.path, whole);
  const [head, ...lines] = file.text.split('\n').filter((line) => line.trim() !== '');
  const first = parseJson(head ?? '');
  if (first === undefined) return refused(file.path, 'it is not JSON');
  return readTrace(file.path, first, lines.map(parseJson));
}

function readWitness(path: string, json: unknown): Checked<ReplayedWitness | ReplayedTrace | null> {
  if (schemaOf(json) === 'trellis/trace/1') return readTrace(path, json, []);
  const read = v.safeParse(witnessSchema, json);
  if (!read.success) return refused(path, issueText(json, read.issues[0]));
  const { schema: _, facts, inputs, ...rest } = read.output;
  return {
    value: { kind: 'witness', ...rest, workload: workloadOf({ facts, inputs }) },
    diagnostics: [],
  };
}

function readTrace(
  path: string,
  json: unknown,
  lines: readonly unknown[],
): Checked<ReplayedTrace | null> {
  const read = v.safeParse(traceSchema, json);
  if (!read.success) return refused(path, issueText(json, read.issues[0]));
  const steps = v.safeParse(v.array(stepSchema), lines);
  if (!steps.success) return refused(path, issueText(lines, steps.issues[0]));
  const { schema: _, facts, inputs, seed, options, ...rest } = read.output;
  const workload = workloadOf({ facts, inputs });
  return {
    value: { kind: 'trace', ...rest, workload, options: { ...options, seed }, steps: steps.output },
    diagnostics: [],
  };
}

function workloadOf({ facts, inputs }: WorkloadJson): SimulationSubject['workload'] {
  return {
    facts: facts.map(({ node: at, rel, rows }) => ({ node: at, relation: rel, rows })),
    inputs: inputs.map(({ node: at, rel, row: values, at: atMs }) => ({
      node: at,
      relation: rel,
      row: values,
      atMs,
    })),
  };
}

type WorkloadJson = Readonly<
  Record<'facts', v.InferOutput<typeof programEntries.facts>> &
    Record<'inputs', v.InferOutput<typeof programEntries.inputs>>
>;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function schemaOf(json: unknown): unknown {
  return typeof json === 'object' && json !== null && 'schema' in json ? json.schema : undefined;
}

function issueText(json: unknown, issue: v.BaseIssue<unknown>): string {
  const schema = schemaOf(json);
  if (!Array.isArray(json) && typeof schema !== 'string') return 'it has no `schema`';
  if (typeof schema === 'string' && !/^trellis\/(witness|trace)\/1$/.test(schema))
    return `its schema is \`${schema}\``;
  return `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`;
}

function refused(path: string, why: string): Checked<null> {
  return {
    value: null,
    diagnostics: [
      {
        code: 'TRL0908',
        severity: 'error',
        message: `${path} cannot be replayed: ${why}`,
        help: 'name a file that `trellis report --witness-dir DIR` or `trellis simulate --trace FILE` has written',
      },
    ],
  };
}
