/**
 * A statement with other names: relations, functions, labels and constants as a `Renaming` says,
 * everything else as it was, spans included. `x.m(..)` becomes a call of `x.m` where `x` names an
 * instance of a module rather than a value.
 */
import { cover } from '../base/span.js';
import type * as ast from '../syntax/ast.js';
import type { MethodTerm } from './stray-aliases.js';

/** How a relation stands in a statement. */
export type Role = 'declaration' | 'head' | 'body' | 'remark';

/** What the names of one scope become. */
export interface Renaming {
  readonly relation: (name: ast.Identifier, role: Role, head?: ast.Head) => ast.Identifier;
  /** The callee of a call: a relation where it is a literal, a function anywhere else. */
  readonly callee: (name: ast.Identifier, isLiteral: boolean) => ast.Identifier;
  /** A rule's label, or `relation#n`. */
  readonly rule: (name: ast.Identifier) => ast.Identifier;
  /** A name in a term: a constant or a variable. */
  readonly term: (name: ast.Term & { kind: 'name' }) => ast.Term;
  /** A `const`, `param` or function where it is defined. */
  readonly definition: (name: ast.Identifier) => ast.Identifier;
  /** Whether `x` in `x.m(..)` stands for an instance. */
  readonly isInstance: (term: MethodTerm, isLiteral: boolean) => boolean;
}

/** Statements that are left once modules are expanded. */
export type FlatStatement = Exclude<
  ast.Statement,
  ast.ModuleDeclaration | ast.Import | ast.Include | ast.Use
>;

export function renameStatement(statement: FlatStatement, renaming: Renaming): FlatStatement {
  return new Renamer(renaming).statement(statement);
}

export function renameTerm(term: ast.Term, renaming: Renaming): ast.Term {
  return new Renamer(renaming).term(term, false);
}

class Renamer {
  readonly #renaming: Renaming;

  constructor(renaming: Renaming) {
    this.#renaming = renaming;
  }

  statement(statement: FlatStatement): FlatStatement {
    const { relation, definition, rule } = this.#renaming;
    switch (statement.kind) {
      case 'declaration':
        return { ...statement, name: relation(statement.name, 'declaration') };
      case 'periodic': {
        const name = relation(statement.name, 'declaration');
        return { ...statement, name, period: this.term(statement.period, false) };
      }
      case 'const':
      case 'param': {
        const value = statement.value === null ? null : this.term(statement.value, false);
        return { ...statement, name: definition(statement.name), value };
      }
      case 'extern':
        return { ...statement, name: definition(statement.name) };
      case 'clause':
        return this.#clause(statement);
      case 'seal': {
        const from = statement.from === null ? null : this.#atom(statement.from);
        const when = this.#atom(statement.when);
        return { ...statement, relation: relation(statement.relation, 'remark'), from, when };
      }
      case 'assume':
        return { ...statement, rule: rule(statement.rule) };
      case 'coordinate':
        return { ...statement, relation: relation(statement.relation, 'remark') };
      case 'invariant':
        return { ...statement, name: rule(statement.name), body: this.#placed(statement.body) };
    }
  }

  term(term: ast.Term, isLiteral: boolean): ast.Term {
    const all = (terms: readonly ast.Term[]): readonly ast.Term[] =>
      terms.map((inner) => this.term(inner, false));
    switch (term.kind) {
      case 'name':
        return this.#renaming.term(term);
      case 'wildcard':
      case 'constant':
        return term;
      case 'unary': {
        // `!p(x)` negates a literal.
        const operand = this.term(term.operand, isLiteral && term.operator === '!');
        return { ...term, operand };
      }
      case 'binary':
        return { ...term, left: this.term(term.left, false), right: this.term(term.right, false) };
      case 'if': {
        const [condition, then, otherwise] = all([term.condition, term.then, term.else]);
        return { ...term, condition: condition!, then: then!, else: otherwise! };
      }
      case 'call': {
        const callee = this.#renaming.callee(term.callee, isLiteral);
        return { ...term, callee, arguments: this.#arguments(term.arguments) };
      }
      case 'method':
        return this.#method(term, isLiteral);
      case 'map': {
        const entries = term.entries.map(
          ([key, value]) => [this.term(key, false), this.term(value, false)] as const,
        );
        return { ...term, entries };
      }
      default:
        return { ...term, items: all(term.items) };
    }
  }

  #method(term: MethodTerm, isLiteral: boolean): ast.Term {
    const { receiver, method } = term;
    const items = term.arguments.map((item) => this.term(item, false));
    if (receiver.kind !== 'name' || !this.#renaming.isInstance(term, isLiteral))
      return { ...term, receiver: this.term(receiver, false), arguments: items };
    const written = {
      text: `${receiver.text}.${method.text}`,
      span: cover(receiver.span, method.span),
    };
    const callee = this.#renaming.callee(written, isLiteral);
    const arguments_ = items.map((item) => ({ name: null, term: item }));
    return { kind: 'call', callee, arguments: arguments_, span: term.span };
  }

  #arguments(items: readonly ast.Argument[]): readonly ast.Argument[] {
    return items.map((item) => ({ ...item, term: this.term(item.term, false) }));
  }

  #atom(atom: ast.StatementAtom): ast.StatementAtom {
    const relation = this.#renaming.relation(atom.relation, 'body');
    return { ...atom, relation, arguments: this.#arguments(atom.arguments) };
  }

  #clause(clause: ast.Clause): ast.Clause {
    const label = clause.label === null ? null : this.#renaming.rule(clause.label);
    const heads = clause.heads.map((head) => ({
      ...head,
      relation: this.#renaming.relation(head.relation, 'head', head),
      arguments: head.arguments.map((argument) => this.#headArgument(argument)),
    }));
    const body =
      clause.body?.map((part) => ({
        ...part,
        literals: part.literals.map((literal) => this.#literal(literal)),
      })) ?? null;
    return { ...clause, label, heads, body };
  }

  #headArgument(argument: ast.HeadArgument): ast.HeadArgument {
    if (argument.kind === 'term') return { ...argument, term: this.term(argument.term, false) };
    return { ...argument, arguments: argument.arguments.map((term) => this.term(term, false)) };
  }

  #literal(literal: ast.Literal): ast.Literal {
    switch (literal.kind) {
      case 'negation':
      case 'sealed': {
        const relation = this.#renaming.relation(literal.relation, 'body');
        return { ...literal, relation, arguments: this.#arguments(literal.arguments) };
      }
      case 'condition':
        return { ...literal, term: this.term(literal.term, true) };
      case 'binding': {
        const pattern = this.term(literal.pattern, false);
        return { ...literal, pattern, term: this.term(literal.term, false) };
      }
      case 'membership': {
        const pattern = this.term(literal.pattern, false);
        return { ...literal, pattern, collection: this.term(literal.collection, false) };
      }
    }
  }

  #placed(body: readonly ast.PlacedConjunction[]): readonly ast.PlacedConjunction[] {
    return body.map((part) => ({
      ...part,
      literals: part.literals.map(({ literal, place }) => ({
        literal: this.#literal(literal),
        place: place === null ? null : this.term(place, false),
      })),
    }));
  }
}
