/**
 * Where params are named, outright or through a const made from one. A param is for whoever runs the
 * program to set, so a condition that its present value makes false is a switch, and no mistake.
 */
import type { Span } from '../base/span.js';
import type * as ast from '../syntax/ast.js';
import type { SourceLinks } from './source-links.js';
import { clauseTerms, visitNames } from './walk-terms.js';

/** Whether a param is named within a span of the program's files. */
export type NamesParam = (span: Span) => boolean;

/** Reads the main file and every file that it leads to. */
export function readParamUses(module: ast.Module, links: SourceLinks): NamesParam {
  const places = new Map<string, number[]>();
  const note = ({ file, start }: Span): void => {
    const known = places.get(file.path);
    if (known === undefined) places.set(file.path, [start]);
    else known.push(start);
  };
  // An included file is part of the one that includes it: what either calls a param counts in both.
  const included = [...links.moduleOf].flatMap(([{ kind }, { statements }]) =>
    kind === 'include' ? statements : [],
  );
  const shared = paramsOf([...module.statements, ...included], new Set());
  visit(module.statements, shared, note);
  for (const { statements } of new Set(links.moduleOf.values())) visit(statements, shared, note);
  return ({ file, start, end }) =>
    (places.get(file.path) ?? []).some((place) => start <= place && place < end);
}

function visit(
  statements: readonly ast.Statement[],
  outer: ReadonlySet<string>,
  note: (span: Span) => void,
): void {
  const params = paramsOf(statements, outer);
  for (const statement of statements) {
    if (statement.kind === 'module') visit(statement.statements, params, note);
    else if (statement.kind === 'clause')
      for (const term of clauseTerms(statement))
        visitNames(term, ({ text, span }) => {
          if (params.has(text)) note(span);
        });
  }
}

/** The params of a scope, and the consts that depend on one, in whatever order they stand. */
function paramsOf(
  statements: readonly ast.Statement[],
  outer: ReadonlySet<string>,
): ReadonlySet<string> {
  const names = new Set(outer);
  const consts: { readonly name: string; readonly uses: readonly string[] }[] = [];
  for (const statement of statements) {
    if (statement.kind === 'param') names.add(statement.name.text);
    if (statement.kind !== 'const' || statement.value === null) continue;
    const uses: string[] = [];
    visitNames(statement.value, ({ text }) => uses.push(text));
    consts.push({ name: statement.name.text, uses });
  }
  for (let size = -1; size !== names.size;) {
    size = names.size;
    for (const { name, uses } of consts) if (uses.some((use) => names.has(use))) names.add(name);
  }
  return names;
}
