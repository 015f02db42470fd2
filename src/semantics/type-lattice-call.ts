/**
 * Calls on lattice values. Methods go to the lattice of their receiver; `>=`, `+` and the like on
 * `lmax` and `lmin` are methods in another dress; any other function sees the plain value, which is
 * an implicit `reveal`. The resolved term says so openly, so that strata, analysis and evaluation
 * meet lattices in three forms only: constructors, methods called `lset.size`, and `reveal`.
 */
import type { Span } from '../base/span.js';
import type { BuiltinFunction } from '../builtins/function.js';
import { builtinFunctions } from '../builtins/functions.js';
import { isLatticeFunction, latticeMethod, latticeMethodNames } from '../builtins/lattice.js';
import type { LatticeMethod } from '../lattice/lattice.js';
import type * as ast from '../syntax/ast.js';
import { adaptConstant, foldConstant } from './constants.js';
import { holdsLattice, isLatticeType } from './lattice-shape.js';
import { bottomOf, latticeTerm, revealedType } from './lattice-types.js';
import { matchSignature, type Match } from './match-signature.js';
import type { Term } from './program.js';
import { boolType, typeText, unknownType } from './relate-types.js';
import type { Scope } from './type-term.js';
import type { Type } from './types.js';

/** The term where a plain value is asked for: lattice values in it are revealed. */
export function plainTerm(term: Term): Term {
  if (!isLatticeType(term.type) && !(term.type.kind === 'tuple' && holdsLattice(term.type)))
    return term;
  if (term.kind === 'tuple') {
    const items = term.items.map(plainTerm);
    return { ...term, items, type: { kind: 'tuple', items: items.map((item) => item.type) } };
  }
  return {
    kind: 'apply',
    function: 'reveal',
    arguments: [term],
    type: revealedType(term.type),
    span: term.span,
  };
}

/** A condition: an `lbool` asks whether it is true by now, which it stays. */
export function guardTerm(term: Term): Term {
  if (term.type.kind !== 'lattice' || term.type.name !== 'lbool') return term;
  const { span } = term;
  return { kind: 'apply', function: 'lbool.when_true', arguments: [term], type: boolType, span };
}

/** What methods are looked up under; null for a type that is no lattice. */
function latticeKey(type: Type): string | null {
  if (type.kind === 'lattice') return type.name;
  return isLatticeType(type) && type.kind === 'tuple' && type.items.length === 2 ? 'pair' : null;
}

/**
 * A method call on a lattice value: the call, poison after an error, or null for a function that is
 * no method of this lattice and takes the plain value.
 */
export function typeLatticeMethod(
  name: ast.Identifier,
  typed: readonly Term[],
  span: Span,
  scope: Scope,
): Term | null {
  const receiver = typed[0]!;
  if (!isLatticeType(receiver.type)) return null;
  const key = latticeKey(receiver.type);
  if (name.text === 'merge' || name.text === 'reveal')
    return typeGeneral(name.text, typed, span, name.span, scope);
  const found = key === null ? undefined : latticeMethod(key, name.text);
  if (found !== undefined)
    return applyMethod(`${key!}.${name.text}`, found, typed, { span, name: name.span }, scope);
  if (builtinFunctions.get(name.text)?.method === true) return null;
  const known = key === null ? ['merge', 'reveal'] : latticeMethodNames(key);
  scope.reporter.error(
    'TRL0202',
    name.span,
    `${typeText(receiver.type)} has no method \`${name.text}\``,
    {
      help: `its methods are ${[...known].sort().join(', ')}`,
      ...scope.reporter.suggestion(name.text, name.span, known),
    },
  );
  return poison(span);
}

function poison(span: Span): Term {
  return { kind: 'wildcard', type: unknownType, span };
}

/** `merge` and `reveal`, which every lattice has. */
export function typeGeneral(
  name: 'merge' | 'reveal',
  typed: readonly Term[],
  span: Span,
  nameSpan: Span,
  scope: Scope,
): Term {
  const [first, second, ...others] = typed;
  const wanted = name === 'merge' ? 2 : 1;
  const isCount =
    first !== undefined && (second === undefined) === (wanted === 1) && others.length === 0;
  if (typed.some((term) => term.type.kind === 'unknown')) return poison(span);
  if (isCount && isLatticeType(first.type)) {
    if (second === undefined) return { ...plainTerm(first), span };
    const other = latticeTerm(second, first.type);
    const match = matchSignature({ parameters: ['L', 'L'], result: 'L' }, [first.type, other.type]);
    if (match !== null) return call('merge', [first, other], match, span);
  }
  scope.reporter.error(
    'TRL0312',
    nameSpan,
    isCount
      ? `\`${name}\` does not take ${typed.map((term) => typeText(term.type)).join(' and ')}`
      : `\`${name}\` takes ${wanted} ${wanted === 1 ? 'argument' : 'arguments'}, not ${typed.length}`,
    {
      secondary: typed.map((term) => ({ span: term.span, text: `this is ${typeText(term.type)}` })),
      help:
        name === 'reveal'
          ? 'only lattice values are revealed; a plain value is used as it is'
          : 'merge two values of one lattice type',
    },
  );
  return poison(span);
}

function call(name: string, arguments_: readonly Term[], match: Match, span: Span): Term {
  const adapted = arguments_.map((term, i) =>
    term.kind === 'constant' && match.parameters[i] !== undefined
      ? adaptConstant(term, match.parameters[i])
      : term,
  );
  return foldConstant({
    kind: 'apply',
    function: name,
    arguments: adapted,
    type: match.result,
    span,
  });
}

/** A method with its arguments as it wants them: plain ones revealed, lattice ones made. */
function applyMethod(
  name: string,
  method: LatticeMethod,
  typed: readonly Term[],
  spans: { readonly span: Span; readonly name: Span },
  scope: Scope,
): Term {
  const receiver = typed[0]!;
  for (const signature of method.signatures) {
    const arguments_ = typed.map((term, i) => {
      const parameter = signature.parameters[i];
      if (i === 0 || parameter === undefined) return term;
      if (method.monotonicity[i] === 'plain') return plainTerm(term);
      const wanted = matchSignature({ parameters: [signature.parameters[0]!], result: parameter }, [
        receiver.type,
      ]);
      return wanted === null ? term : latticeTerm(term, wanted.result);
    });
    const lacks = method.takesBottom && typed.length === signature.parameters.length - 1;
    const parameters = lacks ? signature.parameters.slice(0, -1) : signature.parameters;
    const types = arguments_.map((term) => term.type);
    const match = matchSignature({ parameters, result: signature.result }, types);
    if (match === null) continue;
    if (!lacks) return call(name, arguments_, match, spans.span);
    const value = bottomOf(match.result);
    if (value === null) return poison(spans.span);
    const bottom: Term = { kind: 'constant', value, type: match.result, span: spans.span };
    return call(name, [...arguments_, bottom], match, spans.span);
  }
  if (!typed.some((term) => term.type.kind === 'unknown'))
    reportMisuse(name, method, typed, spans.name, scope);
  return poison(spans.span);
}

function reportMisuse(
  name: string,
  method: LatticeMethod,
  typed: readonly Term[],
  span: Span,
  scope: Scope,
): void {
  const word = name.slice(name.indexOf('.') + 1);
  const { parameters, result } = method.signatures[0]!;
  const shown = method.takesBottom ? parameters.slice(1, -1) : parameters.slice(1);
  const given = typed.slice(1);
  const written = `x.${word}(${shown.join(', ')})`;
  scope.reporter.error(
    'TRL0312',
    span,
    given.length === shown.length
      ? `\`${word}\` of ${typeText(typed[0]!.type)} does not take ${given.map((term) => typeText(term.type)).join(' and ')}`
      : `\`${word}\` takes ${shown.length} ${shown.length === 1 ? 'argument' : 'arguments'}, not ${given.length}`,
    {
      secondary: given.map((term) => ({ span: term.span, text: `this is ${typeText(term.type)}` })),
      notes: [`it is ${written}: ${result} for x of type ${parameters[0]!}`],
      help: `write ${written}`,
    },
  );
}

const flipped: Readonly<Record<string, string>> = { '>=': '<=', '>': '<', '<=': '>=', '<': '>' };
const thresholds: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  lmax: { '>=': 'at_least', '>': 'above' },
  lmin: { '<=': 'at_most', '<': 'below' },
};

/** An operator on `lmax` or `lmin` that is one of their methods; null for every other. */
export function typeLatticeOperator(
  symbol: string,
  typed: readonly Term[],
  span: Span,
  scope: Scope,
): Term | null {
  const [left, right] = typed;
  if (left === undefined || right === undefined) return null;
  const named = (term: Term): string | null =>
    term.type.kind === 'lattice' && (term.type.name === 'lmax' || term.type.name === 'lmin')
      ? term.type.name
      : null;
  const apply = (lattice: string, word: string, operands: readonly Term[]): Term => {
    const found = latticeMethod(lattice, word)!;
    return applyMethod(`${lattice}.${word}`, found, operands, { span, name: span }, scope);
  };
  const [ofLeft, ofRight] = [named(left), named(right)];
  if (symbol === '+' && ofLeft !== null && ofLeft === ofRight)
    return apply(ofLeft, 'sum', [left, right]);
  if (symbol === '+' && ofLeft !== null) return apply(ofLeft, 'plus', [left, right]);
  if (symbol === '+' && ofRight !== null) return apply(ofRight, 'plus', [right, left]);
  if (symbol === '-' && ofLeft !== null) return apply(ofLeft, 'minus', [left, right]);
  const here = ofLeft === null ? undefined : thresholds[ofLeft]?.[symbol];
  if (here !== undefined) return apply(ofLeft!, here, [left, right]);
  const there = ofRight === null ? undefined : thresholds[ofRight]?.[flipped[symbol] ?? ''];
  return there === undefined ? null : apply(ofRight!, there, [right, left]);
}

/** Operands as a function takes them: as they are for one over lattices, else plain. */
export function operandsFor(builtin: BuiltinFunction, typed: readonly Term[]): readonly Term[] {
  return isLatticeFunction(builtin.name) ? typed : typed.map(plainTerm);
}
