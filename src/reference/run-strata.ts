/**
 * The deductive part of a timestep: every stratum to its fixpoint, by rounds over all its rules
 * until a round inserts nothing. New rows count at once, also within the round that derives them.
 *
 * In a recursion through lattice values an evaluation may fail for a value that is not the last: the
 * sum of a long way overflows before a shorter one is found. Which values there are on the way is a
 * matter of order, so only what fails at the fixpoint is a failure.
 */
import type { Program } from '../semantics/program.js';
import { evaluateBody, evaluateRule, type RuleInput, type Walk } from './evaluate-rule.js';
import { prepareRule, type PreparedBody, type PreparedRule } from './prepare-rule.js';
import { FaultLog } from './fault-log.js';
import { mergesRows } from './merge-rows.js';
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
  /** Whether it is a recursion with lattice values. */
  readonly grows: boolean;
}

/** Strata with their rules made ready. */
export function prepareStrata(program: Program): readonly PreparedStratum[] {
  return stratify(program).map(({ relations, rules }) => {
    const prepared = rules.map((rule) => prepareRule(program, rule, relations));
    const isRecursive = prepared.some(({ bodies }) =>
      bodies.some(({ recursion }) => recursion !== 'none'),
    );
    return {
      relations: [...relations],
      isStatic: [...relations].every((name) => program.relations.get(name)?.kind === 'static'),
      rules: prepared,
      grows: isRecursive && [...relations].some((name) => mergesRows(program.relations.get(name)!)),
    };
  });
}

/** Names a tuple's source, for the report of a key conflict. */
export type SourceFinder = Parameters<typeof reportConflict>[2];

/** Runs one stratum to its fixpoint and checks its keys; throws `TimestepFailure`. */
export function runStratum(
  stratum: PreparedStratum,
  working: WorkingState,
  sourceOf: SourceFinder,
): void {
  let [ended, hadFaults] = [false, false];
  try {
    hadFaults = runRounds(stratum, working);
  } catch (error) {
    if (!(error instanceof InsertionEnds)) throw error;
    ended = true;
  }
  if (working.hostLimit !== null) throw reportBound(working);
  if (working.faults.least !== null) throw reportFault(working.faults.least);
  for (const name of stratum.relations) working.contentOf(name).settle();
  if (hadFaults && !ended) findFaults(stratum, working);
  for (const name of stratum.relations) {
    const conflict = working.contentOf(name).leastConflict();
    if (conflict !== null)
      throw reportConflict(working.contentOf(name).relation, conflict, sourceOf);
  }
  if (ended) throw reportBound(working);
}

/** Whether some evaluation failed that may not fail at the fixpoint. */
function runRounds(stratum: PreparedStratum, working: WorkingState): boolean {
  const faults = stratum.grows ? new FaultLog(() => {}) : working.faults;
  const walks = new Map<PreparedBody, Walk>();
  for (const { rule, bodies } of stratum.rules) {
    if (!rule.aggregated) for (const body of bodies) walks.set(body, { baseDone: false, added: 0 });
  }
  for (const prepared of stratum.rules) {
    if (prepared.rule.aggregated)
      evaluateRule(prepared, inputFor(prepared, working, working.faults));
  }
  for (let round = 0, before = -1; before < working.changes; round++) {
    before = working.changes;
    if (round > 0) working.askHost();
    for (const prepared of stratum.rules) {
      for (const body of prepared.bodies) {
        const walk = walks.get(body);
        if (walk === undefined || (round > 0 && body.recursion === 'none')) continue;
        evaluateBody(prepared, body, walk, inputFor(prepared, working, faults));
      }
    }
  }
  return stratum.grows && faults.least !== null;
}

/** Throws the least failure at the fixpoint, if there is one; everything derived is there already. */
function findFaults(stratum: PreparedStratum, working: WorkingState): void {
  for (const prepared of stratum.rules) {
    if (prepared.rule.aggregated) continue;
    const input = inputFor(prepared, working, working.faults);
    evaluateRule(prepared, { ...input, onRow: () => {} });
  }
  if (working.faults.least !== null) throw reportFault(working.faults.least);
}

function inputFor({ rule }: PreparedRule, working: WorkingState, faults: FaultLog): RuleInput {
  return {
    contentOf: working.contentOf,
    turn: working.turn,
    pass: working.pass,
    faults,
    onRow: (row) => working.insert(rule.head.relation, row as Row),
  };
}
