/**
 * Where a tuple came from, for the report of a key conflict: found out afterwards, by asking every
 * possible source in a fixed order, so that nothing has to be kept while a timestep runs and the
 * answer does not depend on which source happened to be first.
 */
import { compareRows, type Row } from '../base/value.js';
import type { NodeIdentity, RelationFacts, TimestepInput } from '../evaluator/evaluator.js';
import type { Program, Rule } from '../semantics/program.js';
import { evaluateRule } from './evaluate-rule.js';
import { FaultLog } from './fault-log.js';
import { prepareRule } from './prepare-rule.js';
import { mergesRows } from './merge-rows.js';
import type { Source } from './report-failure.js';
import type { WorkingState } from './working-state.js';

/** What can have put a tuple where it is. */
export interface SourceInput {
  readonly program: Program;
  readonly identity: NodeIdentity;
  readonly input: TimestepInput;
  readonly working: WorkingState;
}

/** The source of a tuple that a relation holds at the fixpoint. */
export function findSource(
  { program, identity, input, working }: SourceInput,
  relation: string,
  row: Row,
): Source {
  if (holdsRow(input.events, relation, row)) return { text: 'came in as an event', span: null };
  if (holdsRow(input.nextTuples, relation, row))
    return { text: 'derived by an `@next` rule in the last timestep', span: null };
  const fact = program.facts.find(
    (candidate) => candidate.relation === relation && compareRows(candidate.row, row) === 0,
  );
  const rule = program.rules.find((candidate) =>
    derives(program, candidate, working, relation, row),
  );
  if (rule !== undefined)
    return { text: `derived by rule ${rule.origin.rule}`, span: rule.origin.span };
  if (mergesRows(working.contentOf(relation).relation))
    return { text: 'merged from several tuples', span: null };
  if (working.contentOf(relation).added.every((added) => compareRows(added, row) !== 0)) {
    return { text: 'stored by an earlier timestep', span: null };
  }
  if (fact !== undefined) return { text: `stated by the fact ${fact.name}`, span: fact.span };
  if (holdsRow(identity.facts, relation, row))
    return { text: 'given at the start of the node', span: null };
  return { text: 'built in', span: null };
}

function holdsRow(batches: readonly RelationFacts[], relation: string, row: Row): boolean {
  for (const batch of batches) {
    if (batch.relation !== relation) continue;
    for (const other of batch.rows) if (compareRows(other, row) === 0) return true;
  }
  return false;
}

function derives(
  program: Program,
  rule: Rule,
  working: WorkingState,
  relation: string,
  row: Row,
): boolean {
  if (rule.head.mode !== 'now' || rule.head.relation !== relation) return false;
  let found = false;
  evaluateRule(prepareRule(program, rule, new Set()), {
    contentOf: working.contentOf,
    turn: () => {},
    pass: () => {},
    faults: new FaultLog(() => {}),
    onRow: (derived) => {
      found ||= compareRows(derived as Row, row) === 0;
    },
  });
  return found;
}
