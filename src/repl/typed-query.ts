/**
 * A question to a session: the body of a rule. It becomes a view of a program that has everything typed
 * so far, whose columns are the variables of the body in the order in which they stand there.
 */
import type { SourceFile } from '../base/span.js';
import type { Statement } from '../syntax/ast.js';
import { parseModule } from '../syntax/parse.js';

export interface TypedQuery {
  /** The session's program with the view. */
  readonly source: SourceFile;
  readonly view: string;
  /** Empty for a question that is answered by yes or no. */
  readonly columns: readonly string[];
}

/** `body`: on lines of their own, so that what is wrong with it is told at its place. */
export function makeQuery({ path, text }: SourceFile, body: string): TypedQuery {
  const view = freshName(text + body);
  const rule = (head: string): string => `${text}${head} :-\n${body}\n;\n`;
  const { statements } = parseModule({ path, text: rule(`${view}()`) }).value;
  const constants = new Set(statements.flatMap(constantOf));
  const last = statements.at(-1);
  const columns =
    last?.kind === 'clause' && last.heads[0]?.relation.text === view
      ? [...namesIn(last.body)].filter((name) => !constants.has(name))
      : [];
  const head = columns.length === 0 ? `${view}(true)` : `${view}(${columns.join(', ')})`;
  return { source: { path, text: rule(`view ${view}; ${head}`) }, view, columns };
}

function freshName(text: string): string {
  let name = 'answer';
  while (text.includes(name)) name += '_';
  return name;
}

function constantOf(statement: Statement): readonly string[] {
  return statement.kind === 'const' || statement.kind === 'param' ? [statement.name.text] : [];
}

/** What stands where a variable may stand, in the order of the text. */
function namesIn(tree: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (Array.isArray(tree)) for (const part of tree) namesIn(part, found);
  else if (typeof tree === 'object' && tree !== null) {
    if ('kind' in tree && tree.kind === 'name' && 'text' in tree) found.add(String(tree.text));
    else
      for (const [key, part] of Object.entries(tree))
        if (key !== 'span' && key !== 'value') namesIn(part, found);
  }
  return found;
}
