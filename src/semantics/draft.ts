/**
 * Clauses on their way from syntax to program: names resolved, arguments expanded to full arity,
 * bodies taken apart into normal form, terms still untyped.
 *
 * An atom whose relation is null is poison: an error about it has been reported; its variables
 * count as bound, with unknown types.
 */
import type { Span } from '../base/span.js';
import type * as ast from '../syntax/ast.js';
import type { HeadMode } from './program.js';
import type { RelationDraft } from './relation-draft.js';

/** A variable where it stands. */
export interface NameUse {
  readonly name: string;
  readonly span: Span;
}
export type ArgumentDraft =
  | { readonly kind: 'variable'; readonly name: string; readonly span: Span }
  /** A closed term. */
  | { readonly kind: 'constant'; readonly term: ast.Term; readonly span: Span }
  | { readonly kind: 'wildcard'; readonly span: Span };

export type PatternDraft =
  | ArgumentDraft
  | {
      readonly kind: 'pattern';
      readonly shape: 'tuple' | 'list';
      readonly items: readonly PatternDraft[];
      readonly span: Span;
    };

export type AtomDraft = {
  readonly kind: 'atom';
  readonly negated: boolean;
  readonly relation: RelationDraft | null;
  readonly arguments: readonly ArgumentDraft[];
  readonly span: Span;
};
export type LiteralDraft =
  | AtomDraft
  | { readonly kind: 'condition'; readonly term: ast.Term; readonly span: Span }
  /** `x = e`; once bodies are ordered, only where it binds `x`. */
  | {
      readonly kind: 'bind';
      readonly variable: NameUse;
      readonly term: ast.Term;
      readonly span: Span;
    }
  | {
      readonly kind: 'match';
      readonly pattern: PatternDraft;
      readonly term: ast.Term;
      readonly span: Span;
    }
  | {
      readonly kind: 'member';
      readonly negated: boolean;
      readonly pattern: PatternDraft;
      readonly collection: ast.Term;
      readonly span: Span;
    };

export interface BodyDraft {
  /** In an order in which each literal's inputs are bound before it. */
  readonly literals: readonly LiteralDraft[];
  /** Every variable that the body binds, or that was reported as unbound. */
  readonly bound: ReadonlySet<string>;
  readonly span: Span;
}

export type HeadArgumentDraft = ast.HeadArgument | { readonly kind: 'left-out' };

export interface HeadDraft {
  readonly relation: RelationDraft;
  readonly mode: HeadMode;
  /** One a column; null after an error in them. */
  readonly arguments: readonly HeadArgumentDraft[] | null;
  readonly source: ast.Head;
}

export interface ClauseDraft {
  /** The label, or `relation#n`. */
  readonly name: string;
  readonly labelled: boolean;
  readonly heads: readonly HeadDraft[];
  /** Null for facts. */
  readonly bodies: readonly BodyDraft[] | null;
  readonly source: ast.Clause;
}

/** The variables of a pattern, in order. */
export function patternVariables(pattern: PatternDraft): readonly NameUse[] {
  if (pattern.kind === 'variable') return [pattern];
  return pattern.kind === 'pattern' ? pattern.items.flatMap(patternVariables) : [];
}

/** The variables of an atom, in order. */
export function atomVariables(atom: AtomDraft): readonly NameUse[] {
  return atom.arguments.filter((argument) => argument.kind === 'variable');
}

export function isAggregated(head: HeadDraft): boolean {
  return head.source.arguments.some((argument) => argument.kind === 'aggregate');
}
