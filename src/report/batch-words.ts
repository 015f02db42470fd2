/**
 * What batches hold, in the words of the source: tuples on their way between nodes go by the relation
 * that they are of, and what nodes say to each other about a barrier is left out.
 */
import { rowText } from '../base/value-text.js';
import type { Row } from '../base/value.js';
import type { RelationRows } from '../evaluator/evaluator.js';
import type { Program } from '../semantics/program.js';
import type { SimulationSubject } from '../simulator/outcome.js';
import { batchText } from '../simulator/trace.js';

/** Null for a batch that nobody but the barrier has to do with. */
export type BatchWords = (content: readonly RelationRows[]) => string | null;

export function batchWords({ relations }: Program, subject: SimulationSubject): BatchWords {
  const { barrier } = subject.program;
  const isOwn = ({ relation }: RelationRows): boolean =>
    barrier === null ||
    !(barrier.spoken.has(relation) || [barrier.mark, barrier.quiet].includes(relation));
  const rowOf = (relation: string, row: Row): string => {
    const known = relations.get(relation);
    if (known?.madeFrom === undefined) return rowText(relation, row);
    const { relation: written, how } = known.madeFrom;
    return `${rowText(
      written,
      row.filter((_, i) => i !== known.location),
    )} (${how})`;
  };
  return (content) => {
    const own = content.filter(isOwn);
    if (own.length === 0 && content.length > 0) return null;
    return batchText(own, rowOf);
  };
}
