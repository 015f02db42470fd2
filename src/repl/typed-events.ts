/**
 * Facts of inputs that are typed in: `put("a", 1);`. In a program nothing may state them, since they
 * come from outside; here the user is the outside, and each is an event. In front of one may stand the
 * node that takes it: `b: put("a", 1);`.
 *
 * Their terms are read by the compiler itself: in a program that has the definitions typed so far, and
 * a scratch in the place of each input. So an event may use constants and functions, and what is wrong
 * with it is told as in any fact, at its place.
 */
import { assert } from '../base/assert.js';
import type { SourceFile, Span } from '../base/span.js';
import type { Compilation, CompiledProgram } from '../compiler/compile-source.js';
import { didYouMean } from '../diagnostics/did-you-mean.js';
import type { Checked, Diagnostic, Label } from '../diagnostics/diagnostic.js';
import type { WorkloadInput } from '../node/workload.js';
import type { Relation } from '../semantics/program.js';
import { typeText } from '../semantics/relate-types.js';
import type { Clause, Statement } from '../syntax/ast.js';
import { withoutStatements } from './typed-text.js';

/** Statements that say what names stand for; an event may use them. */
const definitions: ReadonlySet<Statement['kind']> = new Set(['const', 'param', 'extern', 'import']);

/** Whether the statement is an event: a fact of inputs alone. */
export function isEvent(
  statement: Statement,
  isInput: (relation: string) => boolean,
): statement is Clause {
  return (
    statement.kind === 'clause' &&
    statement.body === null &&
    statement.heads.every(
      ({ action, time, relation }) =>
        action === 'derive' && time === 'now' && isInput(relation.text),
    )
  );
}

/** What the events are told apart by. */
interface TypedEvents {
  readonly file: SourceFile;
  /** Of the whole file. */
  readonly statements: readonly Statement[];
  readonly events: readonly Clause[];
  readonly nodes: readonly string[];
}

/** The rows of the events, in order. */
export function readEvents(
  { file, statements, events, nodes }: TypedEvents,
  { written }: Pick<CompiledProgram, 'written'>,
  compile: (source: SourceFile) => Compilation,
): Checked<readonly WorkloadInput[]> {
  const strangers = events.flatMap(({ label }) =>
    label === null || nodes.includes(label.text) ? [] : [unknownNode(label, nodes)],
  );
  if (strangers.length > 0) return { value: [], diagnostics: strangers };
  const kept: ReadonlySet<Statement> = new Set(events);
  const others = statements.filter((each) => !definitions.has(each.kind) && !kept.has(each));
  const names = new Set(events.flatMap(({ heads }) => heads.map(({ relation }) => relation.text)));
  const scratches = [...names].map((name) => scratchLike(written.relations.get(name)!));
  const text = `${withoutStatements(
    file,
    others.map(({ span }) => span),
  )}${scratches.join('')}`;
  const { compiled, diagnostics } = compile({ path: file.path, text });
  if (compiled === null)
    return { value: [], diagnostics: diagnostics.map((each) => inFile(each, file)) };
  const { facts } = compiled.written;
  const found = events.map((event) => facts.filter(({ span }) => isWithin(span, event.span)));
  assert(
    found.every((rows, i) => rows.length >= events[i]!.heads.length),
    'an event without errors is made of values',
  );
  const value = found.flatMap((rows, i) =>
    rows.map(({ relation, row }): WorkloadInput => {
      const node = events[i]!.label?.text ?? null;
      return { node, relation, row, atMs: null };
    }),
  );
  return { value, diagnostics: [] };
}

function scratchLike({ name, columns }: Relation): string {
  const typed = columns.map((column) => `${column.name}: ${typeText(column.type)}`);
  return `\nscratch ${name}(${typed.join(', ')});`;
}

/** The diagnostic with the places as they were typed, and without those that nobody has typed. */
function inFile(diagnostic: Diagnostic, file: SourceFile): Diagnostic {
  const { primary, secondary = [] } = diagnostic;
  const moved = ({ span, ...label }: Label): Label => ({ ...label, span: { ...span, file } });
  const isTyped = ({ span }: Label): boolean => span.start < file.text.length;
  return {
    ...diagnostic,
    ...(primary === undefined ? {} : { primary: moved(primary) }),
    secondary: secondary.filter(isTyped).map(moved),
  };
}

function isWithin(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

function unknownNode(
  { text, span }: { readonly text: string; readonly span: Span },
  nodes: readonly string[],
): Diagnostic {
  const near = didYouMean(text, nodes);
  return {
    code: 'TRL1019',
    severity: 'error',
    message: `there is no node \`${text}\``,
    primary: { span },
    help:
      near === null
        ? `what stands before an event is the node that takes it: ${nodes.join(', ')}`
        : `did you mean \`${near}\`?`,
  };
}
