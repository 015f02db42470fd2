/** One observable of a report as JSON. */
import { plainJson } from '../base/value-json.js';
import type { Json } from '../base/value-json.js';
import type { Row } from '../base/value.js';
import { assumptionsFor } from './declared-overrides.js';
import { blameJson, mechanismJson, suggestionJson } from './json-parts.js';
import { costOf } from './mechanism-words.js';
import type { MonotonicityReport, ReportedObservable, Witness } from './monotonicity-report.js';
import { differenceOf, differenceText } from './verdict-words.js';

export function observableJson(observable: ReportedObservable, report: MonotonicityReport): Json {
  const { relation, kind, obligation, verdict, status, met, replicated, final } = observable;
  const { metWithCoordination, unmetBecause, blame, mechanism, suggestions, witness } = observable;
  const { delays, messages, messagesPer, waitsWhile } = costOf(mechanism, report.nodeCount);
  return {
    relation,
    kind,
    obligation,
    verdict,
    status,
    met,
    metWithCoordination,
    unmetBecause,
    replicated,
    replicasAgree: replicated ? observable.agrees : null,
    difference: differenceOf(observable),
    differenceText: differenceText(observable),
    final,
    complete: observable.complete,
    modulo: observable.modulo,
    blazes: observable.blazes,
    blame: blame.map((each) => blameJson(each, report)),
    mechanism: mechanismJson(mechanism),
    cost: { delays, messages, messagesPer, waitsWhile },
    suggestions: suggestions.map(suggestionJson),
    witness: witness === null ? null : witnessSummary(witness),
    assumed: assumptionsFor(report, observable).map(({ rule }) => rule),
  };
}

function witnessSummary({ file, kind, outcomes, divergence, madeUp }: Witness): Json {
  const { disagreement } = divergence;
  const rowsJson = (rows: readonly Row[]): Json => rows.map((row) => row.map(plainJson));
  return {
    file,
    kind,
    madeUp,
    outcomes: outcomes.map(rowsJson),
    replicas:
      disagreement === null
        ? null
        : {
            run: 0,
            nodes: [...disagreement.nodes],
            contents: disagreement.contents.map(rowsJson),
          },
  };
}
