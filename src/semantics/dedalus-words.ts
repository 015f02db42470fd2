/**
 * What the parts of a program printed in the Dedalus dialect have in common: the names of relations,
 * those made up among them, where the tuple of an atom lives, and what the dialect has no words for.
 */
import type { Span } from '../base/span.js';
import type * as ast from '../syntax/ast.js';
import type { DedalusClause, DedalusLiteral, DedalusTime } from '../syntax/dedalus-ast.js';
import type { AtomArgument, Literal, Program, Term } from './program.js';
import type { Reporter } from './reporter.js';
import { identifier } from './term-to-syntax.js';
import { sayable } from './terms-to-dedalus.js';

export type Atom = Extract<Literal, { readonly kind: 'atom' }>;

/** Names and terms of a program in the dialect; errors go to the reporter. */
export class DedalusWords {
  readonly program: Program;
  readonly #names: ReadonlyMap<string, string>;
  readonly #reporter: Reporter;
  readonly #taken: Set<string>;
  #nodeRelation: string | null = null;

  constructor(program: Program, names: ReadonlyMap<string, string>, reporter: Reporter) {
    this.program = program;
    this.#names = names;
    this.#reporter = reporter;
    this.#taken = new Set(names.values());
  }

  /** What a relation of the program is called in the dialect. */
  nameOf(relation: string): string {
    return this.#names.get(relation)!;
  }

  /** The wish, or with a number behind it if something is called so. */
  free(wish: string): string {
    let name = wish;
    for (let i = 2; this.#taken.has(name); i++) name = `${wish}${i}`;
    this.#taken.add(name);
    return name;
  }

  /** Whether some rule has no positive literal to say where it runs, and reads `nodeRelation`. */
  get needsNodes(): boolean {
    return this.#nodeRelation !== null;
  }

  /** A relation that holds at every node, always. */
  get nodeRelation(): string {
    this.#nodeRelation ??= this.free('here');
    return this.#nodeRelation;
  }

  sayable(term: Term): ast.Term {
    return sayable(term, this.#reporter);
  }

  refuse(what: string, span: Span, help: string): void {
    this.#reporter.error('TRL0262', span, `the Dedalus dialect has no ${what}`, { help });
  }

  /** The atom with `here` in front; what it says itself of its place is left to the caller. */
  placed({ relation, arguments: items, negated, span }: Atom, here: ast.Term): DedalusLiteral {
    const { location } = this.program.relations.get(relation)!;
    const others = items.filter((_, i) => i !== location).map((item) => this.sayable(item));
    return atom(this.nameOf(relation), [here, ...others], span, negated);
  }

  /** The argument that says where the tuple of an atom lives; null for a relation without location. */
  placeOf(one: Atom): AtomArgument | null {
    if (this.isSelf(one)) return one.arguments[0]!;
    const { location } = this.program.relations.get(one.relation)!;
    return location === null ? null : one.arguments[location]!;
  }

  isSelf({ relation }: Atom): boolean {
    return this.program.relations.get(relation)!.builtin === 'self';
  }
}

export function clause(
  relation: string,
  items: readonly ast.HeadArgument[],
  time: DedalusTime,
  body: readonly DedalusLiteral[],
  span: Span,
): DedalusClause {
  const head = { relation: identifier(relation, span), arguments: items, time, span };
  return { kind: 'clause', head, body, span };
}

export function atom(
  relation: string,
  items: readonly ast.Term[],
  span: Span,
  negated = false,
): DedalusLiteral {
  return {
    kind: 'atom',
    negated,
    relation: identifier(relation, span),
    arguments: items,
    at: null,
    span,
  };
}
