/**
 * A promise that is broken fails the timestep that would break it, so that nothing of it is stored
 * or sent: a node that has sealed a key adds no tuple of it that it had not added before, and where
 * `from` names the producers, nobody else adds any.
 */
import type { Literal, Term, Variable } from '../semantics/program.js';
import type { Span } from '../base/span.js';
import { promised } from '../builtins/promise.js';
import { boolType, stringType } from '../semantics/relate-types.js';
import type { Closing } from './note-closing.js';
import { atomOf, termsOf } from './program-draft.js';
import type { ProgramDraft } from './program-draft.js';
import { copyShape } from './seal-scheme.js';
import type { SealScheme } from './seal-scheme.js';
import type { TaggedSenders } from './tag-senders.js';

export function watchPromises(
  draft: ProgramDraft,
  scheme: SealScheme,
  { additions }: TaggedSenders,
  { closed, told, isProducer }: Closing,
): void {
  const { relation, seal, key, row, producer, span } = scheme;
  const shape = copyShape(scheme);
  const late = draft.declare(`${relation.name}_late`, shape, {
    relation: relation.name,
    how: 'added after its seal',
  });
  const stray =
    seal.producers === null
      ? null
      : draft.declare(`${relation.name}_stray`, shape, {
          relation: relation.name,
          how: 'of no producer',
        });
  const ofKey = key.flatMap((each, i) => [`${i === 0 ? ' for' : ','} ${each.name} `, each]);
  for (const { relation: added, origin } of additions) {
    const own = [
      atomOf(added, row, origin.span),
      atomOf(draft.use('self', span), [producer], span),
    ];
    const fail = (head: string, body: readonly Literal[], deed: readonly Said[]): void =>
      draft.derive({
        head,
        mode: 'now',
        arguments: termsOf(row),
        body: [...own, ...body, promiseLiteral(scheme, no(scheme), producer, deed, row)],
        origin,
      });
    const isLate = [atomOf(closed, key, span), atomOf(told, row, span, true)];
    fail(late, isLate, [
      `has sealed \`${relation.name}\``,
      ...ofKey,
      `, and now adds ${relation.name}`,
    ]);
    if (stray === null) continue;
    const deed = `is no producer of \`${relation.name}\` (\`from ${seal.producers!.relation}\`), and yet adds ${relation.name}`;
    fail(stray, [isProducer(producer, true)], [deed]);
  }
}

/** A part of a text: words, or a value. */
type Said = string | Variable;

/** What holds as long as the promise does; else the timestep fails, and says which tuple is to blame. */
export function promiseLiteral(
  { span }: Pick<SealScheme, 'span'>,
  isKept: Term,
  node: Variable,
  deed: readonly Said[],
  row: readonly Variable[],
): Literal {
  const items: Term = {
    kind: 'list',
    items: [],
    type: { kind: 'list', item: { kind: 'any' } },
    span,
  };
  const shown: Term =
    row.length === 0
      ? items
      : {
          kind: 'tuple',
          items: row,
          type: { kind: 'tuple', items: row.map(({ type }) => type) },
          span,
        };
  const term: Term = {
    kind: 'apply',
    function: promised,
    arguments: [isKept, node, textOf(deed, span), shown],
    type: boolType,
    span,
  };
  return { kind: 'condition', term, span };
}

/** The parts, one after the other. */
function textOf(parts: readonly Said[], span: Span): Term {
  const apply = (name: string, given: readonly Term[]): Term => ({
    kind: 'apply',
    function: name,
    arguments: given,
    type: stringType,
    span,
  });
  return parts
    .map((part): Term =>
      typeof part === 'string'
        ? { kind: 'constant', value: part, type: stringType, span }
        : apply('to_string', [part]),
    )
    .reduce((before, part) => apply('++', [before, part]));
}

function no({ span }: SealScheme): Term {
  return { kind: 'constant', value: false, type: boolType, span };
}
