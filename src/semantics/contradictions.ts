/**
 * Bodies that nothing satisfies, whatever their relations hold, as far as it is plain to see:
 *
 * - a condition that is false, by itself or of what other literals say that its variables are;
 * - a variable with two values, or with a lower bound above its upper one;
 * - a member of what is empty;
 * - a tuple that is asked for and denied.
 *
 * Both the warning about rules that never fire and the analysis, which leaves such rules out, rely
 * on it: what is found here is so for every binding. Expressions that may fail are no concern of this file.
 */
import type { Span } from '../base/span.js';
import { equalValues, isFloat, isInt, type Value } from '../base/value.js';
import { valueText } from '../base/value-text.js';
import { functionNamed } from '../builtins/functions.js';
import { evaluateClosed, isClosed } from './constants.js';
import type { AtomArgument, Body, Constant, Literal, Term, Variable } from './program.js';

export interface Contradiction {
  /** Where it is told. */
  readonly span: Span;
  readonly text: string;
  /** The literals that make it. */
  readonly parts: readonly Span[];
}

/** Whether no binding can satisfy the body. */
export function isContradictory(body: Body): boolean {
  return contradictionIn(body) !== null;
}

/** The first contradiction of a body. */
export function contradictionIn({ literals }: Body): Contradiction | null {
  return new Contradictions(literals).first();
}

type Atom = Literal & { readonly kind: 'atom' };
interface Known {
  readonly constant: Constant;
  readonly span: Span;
}
interface Bound {
  readonly value: Value;
  readonly isStrict: boolean;
  readonly text: string;
  readonly span: Span;
}
interface Bounds {
  lower: Bound | null;
  upper: Bound | null;
}

class Contradictions {
  readonly #literals: readonly Literal[];
  /** What variables equal. */
  readonly #known = new Map<string, Known>();
  readonly #bounds = new Map<string, Bounds>();

  constructor(literals: readonly Literal[]) {
    this.#literals = literals;
  }

  first(): Contradiction | null {
    // Equations first: a condition may stand before the one that it contradicts.
    return (
      this.#find((literal) => this.#equate(literal)) ??
      this.#find((literal) => this.#judge(literal)) ??
      this.#find((literal) => this.#confine(literal)) ??
      this.#find((literal) => this.#deny(literal))
    );
  }

  #find(look: (literal: Literal) => Contradiction | null): Contradiction | null {
    for (const literal of this.#literals) {
      const found = look(literal);
      if (found !== null) return found;
    }
    return null;
  }

  #equate(literal: Literal): Contradiction | null {
    for (const { variable, constant } of equationsOf(literal)) {
      const known = this.#known.get(variable.name);
      if (known === undefined) {
        this.#known.set(variable.name, { constant, span: literal.span });
      } else if (!compares('==', known.constant.value, constant.value)) {
        const [a, b] = [valueText(known.constant.value), valueText(constant.value)];
        const text = `\`${variable.name}\` would be both ${a} and ${b}`;
        return { span: literal.span, text, parts: [known.span, literal.span] };
      }
    }
    return null;
  }

  /** A condition that is false, or a member of nothing. */
  #judge(literal: Literal): Contradiction | null {
    const { span } = literal;
    const parts = new Set([span]);
    const fill = (term: Term): Term => this.#filled(term, parts);
    if (literal.kind === 'condition' && alwaysFalse(literal.term, fill))
      return {
        span,
        text: `this condition is always false${parts.size > 1 ? ', by what stands beside it' : ''}`,
        parts: [...parts],
      };
    if (literal.kind === 'member' && !literal.negated && isEmpty(fill(literal.collection)))
      return { span, text: 'nothing is in what is empty', parts: [...parts] };
    return null;
  }

  /** The term with what is known of its variables in their place; notes where it is known from. */
  #filled(term: Term, parts: Set<Span>): Term {
    const fill = (inner: Term): Term => this.#filled(inner, parts);
    switch (term.kind) {
      case 'variable': {
        const known = this.#known.get(term.name);
        // An int and a float are equal and yet two values, so functions may tell them apart.
        if (known === undefined || !isOfType(known.constant.value, term)) return term;
        parts.add(known.span);
        return known.constant;
      }
      case 'apply':
        return { ...term, arguments: term.arguments.map(fill) };
      case 'if':
        return {
          ...term,
          condition: fill(term.condition),
          then: fill(term.then),
          else: fill(term.else),
        };
      default:
        return term;
    }
  }

  /** A lower bound above an upper one. */
  #confine(literal: Literal): Contradiction | null {
    if (literal.kind !== 'condition') return null;
    for (const term of conjuncts(literal.term)) {
      const found = boundOf(term, literal.span);
      if (found === null) continue;
      const { variable, side, bound } = found;
      const bounds = this.#bounds.get(variable.name) ?? { lower: null, upper: null };
      this.#bounds.set(variable.name, bounds);
      bounds[side] = tighter(side, bounds[side], bound);
      const { lower, upper } = bounds;
      if (lower === null || upper === null || leavesRoom(lower, upper)) continue;
      const text = `no \`${variable.name}\` is both ${lower.text} and ${upper.text}`;
      return { span: literal.span, text, parts: [lower.span, upper.span] };
    }
    return null;
  }

  /** A tuple that is asked for and denied. */
  #deny(denied: Literal): Contradiction | null {
    if (denied.kind !== 'atom' || !denied.negated) return null;
    const asked = this.#literals.find(
      (literal): literal is Atom =>
        literal.kind === 'atom' &&
        !literal.negated &&
        literal.relation === denied.relation &&
        literal.arguments.every((argument, i) => isSame(argument, denied.arguments[i]!)),
    );
    if (asked === undefined) return null;
    const text = `the body asks for this tuple of \`${denied.relation}\` and denies it`;
    return { span: denied.span, text, parts: [asked.span, denied.span] };
  }
}

/** Whether what is denied matches each tuple that is asked for. */
function isSame(asked: AtomArgument, denied: AtomArgument): boolean {
  if (denied.kind === 'wildcard') return true;
  if (denied.kind === 'variable') return asked.kind === 'variable' && asked.name === denied.name;
  return asked.kind === 'constant' && equalValues(asked.value, denied.value);
}

/** The comparison operators as programs know them: an int and a float of one magnitude are equal. */
function compares(operator: string, a: Value, b: Value): boolean {
  return functionNamed(operator)!.evaluate(a, b) === true;
}

function isOfType(value: Value, { type }: Variable): boolean {
  switch (type.kind) {
    case 'int':
    case 'nat':
      return isInt(value);
    case 'float':
      return isFloat(value);
    case 'string':
    case 'addr':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    default:
      return false;
  }
}

/** `a && b` is `if a then b else false`. */
function conjuncts(term: Term): readonly Term[] {
  if (term.kind !== 'if' || !isConstant(term.else, false)) return [term];
  return [...conjuncts(term.condition), ...conjuncts(term.then)];
}

function isConstant(term: Term, value: boolean): boolean {
  return term.kind === 'constant' && term.value === value;
}

function alwaysFalse(term: Term, fill: (term: Term) => Term): boolean {
  if (term.kind === 'if') {
    const { condition, then, else: otherwise } = term;
    return (
      alwaysFalse(otherwise, fill) && (alwaysFalse(condition, fill) || alwaysFalse(then, fill))
    );
  }
  // What is known is filled in only where it decides, so that only that is named.
  const whole = isClosed(term) ? term : fill(term);
  if (!isClosed(whole)) return false;
  const result = evaluateClosed(whole);
  return result.kind === 'value' && result.value === false;
}

function isEmpty(collection: Term): boolean {
  if (!isClosed(collection)) return false;
  const result = evaluateClosed(collection);
  if (result.kind !== 'value' || result.value === null || typeof result.value !== 'object')
    return false;
  const { value } = result;
  if (value.kind === 'list' || value.kind === 'set') return value.items.length === 0;
  return value.kind === 'map' && value.entries.length === 0;
}

interface Equation {
  readonly variable: Variable;
  readonly constant: Constant;
}

/** What the literal says a variable is. */
function equationsOf(literal: Literal): readonly Equation[] {
  if (literal.kind === 'assign')
    return literal.term.kind === 'constant'
      ? [{ variable: literal.variable, constant: literal.term }]
      : [];
  if (literal.kind !== 'condition') return [];
  return conjuncts(literal.term).flatMap((term) => {
    const sides = sidesOf(term);
    return sides?.operator === '==' ? [sides] : [];
  });
}

const mirrored: Readonly<Record<string, string>> = {
  '==': '==',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** A comparison of a variable with a constant, the variable on the left. */
function sidesOf(term: Term): (Equation & { readonly operator: string }) | null {
  if (term.kind !== 'apply' || mirrored[term.function] === undefined) return null;
  const [left, right] = term.arguments;
  if (left?.kind === 'variable' && right?.kind === 'constant')
    return { variable: left, constant: right, operator: term.function };
  if (left?.kind === 'constant' && right?.kind === 'variable')
    return { variable: right, constant: left, operator: mirrored[term.function]! };
  return null;
}

interface FoundBound {
  readonly variable: Variable;
  readonly side: 'lower' | 'upper';
  readonly bound: Bound;
}

function boundOf(term: Term, span: Span): FoundBound | null {
  const sides = sidesOf(term);
  if (sides === null || sides.operator === '==') return null;
  const { variable, constant, operator } = sides;
  const side = operator.startsWith('>') ? 'lower' : 'upper';
  const isStrict = operator.length === 1;
  const text = `${operator} ${valueText(constant.value)}`;
  return {
    variable,
    side,
    bound: { ...wholeBound(variable, side, constant, isStrict), text, span },
  };
}

/** Of whole numbers `> 3` says `>= 4`. */
function wholeBound(
  { type }: Variable,
  side: 'lower' | 'upper',
  { value }: Constant,
  isStrict: boolean,
): Pick<Bound, 'value' | 'isStrict'> {
  const isWhole = (type.kind === 'int' || type.kind === 'nat') && isInt(value);
  const next = isWhole ? value + (side === 'lower' ? 1 : -1) : null;
  return isStrict && next !== null && isInt(next)
    ? { value: next, isStrict: false }
    : { value, isStrict };
}

function tighter(side: 'lower' | 'upper', old: Bound | null, found: Bound): Bound {
  if (old === null) return found;
  if (compares('==', old.value, found.value)) return old.isStrict ? old : found;
  return compares(side === 'lower' ? '>' : '<', found.value, old.value) ? found : old;
}

function leavesRoom(lower: Bound, upper: Bound): boolean {
  if (compares('==', lower.value, upper.value)) return !lower.isStrict && !upper.isStrict;
  return compares('<', lower.value, upper.value);
}
