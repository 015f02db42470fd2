/**
 * Where rules run. A body is evaluated at one node over what that node holds, so all its `@`
 * columns are one variable: the node itself. `self(n)` binds the node too. A deductive, `@next`,
 * `delete` or `upsert` head into a located relation must be at that node; only an `@async` head
 * may be elsewhere.
 */
import type { Span } from '../base/span.js';
import type { ArgumentDraft, BodyDraft, ClauseDraft, HeadDraft } from './draft.js';
import type { Reporter } from './reporter.js';

interface Place {
  readonly relation: string;
  readonly argument: ArgumentDraft;
}

export function checkLocations(clause: ClauseDraft, reporter: Reporter): void {
  if (clause.bodies === null) return;
  const nodes = clause.bodies.map((body) => nodeVariables(body, reporter));
  for (const head of clause.heads) {
    // A channel's head without `@async` is an error already.
    const isLocal = head.mode !== 'async' && head.relation.kind !== 'channel';
    if (isLocal && head.relation.location !== null) checkHead(head, nodes, reporter);
  }
}

function locations(body: BodyDraft): readonly Place[] {
  const places: Place[] = [];
  for (const literal of body.literals) {
    if (literal.kind !== 'atom' || literal.relation === null) continue;
    const index = literal.relation.builtin === 'self' ? 0 : literal.relation.location;
    const argument = index === null ? undefined : literal.arguments[index];
    // `self("a")` asks whether the node is that one.
    const isQuestion = argument?.kind === 'constant' && literal.relation.builtin === 'self';
    if (argument !== undefined && argument.kind !== 'wildcard' && !isQuestion)
      places.push({ relation: literal.relation.name, argument });
  }
  return places;
}

/** The name of the body's node: null if no literal names it. Reports a second node. */
function nodeVariables(body: BodyDraft, reporter: Reporter): string | null {
  let first: { name: string; span: Span } | null = null;
  for (const { relation, argument } of locations(body)) {
    if (argument.kind === 'wildcard') continue;
    if (argument.kind === 'constant') {
      reporter.error(
        'TRL0408',
        argument.span,
        `the \`@\` column of \`${relation}\` is the node that evaluates the rule, so it is a variable here`,
        {
          help: 'bind it to a variable and compare: `n == "a"`',
        },
      );
    } else if (first === null) first = argument;
    else if (argument.name !== first.name) {
      reporter.error(
        'TRL0408',
        argument.span,
        `this body reads tuples at two nodes, \`${first.name}\` and \`${argument.name}\`, but a node sees only its own`,
        {
          text: `at \`${argument.name}\``,
          secondary: [{ span: first.span, text: `at \`${first.name}\`` }],
          help: `use one variable for both if it is one node; else send the tuples of one side to the other with an \`@async\` rule first`,
          fixes: [
            {
              title: `write \`${first.name}\``,
              edits: [{ span: argument.span, text: first.name }],
            },
          ],
        },
      );
    }
  }
  return first === null ? null : first.name;
}

function checkHead(head: HeadDraft, nodes: readonly (string | null)[], reporter: Reporter): void {
  const argument = head.arguments?.[head.relation.location!];
  if (argument?.kind !== 'term' || argument.term.kind === 'wildcard') return;
  const { term } = argument;
  const elsewhere = nodes.find((node) => term.kind !== 'name' || term.text !== node);
  if (elsewhere === undefined) return;
  const { relation, source } = head;
  const canSend = source.action === 'derive' && relation.kind === 'table';
  const local =
    elsewhere === null
      ? 'bind the node with `self(n)` and put `n` there'
      : `put \`${elsewhere}\` there`;
  const shown = term.kind === 'name' ? `\`${term.text}\`` : 'this';
  reporter.error(
    'TRL0409',
    argument.span,
    `${shown} need not be the node that evaluates the rule, and only \`@async\` heads may be elsewhere`,
    {
      secondary:
        elsewhere === null ? [] : [{ span: source.span, text: `the body is at \`${elsewhere}\`` }],
      help: canSend
        ? `write \`${relation.name}(...)@async\` to send the tuple there, or ${local}`
        : `${local}, or send a message over a channel to the node and derive it there`,
      fixes: canSend ? [asyncFix(head)] : [],
    },
  );
}

function asyncFix({ source }: HeadDraft): {
  title: string;
  edits: readonly { span: Span; text: string }[];
} {
  const { span } = source;
  if (source.time === 'now')
    return {
      title: 'add `@async`',
      edits: [{ span: { ...span, start: span.end }, text: '@async' }],
    };
  const at = span.file.text.slice(span.start, span.end).lastIndexOf('@');
  return {
    title: 'write `@async`',
    edits: [{ span: { ...span, start: span.start + Math.max(0, at) }, text: '@async' }],
  };
}
