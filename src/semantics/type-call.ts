/**
 * Types the call of a builtin: operator, function or method. The three differ only in how they
 * are written and in the words of the errors.
 */
import type { Span } from '../base/span.js';
import { isAggregateName } from '../builtins/aggregates.js';
import { builtinFunctions, functionNamed, prefixOperators } from '../builtins/functions.js';
import type { BuiltinFunction, Signature } from '../builtins/function.js';
import type * as ast from '../syntax/ast.js';
import { adaptConstant, foldConstant } from './constants.js';
import { matchSignatures, type Match } from './match-signature.js';
import type { Term } from './program.js';
import { hasUnknown, isOpen, typeText, unknownType, widenInt } from './relate-types.js';
import {
  operandsFor,
  typeGeneral,
  typeLatticeMethod,
  typeLatticeOperator,
} from './type-lattice-call.js';
import { typeExternCall } from './type-extern-call.js';
import type { Scope } from './type-term.js';
import type { Type } from './types.js';

/** A function as the source names it; operators are named by their symbol. */
type Callee = string | (ast.Identifier & { readonly method?: boolean });
type TypeTerm = (term: ast.Term, scope: Scope) => Term;

const wordPattern = /^[A-Za-z_]/;
const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

/** The names of functions that a program can call, without operators. */
export const functionNames: readonly string[] = [...builtinFunctions.keys()].filter(
  (name) => wordPattern.test(name) && !prefixOperators.has(name) && !name.includes('.'),
);

/** The resolved call; poison (of type unknown) after an error. `typeArgument` types the operands. */
export function typeCall(
  callee: Callee,
  operands: readonly ast.Term[],
  span: Span,
  scope: Scope,
  typeArgument: TypeTerm,
): Term {
  const written = operands.map((operand) => typeArgument(operand, scope));
  const onLattice = typeOnLattice(callee, written, span, scope);
  if (onLattice !== null) return onLattice;
  const extern = typeof callee === 'string' ? undefined : scope.functions?.get(callee.text);
  if (extern !== undefined) return typeExternCall(extern, operands, written, span, scope);
  // A value of no known type, of which an error has been told, may have any method.
  const isOfPoison =
    typeof callee !== 'string' && callee.method === true && written[0]?.type.kind === 'unknown';
  const isKnown = typeof callee === 'string' || builtinFunctions.has(callee.text);
  if (isOfPoison && !isKnown) return { kind: 'wildcard', type: unknownType, span };
  const builtin = findBuiltin(callee, scope);
  if (builtin === null) return { kind: 'wildcard', type: unknownType, span };
  const typed = operandsFor(builtin, written);
  const types = typed.map((term) => term.type);
  const matches = matchSignatures(builtin.signatures, types);
  const first = matches[0];
  if (first === undefined) {
    reportMismatch(callee, builtin, typed, span, scope);
    return { kind: 'wildcard', type: unknownType, span };
  }
  if (scope.hint !== undefined) giveHints(typed, matches, builtin, scope);
  const isUncertain =
    types.some(hasUnknown) && new Set(matches.map((match) => typeText(match.result))).size > 1;
  const arguments_ = typed.map((term, i) =>
    term.kind === 'constant' ? adaptConstant(term, first.parameters[i]!) : term,
  );
  const type = isUncertain ? unknownType : first.result;
  return foldConstant({ kind: 'apply', function: builtin.name, arguments: arguments_, type, span });
}

/** The call if it is one of a lattice: a method, an operator with that meaning, `merge` or `reveal`. */
function typeOnLattice(
  callee: Callee,
  typed: readonly Term[],
  span: Span,
  scope: Scope,
): Term | null {
  if (typeof callee === 'string') return typeLatticeOperator(callee, typed, span, scope);
  if (callee.method === true) return typeLatticeMethod(callee, typed, span, scope);
  const { text } = callee;
  return text === 'merge' || text === 'reveal'
    ? typeGeneral(text, typed, span, callee.span, scope)
    : null;
}

function findBuiltin(callee: Callee, scope: Scope): BuiltinFunction | null {
  if (typeof callee === 'string') return builtinFunctions.get(callee) ?? null;
  const isLent = scope.lattices?.has(callee.text) === true;
  const named = isLent ? functionNamed(callee.text) : builtinFunctions.get(callee.text);
  const found = prefixOperators.has(callee.text) ? undefined : named;
  const asMethod = callee.method === true;
  if (found !== undefined && (!asMethod || found.method)) return found;
  if (scope.reporter.isPoison(callee.text)) return null;
  if (found !== undefined) {
    scope.reporter.error('TRL0202', callee.span, `\`${callee.text}\` is a function but no method`, {
      help: `write \`${callee.text}(...)\`, with the value before the dot as the first argument`,
    });
    return null;
  }
  const known = asMethod
    ? functionNames.filter((name) => builtinFunctions.get(name)?.method)
    : functionNames;
  scope.reporter.error(
    'TRL0202',
    callee.span,
    `there is no ${asMethod ? 'method' : 'function'} \`${callee.text}\``,
    {
      help: helpForUnknown(callee.text),
      ...(isAggregateName(callee.text) && !asMethod
        ? {}
        : scope.reporter.suggestion(callee.text, callee.span, [
            ...known,
            ...(asMethod ? [] : (scope.functions?.keys() ?? [])),
            ...(asMethod ? [] : (scope.lattices ?? [])),
          ])),
    },
  );
  return null;
}

/** What functions of other languages are called here. */
const familiar: ReadonlyMap<string, string> = new Map([
  ...['len', 'length', 'strlen', 'card'].map((name) => [name, 'size'] as const),
  ['substr', 'substring'],
  ['concat', '++'],
  ['str', 'to_string'],
  ['toString', 'to_string'],
  ['int', 'to_int'],
  ['float', 'to_float'],
  ['lower', 'to_lower'],
  ['upper', 'to_upper'],
]);

function helpForUnknown(name: string): string {
  const known = familiar.get(name);
  if (known !== undefined) return `here that is \`${known}\``;
  if (isAggregateName(name))
    return `\`${name}\` is an aggregate: write \`${name}<...>\` as a whole argument of a head`;
  const operator = prefixOperators.get(name);
  return operator === undefined
    ? '`trellis explain functions` lists all there are'
    : `write \`${operator}(...)\``;
}

/** What the operands tell about variables whose type is still open. */
function giveHints(
  typed: readonly Term[],
  matches: readonly Match[],
  builtin: BuiltinFunction,
  scope: Scope,
): void {
  for (const [i, term] of typed.entries()) {
    if (term.kind !== 'variable' || !isOpen(term.type)) continue;
    const wanted = matches.map((match) => widenInt(match.parameters[i]!));
    const agreed = wanted.every((type) => typeText(type) === typeText(wanted[0]!))
      ? wanted[0]!
      : siblingType(typed, i, builtin);
    if (agreed !== null && agreed.kind !== 'any' && !isOpen(agreed))
      scope.hint?.(term.name, agreed, term.span);
  }
}

/** Beside an int, arithmetic and comparison are most likely about ints. */
function siblingType(typed: readonly Term[], index: number, builtin: BuiltinFunction): Type | null {
  if (wordPattern.test(builtin.name) || typed.length !== 2) return null;
  const sibling = typed[1 - index]!.type;
  return sibling.kind === 'int' || sibling.kind === 'nat' || sibling.kind === 'float'
    ? widenInt(sibling)
    : null;
}

function reportMismatch(
  callee: Callee,
  builtin: BuiltinFunction,
  typed: readonly Term[],
  span: Span,
  scope: Scope,
): void {
  if (typed.some((term) => term.type.kind === 'unknown' && scope.hint !== undefined)) return;
  if (typed.some(holdsPoison)) return;
  const isOperator = typeof callee === 'string';
  const shown = isOperator ? (prefixOperators.get(callee) ?? callee) : callee.text;
  const given = typed.map((term) => typeText(term.type));
  const counts = [...new Set(builtin.signatures.map((signature) => signature.parameters.length))];
  const wrongCount = !counts.includes(typed.length);
  const message = wrongCount
    ? `\`${shown}\` takes ${counts.join(' or ')} ${counts.length === 1 && counts[0] === 1 ? 'argument' : 'arguments'}, not ${typed.length}`
    : `\`${shown}\` does not take ${given.join(' and ')}`;
  scope.reporter.error('TRL0312', isOperator ? span : callee.span, message, {
    secondary: wrongCount
      ? []
      : typed.map((term) => ({ span: term.span, text: `this is ${typeText(term.type)}` })),
    notes: [
      `it is ${[...new Set(builtin.signatures.map((signature) => signatureText(shown, signature, isOperator)))].join('; ')}`,
    ],
    help:
      mismatchHelp(shown, typed) ??
      `write ${signatureText(shown, builtin.signatures[0]!, isOperator)}`,
  });
}

/** Whether an error has been told of a part of the term. */
function holdsPoison(term: Term): boolean {
  return term.kind === 'tuple' && term.items.some((item) => item.kind === 'wildcard');
}

function signatureText(name: string, signature: Signature, isOperator: boolean): string {
  const { parameters, result } = signature;
  if (!isOperator) return `${name}(${parameters.join(', ')}): ${result}`;
  return parameters.length === 2
    ? `${parameters[0]} ${name} ${parameters[1]}: ${result}`
    : `${name}${parameters[0]}: ${result}`;
}

function mismatchHelp(name: string, typed: readonly Term[]): string | null {
  const kinds = typed.map((term) => term.type.kind);
  if (name === '+' && kinds.includes('string'))
    return 'strings are joined with `++`; `to_string(x)` makes a string of any value';
  if (name === '++') return 'make a string of the other side first: `to_string(x)`';
  if (kinds.includes('any') && name !== '==' && name !== '!=')
    return 'declare the type of the column that the value comes from';
  if (kinds.includes('addr') && kinds.includes('string'))
    return 'declare both columns `addr` if both are names of nodes';
  if (comparisons.has(name))
    return 'convert one side to the type of the other: `to_int(x)`, `to_float(x)`, `to_string(x)`';
  return null;
}
