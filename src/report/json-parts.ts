/** Parts that the JSON documents of reports share. */
import type {
  Blame,
  Mechanism,
  RelationReport,
  RuleReport,
  Suggestion,
} from '../analysis/confluence-report.js';
import { endsOf } from '../analysis/long-ways.js';
import { reasonText } from '../analysis/reason-text.js';
import { traceBlame } from '../analysis/trace-blame.js';
import { rangeOf } from '../base/span.js';
import type { Span } from '../base/span.js';
import type { Json } from '../base/value-json.js';
import { sourceName, stationName } from '../analysis/made-up-relations.js';
import { assumptionOf } from './declared-overrides.js';
import { costOf } from './mechanism-words.js';
import type { MonotonicityReport } from './monotonicity-report.js';
import { letterOf, whyText } from './rule-words.js';

export function spanJson(span: Span): Json {
  const { file, start, end } = rangeOf(span);
  return { file, start: { ...start }, end: { ...end } };
}

/** A program is called by its file, wherever that lies. */
export function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

export function mechanismJson(mechanism: Mechanism): Json {
  return { ...mechanism, key: [...mechanism.key] };
}

export function blameJson(blame: Blame, { program }: MonotonicityReport): Json {
  const names = stationNames(blame);
  const path = endsOf(names, (name) => name === blame.rule);
  return {
    rule: blame.rule === null ? null : stationName(program, blame.rule),
    relation: blame.source,
    reason: blame.reason,
    text: reasonText(blame.reason),
    span: spanJson(blame.span),
    path: [...path],
    ...(path.length === names.length ? {} : { omitted: names.length - path.length }),
    steps: endsOf(traceBlame(program, blame), ({ role }) => role === 'blamed').map(
      ({ role, relation, span, text }) => ({
        role,
        relation: sourceName(program, relation),
        span: spanJson(span),
        text,
      }),
    ),
    replicated: blame.replicated,
    key: [...blame.key],
    mechanism: mechanismJson(blame.mechanism),
  };
}

/** Each once, however the compiler has it travel. */
function stationNames({ stations }: Blame): readonly string[] {
  return stations.flatMap(({ name }, i) => (stations[i - 1]?.name === name ? [] : [name]));
}

export function suggestionJson({ cost, title, edit, edits, promises }: Suggestion): Json {
  return {
    cost,
    title,
    edit,
    edits: edits.map(({ span, text }) => ({ span: spanJson(span), text })),
    promises,
  };
}

export function ruleJson(rule: RuleReport, report: MonotonicityReport): Json {
  const { name, span, monotone, literals, mechanism, letter, causes } = rule;
  return {
    name,
    assumed: assumptionOf(report, name)?.reason ?? null,
    span: spanJson(span),
    monotone,
    letter: letterOf[letter],
    class: letter,
    notes: [...rule.notes],
    why: whyText(report, rule),
    causes: causes.map((cause) => ({
      reason: cause.reason,
      text: reasonText(cause.reason),
      relation: cause.relation,
      keeps: cause.keeps,
      span: spanJson(cause.span),
    })),
    literals: literals.map(({ relation, sign }) => ({ relation, sign })),
    mechanism,
    cost: ruleCost(rule, report),
  };
}

/** What the rule costs the observables that are not met because of it; null if it costs nothing. */
function ruleCost({ id }: RuleReport, { mechanismByRule, nodeCount }: MonotonicityReport): Json {
  const mechanism = mechanismByRule.get(id);
  if (mechanism === undefined) return null;
  const { delays, messages, messagesPer, waitsWhile } = costOf(mechanism, nodeCount);
  return { delays, messages, messagesPer, waitsWhile };
}

export function relationJson(relation: RelationReport): Json {
  const { name, kind, durable, doc, growth, determinism, key, replicated, replicatedThrough } =
    relation;
  return {
    name,
    kind,
    ...(durable ? { durable } : {}),
    doc,
    growth,
    determinism,
    key: [...key],
    replicated,
    replicatedThrough: [...replicatedThrough],
  };
}
