/**
 * What a node keeps between timesteps. A value, never changed in place: a timestep makes a new one
 * or fails and leaves the old, so atomicity, snapshots and restoring are assignments.
 */
import type { Relation } from '../semantics/program.js';
import type { Content, StoredRows } from './content.js';

/** Whether a commit keeps the relation's tuples. */
export function isStored({ kind }: Pick<Relation, 'kind'>): boolean {
  return kind === 'table' || kind === 'lattice';
}

export interface Store {
  /** Committed tables by name. */
  readonly tables: ReadonlyMap<string, StoredRows>;
  /** Statics, complete; null before the first commit. */
  readonly statics: ReadonlyMap<string, StoredRows> | null;
  /** What every other relation held at the last fixpoint. */
  readonly latest: ReadonlyMap<string, Content>;
  /** Texts of the rows that each standing `@async` rule, by id, derived in the last timestep. */
  readonly standingSends: ReadonlyMap<number, ReadonlySet<string>>;
}

export const emptyStore: Store = {
  tables: new Map(),
  statics: null,
  latest: new Map(),
  standingSends: new Map(),
};
