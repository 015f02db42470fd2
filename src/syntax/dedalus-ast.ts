/**
 * The abstract syntax of `.ded` text: what the Dedalus dialect says with words of its own. Terms,
 * aggregates and declarations are those of `.bloom`; heads and literals differ in that a head may
 * carry a point in time (`begin("C", "x")@1`) and a literal may ask about one (`p(x)@1`).
 *
 * Printing and parsing again gives the same tree, spans apart.
 *
 * (Alvaro, Marczak, Conway, Hellerstein, Maier and Sears, Dedalus: Datalog in Time and Space,
 * 2011; Alvaro, Rosen and Hellerstein, Lineage-driven Fault Injection, 2015.)
 */
import type { SourceFile, Span } from '../base/span.js';
import type { Declaration, HeadArgument, Identifier, Term } from './ast.js';

export interface DedalusModule {
  readonly file: SourceFile;
  readonly statements: readonly DedalusStatement[];
}
export type DedalusStatement = Declaration | DedalusInclude | DedalusClause;

/** `include "file";` */
export interface DedalusInclude {
  readonly kind: 'include';
  readonly path: string;
  readonly span: Span;
}

/** A rule, or with a null body a fact. */
export interface DedalusClause {
  readonly kind: 'clause';
  readonly head: DedalusHead;
  readonly body: readonly DedalusLiteral[] | null;
  readonly span: Span;
}

/** `now`: no `@`. A number: `@k`, only in facts. */
export type DedalusTime = 'now' | 'next' | 'async' | number;

export interface DedalusHead {
  readonly relation: Identifier;
  readonly arguments: readonly HeadArgument[];
  readonly time: DedalusTime;
  readonly span: Span;
}

export interface DedalusAtom {
  readonly kind: 'atom';
  readonly negated: boolean;
  readonly relation: Identifier;
  readonly arguments: readonly Term[];
  /** The `k` of `p(...)@k`, or null. */
  readonly at: number | null;
  readonly span: Span;
}
export type DedalusLiteral =
  | DedalusAtom
  | { readonly kind: 'condition'; readonly term: Term; readonly span: Span }
  /** `x = e` */
  | { readonly kind: 'binding'; readonly pattern: Term; readonly term: Term; readonly span: Span };
