/**
 * The deductive part of a timestep: every stratum to its fixpoint, by rounds over all its rules
 * until a round inserts nothing. New rows count at once, also within the round that derives them.
 */
import type { Program } from '../semantics/program.js';
import { evaluateBody, evaluateRule, type RuleInput, type Walk } from './evaluate-rule.js';
import { prepareRule, type PreparedBody, type PreparedRule } from './prepare-rule.js';
import { reportBound, reportConflict, reportFault } from './report-failure.js';
import { stratify } from './stratify.js';
import { InsertionEnds, type WorkingState } from './working-state.js';
import type { Row } from '../base/value.js';

export interface PreparedStratum {
  /** Sorted. */
  readonly relations: readonly string[];
  /** Whether all its relations are static: then it is evaluated once in a node's life. */
  readonly isStatic: boolean;
  readonly rules: readonly PreparedRule[];
}

/** Strata with their rules made ready. */
export function prepareStrata(program: Program): readonly PreparedStratum[] {
  return stratify(program).map(({ relations, rules }) => ({
    relations: [...relations],
    isStatic: [...relations].every((name) => program.relations.get(name)?.kind === 'static'),
    rules: rules.map((rule) => prepareRule(program, rule, relations)),
  }));
}

/** Names a tuple's source, for the report of a key conflict. */
export type SourceFinder = Parameters<typeof reportConflict>[2];

/** Runs one stratum to its fixpoint and checks its keys; throws `TimestepFailure`. */
export function runStratum(
  stratum: PreparedStratum,
  working: WorkingState,
  sourceOf: SourceFinder,
): void {
  let ended = false;
  try {
    runRounds(stratum, working);
  } catch (error) {
    if (!(error instanceof InsertionEnds)) throw error;
    ended = true;
  }
  if (working.faults.least !== null) throw reportFault(working.faults.least);
  for (const name of stratum.relations) working.contentOf(name).settle();
  for (const name of stratum.relations) {
    const conflict = working.contentOf(name).leastConflict();
    if (conflict !== null)
      throw reportConflict(working.contentOf(name).relation, conflict, sourceOf);
  }
  if (ended) throw reportBound(working);
}

function runRounds(stratum: PreparedStratum, working: WorkingState): void {
  const walks = new Map<PreparedBody, Walk>();
  for (const { rule, bodies } of stratum.rules) {
    if (!rule.aggregated) for (const body of bodies) walks.set(body, { baseDone: false, added: 0 });
  }
  for (const prepared of stratum.rules) {
    if (prepared.rule.aggregated) evaluateRule(prepared, inputFor(prepared, working));
  }
  for (let round = 0, before = -1; before < working.inserted; round++) {
    before = working.inserted;
    for (const prepared of stratum.rules) {
      for (const body of prepared.bodies) {
        const walk = walks.get(body);
        if (walk === undefined || (round > 0 && body.recursion === 'none')) continue;
        evaluateBody(prepared, body, walk, inputFor(prepared, working));
      }
    }
  }
}

function inputFor({ rule }: PreparedRule, working: WorkingState): RuleInput {
  return {
    contentOf: working.contentOf,
    faults: working.faults,
    onRow: (row) => working.insert(rule.head.relation, row as Row),
  };
}
