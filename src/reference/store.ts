/**
 * What a node keeps between timesteps. A value, never changed in place: a timestep makes a new one
 * or fails and leaves the old, so atomicity, snapshots and restoring are assignments.
 */
import type { Row } from '../base/value.js';
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
  /** What each standing `@async` rule, by id, derived in the last timestep: rows by their text. */
  readonly standingSends: ReadonlyMap<number, ReadonlyMap<string, Row>>;
  /** Relations whose content an earlier process left: their facts hold no more. */
  readonly loaded: ReadonlySet<string>;
}

export const emptyStore: Store = {
  tables: new Map(),
  statics: null,
  latest: new Map(),
  standingSends: new Map(),
  loaded: new Set(),
};
