/**
 * What a timestep begins with beside the stored tables: facts, tuples given to the node at its
 * start, the tuples of built-in relations, events, and what the last commit left for now.
 *
 * Facts of statics are taken once, before the first commit, which keeps them; all other facts in
 * the first timestep after a start, unless their relation was loaded from what an earlier process
 * left. A fact in a located relation holds at the node it names.
 */
import { assert, defined } from '../base/assert.js';
import type { Row } from '../base/value.js';
import type { NodeIdentity, TimestepInput } from '../evaluator/evaluator.js';
import { bottomOf } from '../semantics/lattice-types.js';
import type { BuiltinRelation, Program } from '../semantics/program.js';
import type { WorkingState } from './working-state.js';

/** Fills the working state; throws `InsertionEnds` at the bound. */
export function takeInputs(
  program: Program,
  identity: NodeIdentity,
  input: TimestepInput,
  { isFirst, loaded }: { readonly isFirst: boolean; readonly loaded: ReadonlySet<string> },
  working: WorkingState,
): void {
  const takeFact = (name: string, row: Row): void => {
    const { relation } = working.contentOf(name);
    const isNow = relation.kind === 'static' ? isFirst : input.boot !== null && !loaded.has(name);
    const isHere = relation.location === null || row[relation.location] === identity.name;
    if (isNow && isHere) working.insert(name, row);
  };
  // A `lattice` always holds one tuple, at first its bottom.
  for (const { name, kind, columns } of program.relations.values())
    if (kind === 'lattice') working.insert(name, [defined(bottomOf(columns[0]!.type), 'a bottom')]);
  for (const { relation, row } of program.facts) takeFact(relation, row);
  for (const { relation, rows } of identity.facts) for (const row of rows) takeFact(relation, row);
  for (const { name, builtin } of program.relations.values()) {
    if (builtin === null) continue;
    for (const row of builtinRows(builtin, identity, input)) {
      if (!working.contentOf(name).has(row)) working.insert(name, row);
    }
  }
  for (const { relation, rows } of [...input.events, ...input.nextTuples]) {
    const { columns } = working.contentOf(relation).relation;
    for (const row of rows) {
      assert(row.length === columns.length, `a tuple of ${relation} has ${row.length} columns`);
      working.insert(relation, row);
    }
  }
}

function builtinRows(
  builtin: BuiltinRelation,
  identity: NodeIdentity,
  input: TimestepInput,
): readonly Row[] {
  switch (builtin) {
    case 'cluster':
      return identity.cluster.map((name) => [name]);
    case 'self':
      return [[identity.name]];
    case 'now':
      return [[input.nowMs]];
    case 'boot':
      return input.boot === null ? [] : [[input.boot.first]];
    case 'barrier':
    case 'sealed':
    case 'stdin':
    case 'stdout':
    case 'stderr':
    case 'halt':
      return [];
  }
}
