/**
 * The report as diagnostics, for SARIF: what the analysis could not prove, with the way by which it
 * comes about, and beside the words the particulars that other tools filter by.
 */
import { describeRaces } from '../analysis/describe-races.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { costOf } from './mechanism-words.js';
import type { MonotonicityReport, ReportedObservable } from './monotonicity-report.js';
import { differenceOf, differenceText } from './verdict-words.js';

export function reportDiagnostics(report: MonotonicityReport): readonly Diagnostic[] {
  const raced = new Set<string>();
  const isNew = ({ code, message, primary }: Diagnostic): boolean => {
    // A key that may be taken twice is one finding, however many observables suffer by it.
    const key = `${message} ${primary?.span.start ?? ''}`;
    if (code !== 'TRL0601') return true;
    const isKnown = raced.has(key);
    raced.add(key);
    return !isKnown;
  };
  return report.observables.flatMap((observable) =>
    describeRaces({ observables: [observable] }, report.program)
      .filter(isNew)
      .map((diagnostic) => withParticulars(diagnostic, observable, report)),
  );
}

function withParticulars(
  diagnostic: Diagnostic,
  observable: ReportedObservable,
  { nodeCount }: MonotonicityReport,
): Diagnostic {
  const { relation, kind, verdict, status, mechanism, metWithCoordination, witness } = observable;
  const cost = costOf(mechanism, nodeCount);
  return {
    ...diagnostic,
    notes: [differenceText(observable), ...(diagnostic.notes ?? [])],
    particulars: {
      observable: relation,
      kind,
      verdict,
      status,
      difference: differenceOf(observable),
      metWithCoordination,
      mechanism: {
        kind: mechanism.kind,
        on: mechanism.on,
        key: [...mechanism.key],
        provider: mechanism.provider,
        delays: cost.delays,
        messages: cost.messages,
        waitsWhile: cost.waitsWhile,
      },
      witness: witness?.file ?? null,
    },
  };
}
