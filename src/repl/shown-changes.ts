/** What a session shows, and what a changed program makes of it. */
import { compareRows, rowKey } from '../base/value.js';
import type { Row } from '../base/value.js';
import type { CompiledProgram } from '../compiler/compile-source.js';
import type { TurnCluster } from '../simulator/turn-cluster.js';

/** Tuples that a relation shows more and less than before. */
export interface Change {
  readonly relation: string;
  readonly added: readonly Row[];
  readonly removed: readonly Row[];
}

/** By observable everything that an output has released, or what a view shows; rows begin with the node unless the relation is located. */
export type Shown = ReadonlyMap<string, readonly Row[]>;

export function shownBy(cluster: TurnCluster, { bare }: Pick<CompiledProgram, 'bare'>): Shown {
  const { ever, final } = cluster.outcome(true);
  return new Map(
    bare.observables.map((name) => {
      const isOutput = bare.relations.get(name)?.observable === 'output';
      return [name, (isOutput ? ever : final).get(name) ?? []];
    }),
  );
}

/** In the order of the names. */
export function changesBetween(before: Shown, after: Shown): readonly Change[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((relation): readonly Change[] => {
    const [old, now] = [before.get(relation) ?? [], after.get(relation) ?? []];
    const [added, removed] = [without(now, old), without(old, now)];
    return added.length + removed.length === 0 ? [] : [{ relation, added, removed }];
  });
}

function without(rows: readonly Row[], others: readonly Row[]): readonly Row[] {
  const known = new Set(others.map(rowKey));
  return rows.filter((row) => !known.has(rowKey(row))).sort(compareRows);
}
