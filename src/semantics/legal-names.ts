/**
 * A module whose names `.bloom` text can hold: names that come from the Dedalus dialect may contain
 * `.` and `?`, those that lowering makes up contain `@`, and both may be reserved words. Every such
 * name gets a legal one that nothing else in its namespace has; all others stay as they are.
 */
import type * as ast from '../syntax/ast.js';
import { isBuiltinRelation } from './builtin-relations.js';

const reserved: ReadonlySet<string> = new Set('notin in true false null if then else'.split(' '));

export function withLegalNames(module: ast.Module): ast.Module {
  const relations = new Legalizer(isBuiltinRelation);
  const variables = new Legalizer(() => false);
  // Names that are legal keep themselves, so they come first.
  for (const pass of ['legal', 'all'] as const)
    for (const statement of module.statements) {
      const visit = (names: Legalizer, text: string): string =>
        pass === 'all' || isLegal(text) ? names.legal(text) : text;
      renameStatement(
        statement,
        (text) => visit(relations, text),
        (text) => visit(variables, text),
      );
    }
  const statements = module.statements.map((statement) =>
    renameStatement(
      statement,
      (text) => relations.legal(text),
      (text) => variables.legal(text),
    ),
  );
  return { ...module, statements };
}

function isLegal(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text) && !reserved.has(text);
}

/** Gives names, each always the same. */
class Legalizer {
  readonly #newNames = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #isBuiltin: (name: string) => boolean;

  constructor(isBuiltin: (name: string) => boolean) {
    this.#isBuiltin = isBuiltin;
  }

  legal(text: string): string {
    const known = this.#newNames.get(text);
    if (known !== undefined) return known;
    let name = text;
    if (!isLegal(text)) {
      name = text.replace(/\W/g, '_').replace(/^(?=\d)/, '_');
      while (this.#taken.has(name) || reserved.has(name) || this.#isBuiltin(name)) name += '_';
    }
    this.#newNames.set(text, name);
    this.#taken.add(name);
    return name;
  }
}

type Rename = (text: string) => string;

function renameStatement(
  statement: ast.Statement,
  relation: Rename,
  variable: Rename,
): ast.Statement {
  const ofName = (name: ast.Identifier): ast.Identifier => ({ ...name, text: relation(name.text) });
  if (statement.kind === 'declaration') {
    const columns = statement.columns?.map((column) => ({
      ...column,
      name: { ...column.name, text: variable(column.name.text) },
    }));
    return { ...statement, name: ofName(statement.name), columns: columns ?? null };
  }
  if (statement.kind !== 'clause') return statement;
  const term = (of: ast.Term): ast.Term => renameTerm(of, relation, variable);
  const heads = statement.heads.map((head) => ({
    ...head,
    relation: ofName(head.relation),
    arguments: head.arguments.map((argument): ast.HeadArgument =>
      argument.kind === 'term'
        ? { ...argument, term: term(argument.term) }
        : { ...argument, arguments: argument.arguments.map(term) },
    ),
  }));
  const literal = (of: ast.Literal): ast.Literal => {
    switch (of.kind) {
      case 'negation':
        return {
          ...of,
          relation: ofName(of.relation),
          arguments: of.arguments.map((each) => ({ ...each, term: term(each.term) })),
        };
      case 'condition':
        return { ...of, term: term(of.term) };
      case 'binding':
        return { ...of, pattern: term(of.pattern), term: term(of.term) };
      default:
        // The dialect has no literals of other kinds.
        return of;
    }
  };
  const body = statement.body?.map((part) => ({ ...part, literals: part.literals.map(literal) }));
  return { ...statement, heads, body: body ?? null };
}

/** A call that stands as a literal reads a relation; the dialect calls no functions by name. */
function renameTerm(term: ast.Term, relation: Rename, variable: Rename): ast.Term {
  const inner = (of: ast.Term): ast.Term => renameTerm(of, relation, variable);
  switch (term.kind) {
    case 'name':
      return { ...term, text: variable(term.text) };
    case 'unary':
      return { ...term, operand: inner(term.operand) };
    case 'binary':
      return { ...term, left: inner(term.left), right: inner(term.right) };
    case 'tuple':
    case 'list':
    case 'set':
      return { ...term, items: term.items.map(inner) };
    case 'call': {
      const callee = { ...term.callee, text: relation(term.callee.text) };
      const items = term.arguments.map((each) => ({ ...each, term: inner(each.term) }));
      return { ...term, callee, arguments: items };
    }
    default:
      return term;
  }
}
