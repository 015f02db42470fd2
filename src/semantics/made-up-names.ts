/**
 * Names for variables that the compiler makes up: two underscores and a number, `__1`. They are
 * legal identifiers, and no name of the program equals one, so that a printed program parses to
 * itself. Aggregates range over the bindings of a body's *named* variables; like `_`, a made-up
 * variable is not among them unless the head shows it, and its name is how a printed program says so.
 */
import type * as ast from '../syntax/ast.js';
import { clauseTerms, invariantTerms, visitNames } from './walk-terms.js';

const madeUpPattern = /^__\d+$/;

/** Whether the compiler made the variable up, so that aggregates do not count its bindings. */
export function isMadeUp(variable: string): boolean {
  return madeUpPattern.test(variable);
}

/** The first made-up name that is not taken. */
export function madeUpBeside(taken: ReadonlySet<string>): string {
  let n = 1;
  while (taken.has(`__${n}`)) n++;
  return `__${n}`;
}

/** Gives out names that the program does not use. */
export class NameSource {
  readonly #taken = new Set<string>();
  #next = 1;

  constructor(module: ast.Module) {
    for (const statement of module.statements) {
      if (statement.kind === 'const' || statement.kind === 'param')
        this.#taken.add(statement.name.text);
      const terms =
        statement.kind === 'clause'
          ? clauseTerms(statement)
          : statement.kind === 'invariant'
            ? invariantTerms(statement)
            : [];
      for (const term of terms) {
        visitNames(term, (name) => {
          if (isMadeUp(name.text)) this.#taken.add(name.text);
        });
      }
    }
  }

  fresh(): string {
    let name = `__${this.#next++}`;
    while (this.#taken.has(name)) name = `__${this.#next++}`;
    return name;
  }
}
