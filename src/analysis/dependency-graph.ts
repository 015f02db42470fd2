/**
 * Which relation depends on which: one edge for every atom of every rule, with its sign, the time
 * at which the head holds, and the role that the atom plays; the strongly connected components
 * over all edges; and the strata of a timestep.
 *
 * Strata: only deductive heads constrain each other within a timestep. A relation's stratum is the
 * greatest number of negated or aggregated deductive edges on a path to it (Apt, Blair and Walker,
 * "Towards a theory of declarative knowledge", 1988). Plain data, in one fixed order.
 */
import type { ProgramIndex, Clause, Atom } from './program-index.js';
import { compareNames, indexProgram } from './program-index.js';
import type { Program, RelationKind } from '../semantics/program.js';
import { isAggregated } from './aggregate-groups.js';
import { findComponents } from './find-components.js';
import { aggregatesUpward, latticeReading, readsAntitone } from './lattice-reads.js';
import { readsThreshold } from './thresholds.js';

/** How the head changes as the relation read grows: with it, against it, or either way. */
export type Sign = '+' | '-' | '+-';
export type EdgeTime = 'now' | 'next' | 'async';
export type EdgeRole = 'joined' | 'negated' | 'aggregated' | 'compared' | 'revealed';

export interface DependencyEdge {
  /** The relation that is read. */
  readonly from: string;
  /** The relation of the head. */
  readonly to: string;
  /** Index in `Program.rules`. */
  readonly rule: number;
  readonly ruleName: string;
  /** Which alternative of the rule, and which literal in it. */
  readonly alternative: number;
  readonly literal: number;
  readonly sign: Sign;
  /** When the head holds; `delete` and `upsert` take effect in the next timestep. */
  readonly time: EdgeTime;
  /** Whether the head removes or replaces tuples. */
  readonly action: 'derive' | 'delete' | 'upsert';
  readonly role: EdgeRole;
}
export interface DependencyGraph {
  /** Sorted by name. */
  readonly relations: readonly {
    readonly name: string;
    readonly kind: RelationKind;
    readonly stratum: number;
    /** Index in `components`. */
    readonly component: number;
  }[];
  /** In order of rule, alternative and literal. */
  readonly edges: readonly DependencyEdge[];
  /** Strongly connected components, each sorted; a component comes after those it depends on. */
  readonly components: readonly (readonly string[])[];
  /** Relations by stratum, each sorted. */
  readonly strata: readonly (readonly string[])[];
}

/** Builds the dependency graph of a program. */
export function buildDependencyGraph(program: Program): DependencyGraph {
  const index = indexProgram(program);
  const edges = index.clauses.flatMap((clause) =>
    clause.atoms.map((atom) => edgeOf(index, clause, atom)),
  );
  const names = index.relations.map((relation) => relation.name);
  const components = componentsOf(names, edges);
  const stratumByName = assignStrata(names, edges);
  const componentByName = new Map(
    components.flatMap((members, i) => members.map((name) => [name, i] as const)),
  );
  const height = names.reduce((most, name) => Math.max(most, stratumByName.get(name) ?? 0), 0);
  return {
    relations: index.relations.map(({ name, kind }) => ({
      name,
      kind,
      stratum: stratumByName.get(name) ?? 0,
      component: componentByName.get(name) ?? 0,
    })),
    edges,
    components,
    strata: Array.from({ length: names.length === 0 ? 0 : height + 1 }, (_, stratum) =>
      names.filter((name) => stratumByName.get(name) === stratum),
    ),
  };
}

/** The sign of an atom in its clause: how the head changes as the relation grows. */
export function signOf(index: ProgramIndex, clause: Clause, atom: Atom): Sign {
  if (isAggregated(index, clause, atom) && !aggregatesUpward(index, clause)) return '+-';
  if (readsAntitone(index, clause, atom)) return '-';
  if (latticeReading(index, clause, atom) === 'revealed') return '+-';
  if (atom.negated) return '-';
  return readsThreshold(index, clause, atom) === 'value' ? '+-' : '+';
}

function edgeOf(index: ProgramIndex, clause: Clause, atom: Atom): DependencyEdge {
  const { mode } = clause.rule.head;
  const threshold = readsThreshold(index, clause, atom) === 'threshold';
  return {
    from: atom.relation,
    to: clause.head,
    rule: clause.rule.id,
    ruleName: clause.rule.name,
    alternative: clause.bodyIndex,
    literal: atom.literal,
    sign: signOf(index, clause, atom),
    time: mode === 'now' ? 'now' : mode === 'async' ? 'async' : 'next',
    action: mode === 'delete' || mode === 'upsert' ? mode : 'derive',
    role: atom.negated
      ? 'negated'
      : clause.rule.aggregated
        ? 'aggregated'
        : latticeReading(index, clause, atom) === 'revealed'
          ? 'revealed'
          : threshold
            ? 'compared'
            : 'joined',
  };
}

function componentsOf(
  names: readonly string[],
  edges: readonly DependencyEdge[],
): readonly (readonly string[])[] {
  const position = new Map(names.map((name, i) => [name, i]));
  const successors: number[][] = names.map(() => []);
  for (const { from, to } of edges) {
    const head = position.get(to);
    const read = position.get(from);
    if (head !== undefined && read !== undefined) successors[head]!.push(read);
  }
  return findComponents(successors).map((component) =>
    component.map((i) => names[i]!).sort(compareNames),
  );
}

/** Strata by components of the deductive edges; a cycle through negation counts as one stratum. */
function assignStrata(
  names: readonly string[],
  edges: readonly DependencyEdge[],
): ReadonlyMap<string, number> {
  const deductive = edges.filter((edge) => edge.time === 'now');
  const bodyEdges = new Map<string, DependencyEdge[]>();
  for (const edge of deductive) bodyEdges.set(edge.to, [...(bodyEdges.get(edge.to) ?? []), edge]);
  const stratumByName = new Map<string, number>();
  for (const component of componentsOf(names, deductive)) {
    const members = new Set(component);
    let stratum = 0;
    for (const name of component) {
      for (const edge of bodyEdges.get(name) ?? []) {
        if (members.has(edge.from)) continue;
        const waits =
          edge.role === 'negated' || edge.role === 'aggregated' || edge.role === 'revealed';
        const step = waits ? 1 : 0;
        stratum = Math.max(stratum, (stratumByName.get(edge.from) ?? 0) + step);
      }
    }
    for (const name of component) stratumByName.set(name, stratum);
  }
  return stratumByName;
}
