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
import { valueText } from '../base/value-text.js';
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
  if (events.length === 0) return { value: [], diagnostics: [] };
  const strangers = events.flatMap(({ label }) =>
    label === null || nodes.includes(label.text)
      ? []
      : [unknownNode(label.text, label.span, nodes)],
  );
  if (strangers.length > 0) return { value: [], diagnostics: strangers };
  const kept: ReadonlySet<Statement> = new Set(events);
  const others = statements.filter((each) => !definitions.has(each.kind) && !kept.has(each));
  const heads = events.flatMap((event) => event.heads);
  const names = new Set(heads.map(({ relation }) => relation.text));
  const alone = withoutStatements(
    file,
    others.map(({ span }) => span),
  );
  const scratches = [...names].map((name) => scratchLike(written.relations.get(name)!));
  const text = `${withoutStdin(alone, heads)}${scratches.join('')}`;
  const { compiled, diagnostics } = compile({ path: file.path, text });
  if (compiled === null)
    return { value: [], diagnostics: diagnostics.map((each) => inFile(each, file)) };
  const inputs = events.flatMap(({ label, span, heads: own }) => {
    const facts = compiled.written.facts.filter((fact) => isWithin(fact.span, span));
    assert(facts.length >= own.length, 'an event without errors is made of values');
    return facts.map(({ relation, row }) => {
      const name = relation === stdinStandIn ? 'stdin' : relation;
      const input = { node: label?.text ?? null, relation: name, row, atMs: null };
      return { input, wrong: misplaced(input, written.relations.get(name)!, span, nodes) };
    });
  });
  const wrong = inputs.flatMap((each) => each.wrong ?? []);
  return { value: wrong.length > 0 ? [] : inputs.map(({ input }) => input), diagnostics: wrong };
}

/** Why a row of a located input gets nowhere; null if it arrives. */
function misplaced(
  { node, row }: WorkloadInput,
  { name, location }: Relation,
  span: Span,
  nodes: readonly string[],
): Diagnostic | null {
  const receiver = location === null ? null : row[location]!;
  if (receiver === null) return null;
  const text = typeof receiver === 'string' ? receiver : valueText(receiver);
  if (!nodes.includes(text)) return unknownNode(text, span, nodes);
  if (node === null || node === text) return null;
  return {
    code: 'TRL1019',
    severity: 'error',
    message: `a row of \`${name}\` goes to the node that it names, \`${text}\`, and not to \`${node}\``,
    primary: { span },
    help: `leave \`${node}:\` out`,
  };
}

/** In the place of `stdin`, of which a program may state no facts; as long, so that places stay. */
const stdinStandIn = 'in_in';

function withoutStdin(text: string, heads: Clause['heads']): string {
  return heads.reduce((left, { relation: { text: name, span } }) => {
    if (name !== 'stdin') return left;
    return left.slice(0, span.start) + stdinStandIn + left.slice(span.end);
  }, text);
}

function scratchLike({ name, columns, hasKey, keyLength, builtin }: Relation): string {
  const typed = columns.map((column) => `${column.name}: ${typeText(column.type)}`);
  const [key, rest] = [typed.slice(0, keyLength).join(', '), typed.slice(keyLength).join(', ')];
  const list = hasKey && rest !== '' ? `${key} => ${rest}` : typed.join(', ');
  return `\nscratch ${builtin === 'stdin' ? stdinStandIn : name}(${list});`;
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

function unknownNode(text: string, span: Span, nodes: readonly string[]): Diagnostic {
  const near = didYouMean(text, nodes);
  return {
    code: 'TRL1019',
    severity: 'error',
    message: `there is no node \`${text}\``,
    primary: { span },
    help:
      near === null
        ? `the nodes are ${nodes.join(', ')}; \`--nodes\` says which there are`
        : `did you mean \`${near}\`?`,
  };
}
