/**
 * A question to a session: the body of a rule. It is read as one, in a program that has everything
 * typed so far, and asked of what the nodes hold now.
 */
import type { SourceFile, Span } from '../base/span.js';
import type { CompiledProgram } from '../compiler/compile-source.js';
import type { Checked, Diagnostic } from '../diagnostics/diagnostic.js';
import { hasErrors } from '../diagnostics/diagnostic.js';
import { parseModule } from '../syntax/parse.js';

/** The session's program with a rule whose body is the question. */
export interface TypedQuery {
  readonly source: SourceFile;
  /** The relation that the rule derives. */
  readonly head: string;
}

/** `body`: put on lines of its own, so that what is wrong with it is told at its place. */
export function makeQuery(
  { path, text }: SourceFile,
  { written }: Pick<CompiledProgram, 'written'>,
  body: string,
): Checked<TypedQuery | null> {
  let head = 'answer';
  while (text.includes(head) || body.includes(head) || written.relations.has(head)) head += '_';
  const source = { path, text: `${text}${head}(true) :-\n${body}\n;\n` };
  const { value, diagnostics } = parseModule(source);
  if (hasErrors(diagnostics)) return { value: null, diagnostics };
  const [rule, other] = value.statements.filter(({ span }) => span.start >= text.length);
  if (rule?.kind === 'clause' && other === undefined)
    return { value: { source, head }, diagnostics: [] };
  return { value: null, diagnostics: [notOneBody((other ?? rule ?? value.statements[0])!.span)] };
}

/** The variables in the order in which they stand in the question. */
export function inOrderOf(body: string, variables: readonly string[]): readonly string[] {
  const placeOf = (name: string): number =>
    new RegExp(`(?<!\\w)${name}(?!\\w)`).exec(body)?.index ?? 0;
  return [...variables].sort((a, b) => placeOf(a) - placeOf(b));
}

function notOneBody(span: Span): Diagnostic {
  return {
    code: 'TRL1021',
    severity: 'error',
    message: 'a question is the body of one rule',
    primary: { span },
    help: 'ask one thing at a time: `? path(x, y), y > 2`, or `? path` for all of a relation',
  };
}
