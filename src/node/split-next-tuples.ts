/**
 * Which of the `@next` tuples of a timestep that failed can be taken after all.
 *
 * Tuples are added in the order of relations and rows as long as the timestep commits; halves that
 * commit whole are taken whole, so that a few bad tuples among n cost a few times log n trials.
 */
import type { Row } from '../base/value.js';
import type { RelationRows } from '../evaluator/evaluator.js';

interface NextTuple {
  readonly relation: string;
  readonly row: Row;
}

/** The tuples that are taken and those that are left; `wouldCommit` tries a timestep without effect. */
export function splitNextTuples(
  content: readonly RelationRows[],
  wouldCommit: (content: readonly RelationRows[]) => boolean,
): { readonly taken: readonly RelationRows[]; readonly left: readonly RelationRows[] } {
  const taken: NextTuple[] = [];
  const left: NextTuple[] = [];
  const add = (candidates: readonly NextTuple[]): void => {
    if (candidates.length === 0) return;
    if (wouldCommit(grouped([...taken, ...candidates]))) {
      taken.push(...candidates);
    } else if (candidates.length === 1) {
      left.push(candidates[0]!);
    } else {
      const middle = candidates.length >> 1;
      add(candidates.slice(0, middle));
      add(candidates.slice(middle));
    }
  };
  const all = content.flatMap(({ relation, rows }) => rows.map((row) => ({ relation, row })));
  // All of them together are known to fail.
  const middle = (all.length + 1) >> 1;
  if (all.length === 1) left.push(all[0]!);
  else {
    add(all.slice(0, middle));
    add(all.slice(middle));
  }
  return { taken: grouped(taken), left: grouped(left) };
}

function grouped(tuples: readonly NextTuple[]): readonly RelationRows[] {
  const rowsByRelation = new Map<string, Row[]>();
  for (const { relation, row } of tuples) {
    const rows = rowsByRelation.get(relation) ?? [];
    rowsByRelation.set(relation, rows);
    rows.push(row);
  }
  return [...rowsByRelation].map(([relation, rows]) => ({ relation, rows }));
}
