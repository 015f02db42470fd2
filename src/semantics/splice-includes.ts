/**
 * `include "file";` means the statements of that file where it stands. In one scope a file is put
 * in once: a second time would state the same facts and rules again, which changes nothing in a
 * set of rules, and declare the same relations again, which nobody means.
 */
import type * as ast from '../syntax/ast.js';
import type { SourceLinks } from './source-links.js';

/** The statements with those of included files in place of the includes, at any depth. */
export function spliceIncludes(
  statements: readonly ast.Statement[],
  links: SourceLinks,
  seen = new Set<ast.Module>(),
): readonly ast.Statement[] {
  if (!statements.some((statement) => statement.kind === 'include')) return statements;
  return statements.flatMap((statement) => {
    if (statement.kind !== 'include') return [statement];
    const included = links.moduleOf.get(statement);
    if (included === undefined || seen.has(included)) return [];
    seen.add(included);
    return spliceIncludes(included.statements, links, seen);
  });
}
