/** Which variables a term mentions, and which ones a literal needs before its turn and binds at it. */
import type { Literal, Pattern, Term } from '../semantics/program.js';

/** Calls `visit` with every variable of a term or pattern. */
export function visitVariables(term: Term | Pattern, visit: (name: string) => void): void {
  switch (term.kind) {
    case 'variable':
      return visit(term.name);
    case 'constant':
    case 'wildcard':
      return;
    case 'apply':
      return term.arguments.forEach((argument) => visitVariables(argument, visit));
    case 'if':
      return [term.condition, term.then, term.else].forEach((part) => visitVariables(part, visit));
    case 'map':
      return term.entries.flat().forEach((part) => visitVariables(part, visit));
    default:
      return term.items.forEach((item) => visitVariables(item, visit));
  }
}

function variablesOf(term: Term | Pattern): Set<string> {
  const names = new Set<string>();
  visitVariables(term, (name) => names.add(name));
  return names;
}

function atomVariables(literal: Extract<Literal, { kind: 'atom' }>): Set<string> {
  return new Set(literal.arguments.flatMap((a) => (a.kind === 'variable' ? [a.name] : [])));
}

/** The variables without which a literal cannot be evaluated. */
export function neededBy(literal: Literal): ReadonlySet<string> {
  if (literal.kind === 'atom') return literal.negated ? atomVariables(literal) : new Set();
  if (literal.kind !== 'member') return variablesOf(literal.term);
  const needed = variablesOf(literal.collection);
  if (literal.negated) visitVariables(literal.pattern, (name) => needed.add(name));
  return needed;
}

/** The variables that a literal binds unless they are bound already. */
export function boundBy(literal: Literal): ReadonlySet<string> {
  switch (literal.kind) {
    case 'atom':
      return literal.negated ? new Set() : atomVariables(literal);
    case 'condition':
      return new Set();
    case 'assign':
      return new Set([literal.variable.name]);
    case 'match':
      return variablesOf(literal.pattern);
    case 'member':
      return literal.negated ? new Set() : variablesOf(literal.pattern);
  }
}
