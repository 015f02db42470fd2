/**
 * What a committed timestep lets go. An event-driven output is released in every timestep in which
 * it holds, a standing one when it begins to hold; `@async` tuples likewise, judged rule by rule; a
 * view gives what came and what went against the last commit. Everything comes sorted.
 */
import { compareRows, rowKey, type Row } from '../base/value.js';
import type { Commit, RelationRows } from '../evaluator/evaluator.js';
import type { Program, Relation } from '../semantics/program.js';
import type { Effects, Wanted } from './collect-effects.js';
import type { Store } from './store.js';

/** Rows of an observable before and after the timestep. */
export type Shown = (relation: string) => readonly Row[];

/** Non-empty batches by name, rows sorted and distinct. */
export function sortedBatches(
  rowsByRelation: ReadonlyMap<string, readonly Row[]>,
): readonly RelationRows[] {
  const batches: RelationRows[] = [];
  for (const relation of [...rowsByRelation.keys()].sort()) {
    const rows = distinct(rowsByRelation.get(relation)!);
    if (rows.length > 0) batches.push({ relation, rows });
  }
  return batches;
}

export function distinct(rows: readonly Row[]): readonly Row[] {
  const sorted = [...rows].sort(compareRows);
  return sorted.filter((row, i) => i === 0 || compareRows(sorted[i - 1]!, row) !== 0);
}

/** Rows of the first that the second lacks. */
export function without(rows: readonly Row[], others: readonly Row[]): readonly Row[] {
  const known = new Set(others.map(rowKey));
  return rows.filter((row) => !known.has(rowKey(row)));
}

function observedAs(program: Program, how: 'output' | 'view'): readonly Relation[] {
  return [...program.relations.values()].filter(({ observable }) => observable === how);
}

/** Rows of outputs that this timestep releases. */
export function releaseOutputs(
  program: Program,
  before: Shown,
  after: Shown,
): readonly RelationRows[] {
  const released = new Map<string, readonly Row[]>();
  for (const { name, eventDriven } of observedAs(program, 'output')) {
    released.set(name, eventDriven ? after(name) : without(after(name), before(name)));
  }
  return sortedBatches(released);
}

/** Changes of views. */
export function changeViews(program: Program, before: Shown, after: Shown): Commit['viewChanges'] {
  const names = observedAs(program, 'view').map(({ name }) => name);
  return names
    .sort()
    .map((relation) => ({
      relation,
      added: distinct(without(after(relation), before(relation))),
      removed: distinct(without(before(relation), after(relation))),
    }))
    .filter(({ added, removed }) => added.length + removed.length > 0);
}

export interface Sends {
  readonly sends: readonly RelationRows[];
  /** For the next timestep's comparison. */
  readonly standing: Store['standingSends'];
}

/** `@async` tuples that leave; `previous` is what standing rules derived in the last timestep. */
export function releaseSends(effects: Effects, previous: Store['standingSends']): Sends {
  const leaving = new Map<string, Row[]>();
  const standing = new Map<number, ReadonlyMap<string, Row>>();
  // Only standing rules have a previous derivation to be compared with.
  for (const [id, wanted] of effects.sends) {
    for (const [key, { row, rule }] of wanted) {
      if (previous.get(id)?.has(key) === true) continue;
      const rows = leaving.get(rule.head.relation);
      if (rows === undefined) leaving.set(rule.head.relation, [row]);
      else rows.push(row);
    }
    if (isStanding(wanted)) standing.set(id, rowsByKey(wanted));
  }
  return { sends: sortedBatches(leaving), standing };
}

function rowsByKey(wanted: ReadonlyMap<string, Wanted>): ReadonlyMap<string, Row> {
  return new Map([...wanted].map(([key, { row }]) => [key, row]));
}

function isStanding(wanted: ReadonlyMap<string, Wanted>): boolean {
  for (const { rule } of wanted.values()) return !rule.eventDriven;
  return false;
}
