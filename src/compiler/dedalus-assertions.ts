/**
 * Assertions of a `.ded` program made ready to be evaluated over what all nodes hold together.
 * `@next` rules among them see the same contents again and again, until nothing changes.
 */
import type { Row } from '../base/value.js';
import type { RelationRows } from '../evaluator/evaluator.js';
import { createReferenceEvaluator } from '../reference/reference-evaluator.js';
import type { DedalusAssertions } from './compile-dedalus.js';

/** Structurally the simulator's own type; this room does not know it. */
export interface AssertionCheckData {
  /** What is shown of them, sorted. */
  readonly relations: readonly string[];
  /** `rowsOf`: what all nodes hold of a relation. Null: they cannot be evaluated. */
  readonly evaluate: (
    rowsOf: (relation: string) => readonly Row[],
  ) => ReadonlyMap<string, readonly Row[]> | null;
}

const mostRounds = 1000;
const maxTuples = 1_000_000;

export function makeAssertionCheck({ program, reads }: DedalusAssertions): AssertionCheckData {
  return {
    relations: program.observables,
    evaluate(rowsOf) {
      const events = reads
        .map((relation): RelationRows => ({ relation, rows: rowsOf(relation) }))
        .filter(({ rows }) => rows.length > 0);
      const evaluator = createReferenceEvaluator(
        program,
        { name: '', cluster: [], facts: [] },
        { maxTuples },
      );
      let nextTuples: readonly RelationRows[] = [];
      for (let round = 1; round <= mostRounds; round++) {
        const boot = round === 1 ? { first: true } : null;
        const commit = evaluator.timestep({ events, nextTuples, nowMs: 0, boot });
        if (commit.kind === 'failure') return null;
        nextTuples = commit.nextTuples;
        if (!commit.nextChanged && !commit.stateChanged) break;
      }
      return new Map(program.observables.map((name) => [name, evaluator.query(name)]));
    },
  };
}
