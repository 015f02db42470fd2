/**
 * Variables that a clause names once: what stands for any value is written `_`, and a name that is
 * used once is often a misspelt one. Names that begin with `_` say that this is meant. Aggregates
 * range over the bindings of all named variables, so in an aggregated clause a name has a use of
 * its own.
 */
import type * as ast from '../syntax/ast.js';
import type { Reporter } from './reporter.js';
import { clauseTerms, invariantTerms, visitNames } from './walk-terms.js';

/** Reports them in the clauses and invariants of a file, those of its modules included. */
export function findSingleVariables(module: ast.Module, reporter: Reporter): void {
  visit(module.statements, new Set(), reporter);
}

function visit(
  statements: readonly ast.Statement[],
  outer: ReadonlySet<string>,
  reporter: Reporter,
): void {
  const constants = new Set(outer);
  for (const statement of statements)
    if (statement.kind === 'const' || statement.kind === 'param')
      constants.add(statement.name.text);
  // The alias of an instance is no variable, nor is what stands before the dot of a declared name.
  for (const statement of statements) {
    if (statement.kind === 'use') constants.add(statement.alias.text);
    if (
      (statement.kind === 'declaration' ||
        statement.kind === 'periodic' ||
        statement.kind === 'extern') &&
      statement.name.text.includes('.')
    )
      constants.add(statement.name.text.replace(/\.[^.]*$/, ''));
  }
  for (const statement of statements) {
    if (statement.kind === 'module') visit(statement.statements, constants, reporter);
    else if (statement.kind === 'clause' && statement.body !== null && !isAggregated(statement))
      for (const conjunction of statement.body)
        report(clauseTerms({ ...statement, body: [conjunction] }), constants, reporter);
    else if (statement.kind === 'invariant')
      for (const conjunction of statement.body)
        report(
          invariantTerms({ ...statement, body: [conjunction] }),
          new Set([...constants, ...placesOf(conjunction)]),
          reporter,
        );
  }
}

/** Names of nodes: one that is used once stands for any node, and tells the reader that it may be another one. */
function placesOf({ literals }: ast.Invariant['body'][number]): readonly string[] {
  return literals.flatMap(({ place }) => (place?.kind === 'name' ? [place.text] : []));
}

function isAggregated({ heads }: ast.Clause): boolean {
  return heads.some((head) => head.arguments.some(({ kind }) => kind === 'aggregate'));
}

function report(
  terms: readonly ast.Term[],
  constants: ReadonlySet<string>,
  reporter: Reporter,
): void {
  const uses = new Map<string, ast.Identifier[]>();
  for (const term of terms)
    visitNames(term, ({ text, span }) => {
      if (constants.has(text) || text.startsWith('_')) return;
      const known = uses.get(text);
      if (known === undefined) uses.set(text, [{ text, span }]);
      else known.push({ text, span });
    });
  const names = [...uses.keys()];
  for (const [name, [first, second]] of uses) {
    if (first === undefined || second !== undefined) continue;
    const near =
      name.length < 3
        ? null
        : reporter.nearest(
            name,
            names.filter((other) => other !== name),
          );
    reporter.warning('TRL1201', first.span, `the variable \`${name}\` is used only once`, {
      help:
        near === null
          ? 'write `_` if any value will do'
          : `write \`_\` if any value will do; or did you mean \`${near}\`?`,
      fixes: [{ title: 'write `_`', edits: [{ span: first.span, text: '_' }] }],
    });
  }
}
