/**
 * The report as one JSON document: the contract of `report --format json`. Its schema lies beside
 * this file.
 */
import type { Json } from '../base/value-json.js';
import { annotateSource } from './annotate-source.js';
import { clusterWideJson } from './cluster-wide-words.js';
import { compareReports } from './compare-reports.js';
import type { Change } from './compare-reports.js';
import { explainRelation } from './explain-relation.js';
import {
  blameJson,
  fileName,
  relationJson,
  ruleJson,
  spanJson,
  suggestionJson,
  mechanismJson,
} from './json-parts.js';
import type { MonotonicityReport } from './monotonicity-report.js';
import { observableJson } from './observable-json.js';
import { letterOf } from './rule-words.js';

/** Schema `trellis/report/1`; `explain`: a relation to explain as well, or null. */
export function reportJson(report: MonotonicityReport, explain: string | null = null): Json {
  const { program, plan, coordination } = report;
  return {
    schema: 'trellis/report/1',
    program: fileName(program.name),
    observables: report.observables.map((observable) => observableJson(observable, report)),
    rules: report.rules.map((rule) => ruleJson(rule, report)),
    relations: report.relations.map(relationJson),
    assumptions: program.remarks.assumptions.map(({ rule, reason, span }) => ({
      rule,
      reason,
      span: spanJson(span),
      declared: true,
    })),
    annotations: annotationsJson(report),
    coordination: {
      wishes: program.remarks.coordinations.map(({ relation, mechanism, key }) => ({
        relation,
        mechanism,
        key: (key ?? []).map((i) => program.relations.get(relation)?.columns[i]?.name ?? ''),
      })),
      needed: coordination.needed,
      points: coordination.points,
      cheapest: coordination.cheapest.map(({ mechanism, meets }) => ({
        mechanism: mechanismJson(mechanism),
        meets: [...meets],
      })),
      seals: plan.seals.map(({ relation, seal, key, rules, held }) => ({
        relation,
        seal,
        key: [...key],
        rules: [...rules],
        held: [...held],
      })),
      barrier:
        plan.barrier === null
          ? null
          : { rules: [...plan.barrier.rules], held: [...plan.barrier.held] },
      log: plan.orderedLog === null ? null : { channels: [...plan.orderedLog.channels] },
    },
    ...clusterWideJson(report),
    ...(explain === null ? {} : { explained: explanationJson(report, explain) }),
  };
}

/** The letters in the margin: one entry a line where a rule begins. */
function annotationsJson(report: MonotonicityReport): Json {
  return annotateSource(report).map(({ file, lines }) => ({
    file: file.path,
    lines: lines.flatMap(({ number, rules }) =>
      rules.map(({ letter, names, why }) => ({
        line: number,
        letter: letterOf[letter],
        rules: [...names],
        why,
      })),
    ),
  }));
}

function explanationJson(report: MonotonicityReport, name: string): Json {
  const { verdict, observable, cone } = explainRelation(report, name);
  return {
    relation: name,
    shown: observable !== null,
    verdict: verdict.verdict,
    blame: verdict.blame.map((each) => blameJson(each, report)),
    suggestions: verdict.suggestions.map(suggestionJson),
    cone: cone.map(({ relation, distance, rules, facts }) => ({
      relation: relation.name,
      distance,
      growth: relation.growth,
      determinism: relation.determinism,
      replicated: relation.replicated,
      facts,
      rules: rules.map(({ rule, mode }) => ({
        name: rule.name,
        mode,
        letter: letterOf[rule.letter],
        literals: rule.literals.map(({ relation: read, sign }) => ({ relation: read, sign })),
      })),
    })),
  };
}

/** Schema `trellis/report-diff/1`: entries only for what changed; absent sides are null. */
export function differenceJson(before: MonotonicityReport, after: MonotonicityReport): Json {
  const difference = compareReports(before, after);
  const change = <T>(
    { name, before: old, after: now }: Change<T>,
    json: (value: T, report: MonotonicityReport) => Json,
  ): { readonly [key: string]: Json } => ({
    name,
    before: old === null ? null : json(old, before),
    after: now === null ? null : json(now, after),
  });
  return {
    schema: 'trellis/report-diff/1',
    before: fileName(before.program.name),
    after: fileName(after.program.name),
    observables: difference.observables.map((each) => ({
      ...change(each, observableJson),
      newBlame: each.newBlame.map((blame) => blameJson(blame, after)),
    })),
    rules: difference.rules.map((each) => change(each, ruleJson)),
    relations: difference.relations.map((each) => change(each, relationJson)),
    log: { before: [...difference.log.before], after: [...difference.log.after] },
  };
}
