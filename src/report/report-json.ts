/** The report as one JSON document: the contract of `report --format json`. */
import { rangeOf } from '../base/span.js';
import type { Span } from '../base/span.js';
import { plainJson } from '../base/value-json.js';
import type { Json } from '../base/value-json.js';
import { assumptionOf, assumptionsFor } from './declared-overrides.js';
import type { Row } from '../base/value.js';
import type { MonotonicityReport, ReportedObservable, Witness } from './monotonicity-report.js';

/** Schema `trellis/report/1`. */
export function reportJson(report: MonotonicityReport): Json {
  return {
    schema: 'trellis/report/1',
    program: fileName(report.program.name),
    observables: report.observables.map((observable) => ({
      ...observableJson(observable),
      assumed: assumptionsFor(report, observable).map(({ rule }) => rule),
    })),
    rules: report.rules.map(({ name, span, monotone, literals, mechanism }) => ({
      name,
      assumed: assumptionOf(report, name)?.reason ?? null,
      span: spanJson(span),
      monotone,
      literals: literals.map(({ relation, sign }) => ({ relation, sign })),
      mechanism,
    })),
    relations: report.relations.map(({ name, kind, growth, determinism, key, replicated }) => ({
      name,
      kind,
      growth,
      determinism,
      key: [...key],
      replicated,
    })),
    assumptions: report.program.remarks.assumptions.map(({ rule, reason, span }) => ({
      rule,
      reason,
      span: spanJson(span),
      declared: true,
    })),
    coordination: {
      wishes: report.program.remarks.coordinations.map(({ relation, mechanism, key }) => ({
        relation,
        mechanism,
        key: (key ?? []).map(
          (index) => report.program.relations.get(relation)?.columns[index]?.name ?? '',
        ),
      })),
      needed: report.coordination.needed,
      points: report.coordination.points,
      log:
        report.plan.orderedLog === null ? null : { channels: [...report.plan.orderedLog.channels] },
    },
  };
}

/** A program is called by its file, wherever that lies. */
function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

function observableJson(observable: ReportedObservable): Readonly<Record<string, Json>> {
  const {
    relation,
    kind,
    obligation,
    verdict,
    status,
    met,
    replicated,
    final,
    blame,
    mechanism,
    suggestions,
  } = observable;
  return {
    relation,
    kind,
    obligation,
    verdict,
    status,
    met,
    metWithCoordination: observable.metWithCoordination,
    unmetBecause: observable.unmetBecause,
    replicated,
    final,
    blame: blame.map((b) => ({
      rule: b.rule,
      relation: b.relation,
      reason: b.reason,
      span: spanJson(b.span),
      path: [...b.path],
    })),
    mechanism: { ...mechanism, key: [...mechanism.key] },
    suggestions: suggestions.map(({ cost, title, edit }) => ({ cost, title, edit })),
    witness: observable.witness === null ? null : witnessSummary(observable.witness),
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

function spanJson(span: Span): Json {
  const { file, start, end } = rangeOf(span);
  return { file, start: { ...start }, end: { ...end } };
}
