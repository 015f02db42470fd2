/**
 * Bodies of `.bloom` rules in the Dedalus dialect, where a rule runs at the node that its first
 * literal names: one variable stands in the place of all literals. It is the variable of an `@`
 * column if the body has one; what else the body says of its place is tested beside it.
 */
import type { Span } from '../base/span.js';
import type * as ast from '../syntax/ast.js';
import type { DedalusLiteral } from '../syntax/dedalus-ast.js';
import { atom, type Atom, type DedalusWords } from './dedalus-words.js';
import { isMadeUp } from './made-up-names.js';
import type { Body, Literal } from './program.js';
import { termToSyntax } from './term-to-syntax.js';
import { conjunctsOf } from './terms-to-dedalus.js';

/** A body at one node. */
export interface Placed {
  readonly here: ast.Term;
  readonly literals: readonly DedalusLiteral[];
}

/** The body with its place written out. */
export function placeBody(words: DedalusWords, body: Body): Placed {
  return new PlacedBody(words, body).place();
}

class PlacedBody {
  readonly #words: DedalusWords;
  readonly #body: Body;
  readonly #here: ast.Term & { readonly kind: 'name' };
  readonly #places: DedalusLiteral[] = [];
  readonly #conditions: DedalusLiteral[] = [];

  constructor(words: DedalusWords, body: Body) {
    this.#words = words;
    this.#body = body;
    const named = atomsOf(body)
      .filter(({ negated }) => !negated)
      .map((one) => words.placeOf(one))
      .find((place) => place?.kind === 'variable');
    const text = named?.kind === 'variable' ? named.name : freeVariable(boundVariables(body));
    this.#here = { kind: 'name', text, span: body.span };
  }

  place(): Placed {
    const literals = this.#body.literals.flatMap((literal) => this.#literal(literal));
    const first = literals.findIndex((one) => one.kind === 'atom' && !one.negated);
    const here = this.#here;
    const start =
      first === -1
        ? atom(this.#words.nodeRelation, [here], this.#body.span)
        : literals.splice(first, 1)[0]!;
    return { here, literals: [start, ...this.#places, ...literals, ...this.#conditions] };
  }

  #literal(literal: Literal): readonly DedalusLiteral[] {
    const { span } = literal;
    switch (literal.kind) {
      case 'atom': {
        this.#isAt(literal);
        return this.#words.isSelf(literal) ? [] : [this.#words.placed(literal, this.#here)];
      }
      case 'condition':
        return conjunctsOf(literal.term).map((term) => ({
          kind: 'condition',
          term: this.#words.sayable(term),
          span,
        }));
      case 'assign': {
        const pattern = termToSyntax(literal.variable);
        return [{ kind: 'binding', pattern, term: this.#words.sayable(literal.term), span }];
      }
      case 'match':
        this.#words.refuse('patterns', span, 'give the parts columns of their own');
        return [];
      case 'member':
        this.#words.refuse('membership', span, 'give the members tuples of their own');
        return [];
    }
  }

  /** What the place of a literal says of this node. */
  #isAt(literal: Atom): void {
    const place = this.#words.placeOf(literal);
    if (place === null || place.kind === 'wildcard') return;
    const term = this.#words.sayable(place);
    const { span } = literal;
    if (literal.negated && this.#words.isSelf(literal))
      this.#conditions.push(this.#compare('!=', term, span));
    else if (term.kind === 'name' && term.text === this.#here.text) return;
    else if (literal.negated)
      this.#words.refuse(
        'word for what is not at another node',
        span,
        'write the node of the other literals there',
      );
    else if (term.kind === 'name')
      this.#places.push({ kind: 'binding', pattern: term, term: this.#here, span });
    else this.#places.push(this.#compare('==', term, span));
  }

  #compare(operator: '==' | '!=', term: ast.Term, span: Span): DedalusLiteral {
    const compared: ast.Term = { kind: 'binary', operator, left: term, right: this.#here, span };
    return { kind: 'condition', term: compared, span };
  }
}

function atomsOf({ literals }: Body): readonly Atom[] {
  return literals.filter((literal) => literal.kind === 'atom');
}

// ---- variables --------------------------------------------------------------------------------

/** `node`, with underscores where the names have it. */
export function freeVariable(names: Iterable<string>): string {
  const taken = new Set(names);
  let name = 'node';
  while (taken.has(name)) name += '_';
  return name;
}

/** What the literals of a body bind: all its variables, since no other is safe. */
function boundVariables({ literals }: Body): ReadonlySet<string> {
  const names = new Set<string>();
  for (const literal of literals) {
    if (literal.kind === 'assign') names.add(literal.variable.name);
    else if (literal.kind === 'atom')
      for (const item of literal.arguments) if (item.kind === 'variable') names.add(item.name);
  }
  return names;
}

/** The variables that all alternatives bind and over whose bindings an aggregate ranges. */
export function sharedVariables([first, ...others]: readonly Body[]): readonly string[] {
  const bound = others.map(boundVariables);
  return [...boundVariables(first!)].filter(
    (name) => !isMadeUp(name) && bound.every((names) => names.has(name)),
  );
}
