/**
 * Holds the invariants of a program against what all nodes hold, after every timestep of any node:
 * of outputs all that was ever released, of everything else what stands there now. Nodes that have
 * not run a timestep yet hold nothing and are no place where something is missing.
 *
 * One run reports each breach once, in the timestep that brought it about.
 */
import type { Span } from '../base/span.js';
import type { Row } from '../base/value.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { QueryNode } from './compute-outcome.js';
import type { Observations } from './observations.js';

/** Invariants made ready to be checked at one moment. */
export interface InvariantCheck {
  readonly relations: readonly { readonly name: string; readonly kind: 'released' | 'held' }[];
  readonly check: (
    nodes: readonly string[],
    rowsOf: (relation: string) => readonly Row[],
  ) => readonly { readonly invariant: string; readonly span: Span; readonly text: string }[];
}

export class InvariantWatch {
  readonly #check: InvariantCheck;
  readonly #observations: Observations;
  readonly #query: QueryNode;
  readonly #seen = new Set<string>();

  constructor(check: InvariantCheck, observations: Observations, query: QueryNode) {
    this.#check = check;
    this.#observations = observations;
    this.#query = query;
  }

  /** What is newly broken after a timestep at `node`; `nodes` are those that run. */
  afterTimestep(
    node: string,
    timestep: number,
    seed: number,
    nodes: readonly string[],
  ): readonly Diagnostic[] {
    const rows = new Map(
      this.#check.relations.map(({ name, kind }) => [name, this.#rows(name, kind, nodes)]),
    );
    const breaches = this.#check.check(nodes, (relation) => rows.get(relation) ?? []);
    return breaches.flatMap(({ invariant, span, text }): readonly Diagnostic[] => {
      const key = `${invariant}\n${text}`;
      if (this.#seen.has(key)) return [];
      this.#seen.add(key);
      return [
        {
          code: 'TRL0907',
          severity: 'error',
          message: `the invariant \`${invariant}\` does not hold: ${text}`,
          primary: { span, text: `broken after timestep ${timestep} of ${node} with seed ${seed}` },
          help: `\`--seed ${seed} --runs 1 --trace FILE\` shows how it came to that`,
        },
      ];
    });
  }

  #rows(relation: string, kind: 'released' | 'held', nodes: readonly string[]): readonly Row[] {
    const observations = this.#observations;
    if (kind === 'released') return observations.ever(relation);
    return nodes.flatMap((node) =>
      this.#query(node, relation).map((row) => observations.place(node, relation, row)),
    );
  }
}
