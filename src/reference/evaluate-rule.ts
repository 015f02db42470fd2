/**
 * The rows that a rule derives from the contents of relations. A plain rule gives a row a binding.
 * An aggregated one first collects the distinct bindings of the variables that all its bodies bind
 * (so that a binding found twice, by two alternatives or through wildcards, counts once), groups
 * them by the plain head terms, and gives a row a group.
 */
import { rowKey, type Row, type Value } from '../base/value.js';
import { valueText } from '../base/value-text.js';
import { aggregates } from '../builtins/aggregates.js';
import { PartialError } from '../builtins/function.js';
import { NoPlainValue } from '../builtins/lattice.js';
import { latticeValueFor } from '../semantics/lattice-types.js';
import type { HeadArgument } from '../semantics/program.js';
import { fitsType } from '../semantics/fits-type.js';
import { typeText } from '../semantics/relate-types.js';
import type { Content } from './content.js';
import { evaluateTerm, evaluateTerms, type Bindings } from './evaluate-term.js';
import { VALUE_OUTSIDE_TYPE } from './failure.js';
import type { FaultLog } from './fault-log.js';
import { joinBody, joinBodyFrom, type JoinInput } from './join-body.js';
import type { PreparedBody, PreparedRule } from './prepare-rule.js';

/** What a head makes of one binding: a value a column, `undefined` where a `delete` has a wildcard. */
export type Derived = readonly (Value | undefined)[];

export interface RuleInput {
  readonly contentOf: (relation: string) => Content;
  /** Called for each literal that holds; may throw. */
  readonly turn: () => void;
  /** Called for each row that is passed over; may throw. */
  readonly pass: () => void;
  readonly faults: FaultLog;
  readonly onRow: (row: Derived) => void;
}

/** Evaluates all bodies of a rule that is not part of a recursion. */
export function evaluateRule(prepared: PreparedRule, input: RuleInput): void {
  if (prepared.rule.aggregated) return evaluateAggregated(prepared, input);
  for (const body of prepared.bodies) joinBody(body.steps, plainJoin(prepared, input));
}

/** How far a body has walked the rows of the relation that drives it. */
export interface Walk {
  baseDone: boolean;
  added: number;
}

/** Evaluates one body of a rule within the rounds of a recursion, going on where `walk` says. */
export function evaluateBody(
  prepared: PreparedRule,
  body: PreparedBody,
  walk: Walk,
  input: RuleInput,
): void {
  const join = plainJoin(prepared, input);
  if (body.recursion !== 'linear') return joinBody(body.steps, join);
  const content = input.contentOf(body.driver!);
  if (!walk.baseDone) {
    walk.baseDone = true;
    for (const row of content.baseMatching([], []))
      if (!content.isOutdated(row)) joinBodyFrom(row, body.steps, join);
  }
  while (walk.added < content.added.length) {
    const row = content.added[walk.added++]!;
    if (!content.isOutdated(row)) joinBodyFrom(row, body.steps, join);
  }
}

/** Runs what may throw a `PartialError`; an error is a fault of the head under these bindings. */
function guarded(
  prepared: PreparedRule,
  input: RuleInput,
  bindings: Bindings,
  run: () => void,
): void {
  const { rule } = prepared;
  let error: PartialError;
  try {
    return run();
  } catch (thrown) {
    // A bottom has nothing to show: there is no tuple.
    if (thrown instanceof NoPlainValue) return;
    if (!(thrown instanceof PartialError)) throw thrown;
    error = thrown;
  }
  input.faults.add(rule, { error, place: rule.head }, bindings);
}

function plainJoin(prepared: PreparedRule, input: RuleInput): JoinInput {
  const { rule } = prepared;
  return {
    contentOf: input.contentOf,
    turn: input.turn,
    pass: input.pass,
    onFault: (fault, bindings) => input.faults.add(rule, fault, bindings),
    onBinding: (bindings) => {
      let row: Derived | null = null;
      guarded(prepared, input, bindings, () => {
        row = checkTypes(
          prepared,
          rule.head.arguments.map((argument) => plainValue(argument, bindings)),
        );
      });
      if (row !== null) input.onRow(row);
    },
  };
}

function plainValue(argument: HeadArgument, bindings: Bindings): Value | undefined {
  if (argument.kind === 'aggregate' || argument.term.kind === 'wildcard') return undefined;
  return evaluateTerm(argument.term, bindings);
}

function checkTypes(prepared: PreparedRule, row: Derived): Derived {
  const { relation, rule } = prepared;
  for (const [i, value] of row.entries()) {
    const column = relation.columns[i]!;
    if (value === undefined || fitsType(value, column.type)) continue;
    throw new PartialError(
      VALUE_OUTSIDE_TYPE,
      `column ${column.name} of ${rule.head.relation} has type ${typeText(column.type)}, which ${valueText(value)} does not fit`,
    );
  }
  return row;
}

interface Group {
  /** Values of the plain head terms, `undefined` where an aggregate stands. */
  readonly plain: Derived;
  /** For each head argument the argument rows of its aggregate. */
  readonly rows: Row[][];
}

function evaluateAggregated(prepared: PreparedRule, input: RuleInput): void {
  const groups = collectGroups(prepared, input);
  const head = prepared.rule.head.arguments;
  for (const group of groups.values()) {
    const shown: Bindings = new Map();
    for (const [i, value] of group.plain.entries()) {
      if (value !== undefined) shown.set(prepared.relation.columns[i]!.name, value);
    }
    let row: Derived | null = null;
    guarded(prepared, input, shown, () => {
      const values = head.map((argument, i) =>
        argument.kind === 'aggregate'
          ? forColumn(aggregates.get(argument.function)!.evaluate(group.rows[i]!), prepared, i)
          : group.plain[i],
      );
      row = checkTypes(prepared, values);
    });
    if (row !== null) input.onRow(row);
  }
}

/** An aggregate's value as its column holds it: a lattice value where the column merges. */
function forColumn(value: Value, { relation }: PreparedRule, column: number): Value {
  return latticeValueFor(value, relation.columns[column]!.type) ?? value;
}

function collectGroups(prepared: PreparedRule, input: RuleInput): ReadonlyMap<string, Group> {
  const { rule, variables } = prepared;
  const seen = new Set<string>();
  const groups = new Map<string, Group>();
  const head = rule.head.arguments;
  const addBinding = (bindings: Bindings): void => {
    const plain = head.map((argument) => plainValue(argument, bindings));
    const rows = head.map((argument) =>
      argument.kind === 'aggregate' ? evaluateTerms(argument.arguments, bindings) : [],
    );
    const key = rowKey(plain.filter((value) => value !== undefined));
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = { plain, rows: head.map(() => []) }));
    for (const [i, row] of rows.entries()) group.rows[i]!.push(row);
  };
  const join: JoinInput = {
    contentOf: input.contentOf,
    turn: input.turn,
    pass: input.pass,
    onFault: (fault, bindings) => input.faults.add(rule, fault, bindings),
    onBinding: (bindings) => {
      const key = rowKey(variables.map((name) => bindings.get(name)!));
      if (seen.has(key)) return;
      seen.add(key);
      guarded(prepared, input, bindings, () => addBinding(bindings));
    },
  };
  for (const body of prepared.bodies) joinBody(body.steps, join);
  return groups;
}
