/** What a node needs to know of a compiled program, and the evaluator that runs its timesteps. */
import { defined } from '../base/assert.js';
import { tuple, type Row } from '../base/value.js';
import { valueText } from '../base/value-text.js';
import type {
  ComparableEvaluator,
  EvaluatorBounds,
  EvaluatorFactory,
  NodeIdentity,
} from '../evaluator/evaluator.js';
import { ownerIndex } from '../builtins/hash.js';
import { generateModule } from '../codegen/generate-module.js';
import { createEngineEvaluator, type EngineProgram } from '../engine/engine-evaluator.js';
import type { Linker } from '../engine/load.js';
import { planProgram } from '../plan/plan-program.js';
import { createReferenceEvaluator, explainFailure } from '../reference/reference-evaluator.js';
import { linkFunctions, type OuterFunction } from '../reference/link-functions.js';
import { fitsType } from '../semantics/fits-type.js';
import { bottomOf, latticeValueFor } from '../semantics/lattice-types.js';
import type { Program, Relation } from '../semantics/program.js';
import { typeText } from '../semantics/relate-types.js';
import { bindFunctions, noFunctions, type ScriptFunction } from './bind-functions.js';
import type { CompiledProgram } from './compile-source.js';

/** Structurally the node's own configuration type; this room does not know the node. */
export interface NodeProgramData {
  readonly locationByRelation: ReadonlyMap<string, number>;
  readonly entryByRelation: ReadonlyMap<
    string,
    {
      readonly relation: string;
      readonly columns: readonly number[];
      readonly ownerOf: (values: Row, nodes: number) => number;
      readonly isFixed: boolean;
    }
  >;
  readonly receivable: ReadonlySet<string>;
  readonly periodics: readonly { readonly relation: string; readonly periodMs: number }[];
  readonly observables: ReadonlyMap<string, 'output' | 'view'>;
  readonly checkRow: (relation: string, row: Row) => string | null;
  readonly orderedLog: {
    readonly channels: ReadonlySet<string>;
    readonly members: readonly string[];
  } | null;
  readonly barrier: {
    readonly quiet: string;
    readonly mark: string;
    readonly open: string;
    readonly pass: string;
    readonly report: string;
    readonly phases: number;
    readonly asked: ReadonlySet<string>;
    readonly spoken: ReadonlySet<string>;
    readonly counted: ReadonlySet<string>;
    readonly held: ReadonlySet<string>;
  } | null;
  readonly durable: readonly DurableRelationData[];
}

interface DurableRelationData {
  readonly name: string;
  readonly kind: 'table' | 'lattice' | 'channel';
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly keyLength: number;
}

/** `members`: who decides, should the program need an ordered log. */
export function makeNodeProgram(
  { coordinated, entries, plan, carriers, barrier }: CompiledProgram,
  members: readonly string[],
): NodeProgramData {
  const relations = [...coordinated.relations.values()];
  return {
    locationByRelation: new Map(
      relations.flatMap((r) =>
        r.location === null || r.builtin !== null ? [] : [[r.name, r.location] as const],
      ),
    ),
    entryByRelation: new Map(
      [...entries].map(([name, { relation, partition, isFixed }]) => [
        name,
        {
          relation,
          columns: partition,
          ownerOf: (values, nodes) =>
            ownerIndex(values.length === 1 ? values[0]! : tuple(values), nodes),
          isFixed,
        },
      ]),
    ),
    receivable: new Set(
      relations
        .filter((r) => r.kind === 'channel' || (r.kind === 'table' && r.location !== null))
        .map((r) => r.name),
    ),
    periodics: relations.flatMap((r) =>
      r.periodMs === null ? [] : [{ relation: r.name, periodMs: r.periodMs }],
    ),
    observables: new Map(
      relations.flatMap((r) => (r.observable === null ? [] : [[r.name, r.observable] as const])),
    ),
    checkRow: (relation, row) => checkRow(coordinated, relation, row),
    orderedLog:
      plan.orderedLog === null
        ? null
        : {
            channels: new Set(plan.orderedLog.channels.map((name) => carriers.get(name) ?? name)),
            members: [...members].sort(),
          },
    barrier:
      barrier === null
        ? null
        : {
            ...barrier,
            asked: new Set(barrier.asked),
            spoken: new Set(barrier.spoken),
            counted: new Set(barrier.counted),
            held: new Set(barrier.held),
          },
    durable: relations
      .flatMap((relation) => durableRelation(relation) ?? [])
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function durableRelation(relation: Relation): DurableRelationData | null {
  const { name, kind, durable, keyLength } = relation;
  if (!durable || (kind !== 'table' && kind !== 'lattice' && kind !== 'channel')) return null;
  const columns = relation.columns.map((column, i) => ({
    name: i === relation.location ? `@${column.name}` : column.name,
    type: typeText(column.type),
  }));
  // What standing rules ask a channel to carry is a set, whatever its key.
  return { name, kind, columns, keyLength: kind === 'channel' ? columns.length : keyLength };
}

function checkRow(program: Program, name: string, row: Row): string | null {
  const relation = program.relations.get(name);
  if (relation === undefined) return `the program has no relation \`${name}\``;
  if (row.length !== relation.columns.length)
    return `\`${name}\` has ${relation.columns.length} columns, not ${row.length}`;
  const misfit = relation.columns.findIndex((column, i) => !fitsType(row[i]!, column.type));
  return misfit < 0
    ? null
    : `${valueText(row[misfit]!)} does not fit column \`${relation.columns[misfit]!.name}\` of \`${name}\``;
}

/** What evaluates timesteps: the naive oracle, or generated code. */
export const evaluatorKinds = ['reference', 'engine'] as const;
export type EvaluatorKind = (typeof evaluatorKinds)[number];

export interface EvaluatorChoice {
  /** By default the engine. */
  readonly kind?: EvaluatorKind;
  /** What the program's functions are in TypeScript, by name. */
  readonly implementations?: ReadonlyMap<string, ScriptFunction>;
  /** The engine takes a profile, by this clock. */
  readonly profileMs?: (() => number) | null;
  /** Tuples of which relations nodes are given, where that is known: join orders count on them. */
  readonly given?: ReadonlyMap<string, number>;
  /** How the engine makes functions of generated text; as the host allows unless told. */
  readonly linker?: Linker;
}

export function makeEvaluatorFactory(
  compiled: CompiledProgram,
  bounds: EvaluatorBounds,
  {
    kind = 'engine',
    implementations = noFunctions,
    profileMs = null,
    given,
    linker,
  }: EvaluatorChoice = {},
): EvaluatorFactory {
  const functions = bindFunctions(compiled.coordinated, implementations);
  const program = linkFunctions(compiled.coordinated, functions);
  if (kind === 'reference')
    return (identity) => createReferenceEvaluator(program, identity, bounds);
  const engineProgram = makeEngineProgram(program, functions, profileMs !== null, given);
  const options = { profileMs, ...(linker === undefined ? {} : { linker }) };
  return (identity) => createEngineEvaluator(engineProgram, identity, bounds, options);
}

/** Evaluators of the program as it runs without coordination, for a checker of all schedules. */
export function makeComparableFactory(
  { bare }: CompiledProgram,
  bounds: EvaluatorBounds,
  implementations: ReadonlyMap<string, ScriptFunction> = noFunctions,
): (identity: NodeIdentity) => ComparableEvaluator {
  const program = linkFunctions(bare, bindFunctions(bare, implementations));
  return (identity) => createReferenceEvaluator(program, identity, bounds);
}

const noOuterFunctions: ReadonlyMap<string, OuterFunction> = new Map();

/** A program planned and generated for the engine; it is linked with its functions already. */
export function makeEngineProgram(
  program: Program,
  functions: ReadonlyMap<string, OuterFunction> = noOuterFunctions,
  counts = false,
  given?: ReadonlyMap<string, number>,
): EngineProgram {
  const plan = planProgram(program, given);
  return {
    plan,
    code: generateModule(plan, counts),
    facts: program.facts,
    bottoms: new Map(
      [...program.relations.values()].flatMap(({ name, kind, columns }) =>
        kind === 'lattice'
          ? [[name, defined(bottomOf(columns[0]!.type), 'a bottom')] as const]
          : [],
      ),
    ),
    fits: fitsType,
    forColumn: (value, type) => latticeValueFor(value, type) ?? value,
    functions,
    explain: (identity, bounds, state, input, mostTurns) =>
      explainFailure(program, identity, bounds, state, input, mostTurns),
  };
}
