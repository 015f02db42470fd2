/**
 * Which literals are atoms. `p(x)` in a body reads a relation if one of that name is declared,
 * built in or a head of some clause; else it calls a builtin function; else it is an unknown
 * relation. So a relation hides the function of its name, in the whole module.
 */
import type { Span } from '../base/span.js';
import { builtinFunctions } from '../builtins/functions.js';
import type * as ast from '../syntax/ast.js';
import { isBuiltinRelation, sealedName } from './builtin-relations.js';

/** One place where a relation stands. */
export interface RelationUse {
  readonly relation: ast.Identifier;
  readonly arguments: readonly { readonly name: ast.Identifier | null }[];
  readonly role: 'fact' | 'head' | 'body';
  readonly span: Span;
}

export interface Atom {
  readonly negated: boolean;
  readonly relation: ast.Identifier;
  readonly arguments: readonly ast.Argument[];
  readonly span: Span;
}

/** Names of relations: declared, built in, or derived by some clause; and of functions, which are none. */
export class RelationNames extends Set<string> {
  /** Functions from TypeScript, and lattices defined there. */
  readonly functions = new Set<string>();
}

/** The names that the statements of a module declare or derive. */
export function relationNames(
  module: ast.Module,
  lattices: ReadonlySet<string> = new Set(),
): RelationNames {
  const names = new RelationNames();
  for (const lattice of lattices) names.functions.add(lattice);
  for (const statement of module.statements) {
    if (statement.kind === 'clause')
      for (const head of statement.heads) names.add(head.relation.text);
    else if (statement.kind === 'declaration' || statement.kind === 'periodic')
      names.add(statement.name.text);
    else if (statement.kind === 'extern') names.functions.add(statement.name.text);
  }
  return names;
}

/** The literal as an atom, or null if it is none. */
export function asAtom(literal: ast.Literal, names: ReadonlySet<string>): Atom | null {
  if (literal.kind === 'negation') return { ...literal, negated: true };
  if (literal.kind === 'sealed') {
    const { text, span } = literal.relation;
    return { ...literal, negated: false, relation: { text: sealedName(text), span } };
  }
  if (literal.kind !== 'condition') return null;
  const isNegated = literal.term.kind === 'unary' && literal.term.operator === '!';
  const call = literal.term.kind === 'unary' && isNegated ? literal.term.operand : literal.term;
  if (call.kind !== 'call' || !readsRelation(call.callee.text, names)) return null;
  return {
    negated: isNegated,
    relation: call.callee,
    arguments: call.arguments,
    span: literal.span,
  };
}

function readsRelation(name: string, names: ReadonlySet<string>): boolean {
  if (names.has(name) || isBuiltinRelation(name)) return true;
  const isExtern = names instanceof RelationNames && names.functions.has(name);
  return !isExtern && !builtinFunctions.has(name);
}

/** Every use of every relation, in source order. */
export function relationUses(
  module: ast.Module,
  names: ReadonlySet<string>,
): readonly RelationUse[] {
  const uses: RelationUse[] = [];
  for (const clause of module.statements) {
    if (clause.kind !== 'clause') {
      for (const atom of remarkAtoms(clause, names)) uses.push({ ...atom, role: 'body' });
      continue;
    }
    const role = clause.body === null ? 'fact' : 'head';
    for (const head of clause.heads)
      uses.push({ relation: head.relation, arguments: head.arguments, role, span: head.span });
    for (const conjunction of clause.body ?? []) {
      for (const literal of conjunction.literals) {
        const atom = asAtom(literal, names);
        if (atom !== null && literal.kind !== 'sealed') uses.push({ ...atom, role: 'body' });
      }
    }
  }
  return uses;
}

/** The relations that a statement about the program reads. */
function remarkAtoms(
  statement: ast.Statement,
  names: ReadonlySet<string>,
): readonly Pick<Atom, 'relation' | 'arguments' | 'span'>[] {
  if (statement.kind === 'seal')
    return [...(statement.from === null ? [] : [statement.from]), statement.when];
  if (statement.kind !== 'invariant') return [];
  return statement.body
    .flatMap(({ literals }) => literals)
    .filter(({ literal }) => literal.kind !== 'sealed')
    .flatMap(({ literal }) => asAtom(literal, names) ?? []);
}
