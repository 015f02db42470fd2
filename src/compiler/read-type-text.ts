/** A type as text, read by the checker's own reader, for interfaces that take types from TypeScript. */
import { readType } from '../semantics/read-type.js';
import { Reporter } from '../semantics/reporter.js';
import type { Type } from '../semantics/types.js';
import { parseModule } from '../syntax/parse.js';

export type TypeReading =
  | { readonly kind: 'type'; readonly type: Type }
  | { readonly kind: 'error'; readonly reason: string };

/** `lent`: lattices by name that the type may mention. */
export function readTypeText(text: string, lent: ReadonlySet<string>): TypeReading {
  const noType: TypeReading = { kind: 'error', reason: `\`${text}\` is no type` };
  if (/[;:=@]/.test(text)) return noType;
  const parsed = parseModule({ path: 'type', text: `static t(c: ${text});` });
  const [statement, ...others] = parsed.value.statements;
  if (parsed.diagnostics.length > 0 || others.length > 0) return noType;
  const columns = statement?.kind === 'declaration' ? statement.columns : null;
  const written = columns?.length === 1 ? columns[0]!.type : null;
  if (written === null) return noType;
  const reporter = new Reporter();
  const type = readType(written, reporter, lent);
  const [error] = reporter.finish();
  if (error === undefined) return { kind: 'type', type };
  const help = error.help === undefined ? '' : ` (${error.help})`;
  return { kind: 'error', reason: `${error.message}${help}` };
}
