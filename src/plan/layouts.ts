/**
 * Which searches go through a layout by one column, that is, through all tuples of the relation as
 * they stand, those of each key together: possible where the relation never changes.
 */
import type { AtomAccess, PlanLiteral, PlannedRelation, StorageClass } from './physical-plan.js';

/** Whether pairs are given once and for all: they are read as rows by one column or the other wherever that will do. */
export function areGivenPairs({
  isGiven,
  schema,
  merged,
}: Pick<PlannedRelation, 'isGiven' | 'merged'> & {
  readonly schema: { readonly columns: readonly unknown[] };
}): boolean {
  return isGiven && schema.columns.length === 2 && merged.length === 0;
}

/** Columns that are held in place by the others, which are then one or a tuple of words. */
export function placedColumns({
  isKeyed,
  merged,
}: Pick<PlannedRelation, 'isKeyed' | 'merged'>): readonly number[] {
  return isKeyed ? [1] : merged;
}

/** Whether an atom over given pairs looks them up in rows. */
export function isReadByRows(literal: PlanLiteral, { columns, changeWidth }: AtomAccess): boolean {
  return (
    literal.kind === 'atom' && !literal.negated && columns.length === 1 && changeWidth === null
  );
}

/** Whether an atom of a rule whose head is kept as `headStorage` is searched so. */
export function isReadByLayout(
  literal: PlanLiteral,
  access: AtomAccess,
  relation: { readonly storage: StorageClass; readonly merged: readonly number[] },
  headStorage: StorageClass,
): boolean {
  if (literal.kind !== 'atom' || literal.negated || relation.merged.length > 0) return false;
  // What a static depends on is static: in the recursion of another head it has no part.
  if (relation.storage !== 'static' || headStorage === 'static') return false;
  return literal.arguments.length > 2 && access.columns.length === 1;
}
