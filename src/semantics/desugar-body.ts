/**
 * Takes a body apart: afterwards an atom's argument is a variable, a closed term or a wildcard,
 * and what the user wrote there stands beside it.
 *
 * In a positive atom a tuple or list of variables is a pattern: `p((x, y))` is `p(v), (x, y) = v`.
 * Any other expression is an equality test: `p(x + 1)` is `p(v), v == x + 1`; the test comes after
 * the atom, so that a failing expression counts only for tuples that are there. A negated atom
 * needs the value first: `notin p(x + 1)` is `v = x + 1, notin p(v)`.
 */
import type { Span } from '../base/span.js';
import type * as ast from '../syntax/ast.js';
import { LatticeJoins } from './lattice-joins.js';
import { isLatticeType } from './lattice-shape.js';
import type { ArgumentDraft, LiteralDraft, PatternDraft } from './draft.js';
import { expandArguments } from './expand-arguments.js';
import { isMadeUp, type NameSource } from './made-up-names.js';
import { asAtom, type Atom } from './relation-uses.js';
import type { Relations } from './resolve-relations.js';
import type { Reporter } from './reporter.js';
import type { Type } from './types.js';
import { freeNames, isClosedTerm } from './walk-terms.js';

/** What the names of a module stand for. */
export interface Names {
  readonly relations: Relations;
  /** Names that are relations wherever they stand in a literal's place. */
  readonly relationNames: ReadonlySet<string>;
  readonly isConstant: (name: string) => boolean;
  readonly source: NameSource;
}

/** The body's literals in source order, each beside what was taken out of it. */
export function desugarBody(
  literals: readonly ast.Literal[],
  names: Names,
  reporter: Reporter,
): readonly LiteralDraft[] {
  const out: LiteralDraft[] = [];
  const joins = new LatticeJoins(literals, names);
  for (const literal of literals) new LiteralDesugarer(names, reporter, out, joins).add(literal);
  return out;
}

class LiteralDesugarer {
  readonly #names: Names;
  readonly #reporter: Reporter;
  readonly #out: LiteralDraft[];
  readonly #joins: LatticeJoins;
  /** Literals that follow the one at hand. */
  readonly #after: LiteralDraft[] = [];

  constructor(names: Names, reporter: Reporter, out: LiteralDraft[], joins: LatticeJoins) {
    this.#names = names;
    this.#reporter = reporter;
    this.#out = out;
    this.#joins = joins;
  }

  add(literal: ast.Literal): void {
    const atom = asAtom(literal, this.#names.relationNames);
    if (atom !== null) this.#addAtom(atom);
    else if (literal.kind === 'condition') this.#out.push(literal);
    else if (literal.kind === 'binding') this.#addBinding(literal);
    else if (literal.kind === 'membership') this.#addMembership(literal);
    this.#out.push(...this.#after);
  }

  #addAtom(atom: Atom): void {
    const relation = this.#names.relations.get(atom.relation.text) ?? null;
    const row =
      relation === null
        ? null
        : expandArguments(relation, atom.arguments, atom.span, this.#reporter);
    if (relation === null || row === null) {
      const variables = atom.arguments.flatMap(({ term }) =>
        freeNames(term, this.#names.isConstant),
      );
      const poison = variables.map((use): ArgumentDraft => ({ kind: 'variable', ...use }));
      this.#out.push({
        kind: 'atom',
        negated: false,
        relation: null,
        arguments: poison,
        span: atom.span,
      });
      return;
    }
    const ofTerm = (term: ast.Term, type: Type): ArgumentDraft => {
      if (isLatticeType(type)) return this.#latticeArgument(term, type, atom.negated);
      return atom.negated ? this.#inputArgument(term) : this.#argument(term);
    };
    const arguments_ = row.map((argument, i): ArgumentDraft =>
      argument === null
        ? { kind: 'wildcard', span: atom.span }
        : ofTerm(argument.term, relation.columns[i]!.type),
    );
    this.#out.push({
      kind: 'atom',
      negated: atom.negated,
      relation,
      arguments: arguments_,
      span: atom.span,
    });
  }

  #simple(term: ast.Term): ArgumentDraft | null {
    if (term.kind === 'wildcard') return { kind: 'wildcard', span: term.span };
    if (isClosedTerm(term, this.#names.isConstant))
      return { kind: 'constant', term, span: term.span };
    return term.kind === 'name' ? { kind: 'variable', name: term.text, span: term.span } : null;
  }

  #argument(term: ast.Term): ArgumentDraft {
    const simple = this.#simple(term);
    if (simple !== null) return simple;
    const variable = this.#fresh(term.span);
    if (term.kind === 'tuple' || term.kind === 'list') {
      this.#after.unshift({
        kind: 'match',
        pattern: this.#pattern(term),
        term: nameTerm(variable),
        span: term.span,
      });
    } else this.#test(variable, term);
    return variable;
  }

  /**
   * In a lattice column a value is compared, not matched: `best(k, 5)` is `best(k, v), v == 5`, and
   * `best(k, v), q(v)` is `best(k, w), q(v), w == v`. A negated atom needs a value of the lattice.
   */
  #latticeArgument(term: ast.Term, type: Type, negated: boolean): ArgumentDraft {
    if (term.kind === 'wildcard') return { kind: 'wildcard', span: term.span };
    if (negated) {
      // Of a printed program the value is there already.
      if (term.kind === 'name' && isMadeUp(term.text))
        return { kind: 'variable', name: term.text, span: term.span };
      const variable = this.#fresh(term.span);
      this.#out.push({ kind: 'bind', variable, term: madeLattice(term, type), span: term.span });
      return variable;
    }
    if (term.kind === 'tuple') return this.#argument(term);
    const isVariable = term.kind === 'name' && !this.#names.isConstant(term.text);
    if (isVariable && this.#joins.binds(term.text))
      return { kind: 'variable', name: term.text, span: term.span };
    const variable = this.#fresh(term.span);
    this.#test(variable, term);
    return variable;
  }

  /** An argument whose value must be known before the literal. */
  #inputArgument(term: ast.Term): ArgumentDraft {
    const simple = this.#simple(term);
    if (simple !== null) return simple;
    const variable = this.#fresh(term.span);
    this.#out.push({ kind: 'bind', variable, term, span: term.span });
    return variable;
  }

  #pattern(term: ast.Term, isInput = false): PatternDraft {
    const simple = this.#simple(term);
    if (simple !== null) return simple;
    if (term.kind === 'tuple' || term.kind === 'list') {
      return {
        kind: 'pattern',
        shape: term.kind,
        items: term.items.map((item) => this.#pattern(item, isInput)),
        span: term.span,
      };
    }
    if (isInput) return this.#inputArgument(term);
    const variable = this.#fresh(term.span);
    this.#test(variable, term);
    return variable;
  }

  #addBinding(literal: ast.Literal & { kind: 'binding' }): void {
    const { pattern, term, span } = literal;
    const simple = this.#simple(pattern);
    if (simple?.kind === 'variable') {
      this.#out.push({ kind: 'bind', variable: simple, term, span });
    } else if (
      simple?.kind === 'wildcard' ||
      (simple === null && (pattern.kind === 'tuple' || pattern.kind === 'list'))
    ) {
      this.#out.push({ kind: 'match', pattern: this.#pattern(pattern), term, span });
    } else if (this.#simple(term)?.kind === 'variable') {
      this.#out.push({
        kind: 'bind',
        variable: this.#simple(term) as ArgumentDraft & { kind: 'variable' },
        term: pattern,
        span,
      });
    } else this.#out.push(equality(pattern, term, span));
  }

  #addMembership(literal: ast.Literal & { kind: 'membership' }): void {
    const { negated, collection, span } = literal;
    const pattern = this.#pattern(literal.pattern, negated);
    this.#out.push({ kind: 'member', negated, pattern, collection, span });
  }

  #test(variable: ArgumentDraft & { kind: 'variable' }, term: ast.Term): void {
    this.#after.push(equality(nameTerm(variable), term, term.span));
  }

  #fresh(span: Span): ArgumentDraft & { kind: 'variable' } {
    return { kind: 'variable', name: this.#names.source.fresh(), span };
  }
}

/** A term as a value of the lattice: plain values of these are wrapped, lattice values stay. */
function madeLattice(term: ast.Term, type: Type): ast.Term {
  const wraps = type.kind === 'lattice' && !['lmap', 'ldom'].includes(type.name);
  if (!wraps) return term;
  const callee = { text: type.name, span: term.span };
  return { kind: 'call', callee, arguments: [{ name: null, term }], span: term.span };
}

/** A variable as a term. */
export function nameTerm(use: { readonly name: string; readonly span: Span }): ast.Term {
  return { kind: 'name', text: use.name, span: use.span };
}

/** The condition that two terms are equal. */
export function equality(left: ast.Term, right: ast.Term, span: Span): LiteralDraft {
  return { kind: 'condition', term: { kind: 'binary', operator: '==', left, right, span }, span };
}
