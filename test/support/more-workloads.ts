/**
 * Workloads for a second look at a verdict before it counts as a false alarm. A verdict holds for all
 * workloads, so it is right if any of them shows a difference: inputs made up by unfolding what is
 * blamed, and dense ones, of which a few values meet at one node, come twice, and find facts there.
 */
import { Prng } from '../../src/base/prng.js';
import type { CompiledProgram } from '../../src/compiler/compile-source.js';
import type { Workload, WorkloadFact, WorkloadInput } from '../../src/node/workload.js';
import { makeInputs } from '../../src/report/make-inputs.js';
import type { Relation } from '../../src/semantics/program.js';

/** Of a made-up draft. */
const mostMadeUp = 6;

/** Workloads that may expose the blamed rules of some observables; an endless stream by seed. */
export function* moreWorkloads(
  { program }: CompiledProgram,
  nodes: readonly string[],
  blamed: readonly { readonly relation: string; readonly rules: readonly (number | null)[] }[],
  seed: number,
): Generator<Workload> {
  const prng = new Prng(seed).fork('more workloads');
  const relations = [...program.relations.values()].filter(holdsInts);
  const inputs = relations.filter(({ kind, builtin }) => kind === 'input' && builtin === null);
  const given = relations.filter(
    ({ kind, columns }) =>
      (kind === 'table' || kind === 'static') && columns.every(({ type }) => type.kind === 'int'),
  );
  const bare = { nodes, workload: { facts: [], inputs: [] } };
  const drafts = blamed.map(({ relation, rules }) =>
    makeInputs(program, bare, relation, rules, seed),
  );
  for (;;) {
    for (const draft of drafts) {
      const made = draft.next();
      if (made.done !== true) yield { facts: [], inputs: made.value.slice(0, mostMadeUp) };
    }
    if (inputs.length === 0) return;
    yield denseWorkload(prng, nodes, inputs, given);
  }
}

/** Relations of ints at the top level, of which rows are easily made. */
function holdsInts({ name, columns, location }: Relation): boolean {
  return (
    !name.includes('.') &&
    location === null &&
    columns.every(({ type }) => type.kind === 'int' || type.kind === 'lattice')
  );
}

function denseWorkload(
  prng: Prng,
  nodes: readonly string[],
  inputs: readonly Relation[],
  given: readonly Relation[],
): Workload {
  const values = Array.from({ length: prng.int(2, 3) }, () => prng.int(-1, 3));
  const crowded = prng.chance(0.6) ? [pick(prng, nodes)] : nodes;
  const rowOf = ({ columns }: Relation): readonly number[] => columns.map(() => pick(prng, values));
  const drawn: WorkloadInput[] = [];
  for (let more = prng.int(2, 4); more > 0; more--) {
    const relation = pick(prng, inputs);
    const again = drawn.length > 0 && prng.chance(0.15);
    drawn.push(
      again
        ? pick(prng, drawn)
        : {
            node: pick(prng, crowded),
            relation: relation.name,
            row: rowOf(relation),
            atMs: null,
          },
    );
  }
  return { facts: drawnFacts(prng, given, rowOf), inputs: drawn };
}

/** A few rows here and there, or all rows of small values in what rules take for static. */
function drawnFacts(
  prng: Prng,
  given: readonly Relation[],
  rowOf: (relation: Relation) => readonly number[],
): readonly WorkloadFact[] {
  if (prng.chance(0.3))
    return given
      .filter(({ kind, hasKey, columns }) => kind === 'static' && !hasKey && columns.length <= 2)
      .map((relation) => ({ node: null, relation: relation.name, rows: allRows(relation) }));
  const facts: WorkloadFact[] = [];
  while (given.length > 0 && prng.chance(0.4)) {
    const relation = pick(prng, given);
    facts.push({ node: null, relation: relation.name, rows: [rowOf(relation)] });
  }
  return facts;
}

const smallValues = [-1, 0, 1, 2, 3];

function allRows({ columns }: Relation): readonly (readonly number[])[] {
  return columns.reduce<readonly (readonly number[])[]>(
    (rows) => rows.flatMap((row) => smallValues.map((value) => [...row, value])),
    [[]],
  );
}

function pick<T>(prng: Prng, from: readonly T[]): T {
  return from[prng.int(0, from.length - 1)]!;
}
