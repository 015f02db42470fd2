/** What the code of a step depends on, and whether it can fail. */
import { visitVariables } from '../plan/literal-variables.js';
import type { PlanTerm, Step } from '../plan/physical-plan.js';
import { mayThrow } from './generate-term.js';

/** What a version does that reads a change of what its body reads. */
export interface ChangeUse {
  /** Whether heads, or the groups of an aggregate, are noted instead of derived. */
  readonly notes: boolean;
  /** Whether what fails to evaluate is passed over. */
  readonly isLenient: boolean;
}

/** Where an evaluation may fail. */
export type FailingStep = Pick<Step, 'bound' | 'others'>;

export function variablesOf(term: PlanTerm): ReadonlySet<string> {
  const names = new Set<string>();
  visitVariables(term, (name) => names.add(name));
  return names;
}

/** The variables whose words a search needs. */
export function neededWords({ access }: Step): ReadonlySet<string> {
  const known = access?.known ?? [];
  return new Set(known.flatMap((a) => (a.kind === 'variable' ? [a.name] : [])));
}

/** Whether a condition cannot fail to be true or false. */
export function isSure(term: PlanTerm): boolean {
  return !mayThrow(term) && term.type.kind === 'bool' && term.kind !== 'variable';
}
