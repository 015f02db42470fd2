/** The verdicts of a program, a line for each observable. */
import type { ObservableReport } from '../analysis/confluence-report.js';
import type { CompiledProgram } from '../compiler/compile-source.js';

/** Whether what the compiler inserts meets an obligation that is not met without. */
export function isDischarged(
  { relation, met }: Pick<ObservableReport, 'relation' | 'met'>,
  { unmet }: Pick<CompiledProgram['plan'], 'unmet'>,
): boolean {
  return !met && unmet.every((each) => each.relation !== relation);
}

/** `inserted`: how to speak of what the compiler inserts where it is needed. */
export function verdictLines(
  { confluence, plan }: CompiledProgram,
  inserted = 'is inserted',
): readonly string[] {
  return confluence.observables.map((observable) => {
    const { kind, relation, verdict, met } = observable;
    const unmet = isDischarged(observable, plan)
      ? ` (met by what ${inserted})`
      : ' (obligation not met)';
    return `${kind} ${relation}: ${verdict}${met ? '' : unmet}`;
  });
}
