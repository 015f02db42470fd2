/**
 * Rules that can never fire. A relation may hold tuples if they come from outside (inputs, facts
 * files, timers, the system) or if a fact or a rule that may fire itself derives it: a least
 * fixpoint. A rule is dead if every alternative of its body reads a relation that stays empty, or
 * contradicts itself: a condition that is false for all bindings, or one variable with two values.
 */
import { equalValues, type Value } from '../base/value.js';
import { valueText } from '../base/value-text.js';
import type { Span } from '../base/span.js';
import { evaluateClosed } from './constants.js';
import { isOfInstance } from './instance-names.js';
import type { ModuleFaces } from './module-faces.js';
import type { Body, Literal, Program, Relation, Rule, Term } from './program.js';
import type { Reporter } from './reporter.js';

/** Reports the first reason for each dead clause. */
export function findDeadRules(program: Program, faces: ModuleFaces, reporter: Reporter): void {
  const contradictions = new Map<Body, Contradiction | null>();
  for (const { bodies, head } of program.rules)
    for (const body of bodies)
      // A condition that a param of an instance makes false is a switch, and no mistake.
      if (!contradictions.has(body))
        contradictions.set(body, isOfInstance(head.relation) ? null : contradictionIn(body));
  const filled = filledRelations(program, faces, contradictions);
  const seen = new Set<string>();
  for (const rule of program.rules) {
    if (seen.has(rule.name)) continue;
    const reasons = rule.bodies.map((body) => reasonFor(body, filled, contradictions));
    const [first] = reasons;
    if (first === undefined || first === null || reasons.includes(null)) continue;
    seen.add(rule.name);
    reporter.warning(
      'TRL1205',
      first.span,
      `the rule \`${rule.name}\` can never fire: ${first.text}`,
      {
        help: first.help,
      },
    );
  }
}

interface Contradiction {
  readonly span: Span;
  readonly text: string;
}
interface Reason extends Contradiction {
  readonly help: string;
}

function reasonFor(
  body: Body,
  filled: ReadonlySet<string>,
  contradictions: ReadonlyMap<Body, Contradiction | null>,
): Reason | null {
  const contradiction = contradictions.get(body) ?? null;
  if (contradiction !== null)
    return { ...contradiction, help: 'correct the condition, or remove the rule' };
  const empty = emptyAtom(body, filled);
  if (empty === null) return null;
  return {
    span: empty.span,
    text: `nothing ever derives \`${empty.relation}\``,
    help: `write a rule or a fact for \`${empty.relation}\`; one that is given from outside is an \`input\`, a \`static\` or a \`table\``,
  };
}

function emptyAtom(
  { literals }: Body,
  filled: ReadonlySet<string>,
): (Literal & { readonly kind: 'atom' }) | null {
  for (const literal of literals)
    if (literal.kind === 'atom' && !literal.negated && !filled.has(literal.relation))
      return literal;
  return null;
}

function filledRelations(
  { relations, rules, facts }: Program,
  faces: ModuleFaces,
  contradictions: ReadonlyMap<Body, Contradiction | null>,
): ReadonlySet<string> {
  const filled = new Set(facts.map(({ relation }) => relation));
  for (const relation of relations.values())
    if (isGiven(relation) || faces.faceOf(relation) === 'input') filled.add(relation.name);
  const mayFire = (rule: Rule): boolean =>
    rule.bodies.some(
      (body) => (contradictions.get(body) ?? null) === null && emptyAtom(body, filled) === null,
    );
  for (let grows = true; grows;) {
    grows = false;
    for (const rule of rules) {
      const { mode, relation } = rule.head;
      if (mode === 'delete' || filled.has(relation) || !mayFire(rule)) continue;
      filled.add(relation);
      grows = true;
    }
  }
  return filled;
}

/** What may hold tuples without any rule. A lattice value is always there, at first as bottom. */
function isGiven({ kind, builtin }: Relation): boolean {
  if (builtin !== null) return builtin !== 'halt' && builtin !== 'stdout' && builtin !== 'stderr';
  return !['channel', 'loopback', 'output', 'view'].includes(kind);
}

/** Whether no binding can satisfy the body: a condition is always false, or a variable has two values. */
export function isContradictory(body: Body): boolean {
  return contradictionIn(body) !== null;
}

function contradictionIn({ literals }: Body): Contradiction | null {
  const values = new Map<string, Value>();
  for (const literal of literals) {
    if (literal.kind === 'condition' && alwaysFalse(literal.term))
      return { span: literal.span, text: 'this condition is always false' };
    const equation = equationOf(literal);
    if (equation === null) continue;
    const known = values.get(equation.variable);
    if (known !== undefined && !sameValue(known, equation.value))
      return {
        span: literal.span,
        text: `\`${equation.variable}\` would be both ${valueText(known)} and ${valueText(equation.value)}`,
      };
    values.set(equation.variable, equation.value);
  }
  return null;
}

function isClosed(term: Term): boolean {
  switch (term.kind) {
    case 'constant':
      return true;
    case 'apply':
      return term.arguments.every(isClosed);
    default:
      return false;
  }
}

function alwaysFalse(term: Term): boolean {
  if (term.kind === 'if') {
    // `a && b` is `if a then b else false`.
    const isFalse = (part: Term): boolean => part.kind === 'constant' && part.value === false;
    return isFalse(term.else) && (alwaysFalse(term.condition) || alwaysFalse(term.then));
  }
  if (!isClosed(term)) return false;
  const result = evaluateClosed(term);
  return result.kind === 'value' && result.value === false;
}

/** The literal as `variable = constant`, if it says so. */
function equationOf(literal: Literal): { variable: string; value: Value } | null {
  if (literal.kind === 'assign')
    return literal.term.kind === 'constant'
      ? { variable: literal.variable.name, value: literal.term.value }
      : null;
  if (literal.kind !== 'condition' || literal.term.kind !== 'apply') return null;
  const { function: name, arguments: items } = literal.term;
  const [left, right] = items;
  if (name !== '==' || left === undefined || right === undefined) return null;
  if (left.kind === 'variable' && right.kind === 'constant')
    return { variable: left.name, value: right.value };
  if (left.kind === 'constant' && right.kind === 'variable')
    return { variable: right.name, value: left.value };
  return null;
}

/** As `==` sees it: an int and a float of one magnitude are equal. */
function sameValue(a: Value, b: Value): boolean {
  const magnitude = (value: Value): Value =>
    typeof value === 'object' && value !== null && value.kind === 'float' ? value.value : value;
  return equalValues(magnitude(a), magnitude(b));
}
