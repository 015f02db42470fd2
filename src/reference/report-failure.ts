/** What went wrong in a timestep, as a diagnostic with its place, tuples, rules and bindings. */
import { rowText, valueText } from '../base/value-text.js';
import type { Row } from '../base/value.js';
import type { Span } from '../base/span.js';
import {
  DIVISION_BY_ZERO,
  INT_OVERFLOW,
  BROKEN_PROMISE,
  VALUE_TOO_LARGE,
  WRONG_ARGUMENT,
} from '../builtins/failure.js';
import type { Diagnostic, Label } from '../diagnostics/diagnostic.js';
import type { Relation } from '../semantics/program.js';
import { writtenName, writtenText } from '../semantics/written-name.js';
import {
  KEY_CONFLICT,
  KEY_CONFLICT_AT_COMMIT,
  TimestepFailure,
  TOO_MANY_TUPLES,
  VALUE_OUTSIDE_TYPE,
} from './failure.js';
import type { RuleFault } from './fault-log.js';
import { MOST_UNITS, type WorkingState } from './working-state.js';

/** Where a tuple came from: a rule, a fact, an event. */
export interface Source {
  /** Follows the tuple: `which rule kv#2 derives`. */
  readonly text: string;
  readonly span: Span | null;
}

const helpByCode: ReadonlyMap<string, string> = new Map([
  [DIVISION_BY_ZERO, 'guard the division with a condition in the body, for example `d != 0`'],
  [INT_OVERFLOW, 'keep the values within ±(2^53 − 1), or compute with floats'],
  [WRONG_ARGUMENT, 'guard the call with a condition in the body that excludes these arguments'],
  [VALUE_TOO_LARGE, 'keep the parts as tuples of a relation instead of one large value'],
  [
    'TRL0810',
    'mend the function, or guard the call with a condition that excludes these arguments',
  ],
  ['TRL0811', 'mend the function, or declare the type of what it gives'],
  [
    BROKEN_PROMISE,
    'let the condition of the seal hold only once everything has been added, and name all producers behind `from`',
  ],
  [VALUE_OUTSIDE_TYPE, 'guard the rule with a condition, or give the column a wider type'],
]);

/** Long values are cut: a report is to be read. */
function brief(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 197)}...`;
}

function labelOf(code: string): string {
  return code === BROKEN_PROMISE ? 'promised here' : 'this could not be evaluated';
}

/** An evaluation failed for bindings that satisfy everything else. */
export function reportFault({ rule, error, place, bindings }: RuleFault): TimestepFailure {
  const notes = [`the timestep was undone; nothing of it was stored or released`];
  if (bindings.length > 0) {
    notes.unshift(
      `with ${brief(bindings.map(([name, value]) => `${name} = ${valueText(value)}`).join(', '))}`,
    );
  }
  const help = helpByCode.get(error.code);
  const diagnostic: Diagnostic = {
    code: error.code,
    severity: 'error',
    message: `${error.message}, in rule ${rule.origin.rule}`,
    primary: { span: place.span, text: labelOf(error.code) },
    ...(place.span === rule.origin.span
      ? {}
      : { secondary: [{ span: rule.origin.span, text: `rule ${rule.origin.rule}` }] }),
    notes,
    ...(help === undefined ? {} : { help }),
  };
  return new TimestepFailure(diagnostic, false);
}

/** Two tuples agree on the key and differ elsewhere, at the fixpoint. */
export function reportConflict(
  relation: Relation,
  rows: readonly [Row, Row],
  sourceOf: (relation: string, row: Row) => Source,
): TimestepFailure {
  const sources = rows.map((row) => sourceOf(relation.name, row));
  const help =
    relation.kind === 'table'
      ? 'replace a stored tuple with `upsert`, choose one with an aggregate such as `min<...>`, or make the key longer'
      : 'choose one of the values with an aggregate such as `min<...>`, or make the key longer';
  return conflict(KEY_CONFLICT, relation, rows, sources, help);
}

/** The same in what a table would hold from the next timestep on. */
export function reportCommitConflict(
  relation: Relation,
  rows: readonly [Row, Row],
  sources: readonly [Source, Source],
): TimestepFailure {
  const help =
    'let one rule decide, for example by an aggregate over the candidates, or delete the old tuple in the same timestep';
  return conflict(KEY_CONFLICT_AT_COMMIT, relation, rows, sources, help);
}

function conflict(
  code: string,
  relation: Relation,
  rows: readonly Row[],
  sources: readonly Source[],
  help: string,
): TimestepFailure {
  const key = relation.columns.slice(0, relation.keyLength).map(({ name }) => name);
  const tuples = rows.map((row) => brief(rowText(writtenName(relation), row)));
  const labels = sources.flatMap(({ span }, i): Label[] =>
    span === null ? [] : [{ span, text: `gives ${tuples[i]}` }],
  );
  const isNow = code === KEY_CONFLICT || relation.madeFrom !== undefined;
  const when = isNow ? '' : ' from the next timestep on';
  const agree =
    key.length === 0 ? 'there can be one tuple only' : `they agree on the key (${key.join(', ')})`;
  const diagnostic: Diagnostic = {
    code,
    severity: 'error',
    message: `key conflict in ${writtenText(relation)}${when}: ${tuples.join(' and ')}; ${agree}`,
    primary: { span: relation.span, text: 'declared here' },
    ...(labels.length === 0 ? {} : { secondary: labels }),
    notes: [
      ...tuples.map((text, i) => `${text}: ${sources[i]!.text}`),
      'the timestep was undone; nothing of it was stored or released',
    ],
    help,
  };
  return new TimestepFailure(diagnostic, false);
}

/** The timestep inserted more than it may: names the relation that grew most. */
export function reportBound(working: WorkingState): TimestepFailure {
  const { content, growth } = working.fastestGrowing;
  const { relation, base, added } = content;
  const { hostLimit } = working;
  const ofTuples = working.isTooLarge
    ? `the large tuples of the timestep have a size of more than ${MOST_UNITS} characters`
    : working.growsTooOften
      ? `lattice values grew more often than the bound of ${working.maxTuples} new tuples allows`
      : `the timestep went beyond ${working.maxTuples} new tuples`;
  const limit = hostLimit ?? ofTuples;
  const last = added.at(-1);
  const diagnostic: Diagnostic = {
    code: TOO_MANY_TUPLES,
    severity: 'error',
    message: working.growsTooOften
      ? `${limit}: ${writtenText(relation)} grew ${growth} times`
      : growth === 0
        ? `${limit}, in which nothing grew`
        : `${limit}: ${writtenText(relation)} grew by ${growth}, to ${base.size + growth} tuples`,
    primary: {
      span: relation.span,
      text: growth === 0 ? 'in this program' : 'this relation grew most',
    },
    notes: [
      ...(last === undefined
        ? []
        : [`its last new tuple: ${brief(rowText(writtenName(relation), last))}`]),
      'the timestep was undone; nothing of it was stored or released',
    ],
    help: `a recursion that makes new values needs a condition that ends it${
      hostLimit !== null
        ? '; if the timestep really needs so much, raise the bound'
        : working.isTooLarge
          ? ''
          : '; if the result really is so large, raise the bound: --max-tuples N'
    }`,
  };
  return new TimestepFailure(diagnostic, true, hostLimit !== null);
}
