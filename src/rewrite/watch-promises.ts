/**
 * A promise that is broken fails the timestep that would break it, so that nothing of it is stored
 * or sent: a node that has sealed a key adds no tuple of it that it had not added before, and where
 * `from` names the producers, nobody else adds any.
 */
import type { Literal, Term, Variable } from '../semantics/program.js';
import { promised } from '../builtins/promise.js';
import { boolType, stringType } from '../semantics/relate-types.js';
import type { Closing } from './note-closing.js';
import { atomOf, termsOf } from './program-draft.js';
import type { ProgramDraft } from './program-draft.js';
import type { SealScheme } from './seal-scheme.js';
import type { TaggedSenders } from './tag-senders.js';

export function watchPromises(
  draft: ProgramDraft,
  scheme: SealScheme,
  { additions }: TaggedSenders,
  { closed, told, isProducer }: Closing,
): void {
  const { relation, seal, key, row, producer, span } = scheme;
  const shape = {
    kind: 'scratch',
    columns: relation.columns,
    location: null,
    keyLength: null,
    durable: relation.durable,
    doc: null,
    span,
  } as const;
  const late = draft.declare(`${relation.name}_late`, shape);
  const stray = seal.producers === null ? null : draft.declare(`${relation.name}_stray`, shape);
  const what = key.length === 0 ? '' : ` for this ${key.map(({ name }) => name).join(', ')}`;
  for (const { relation: added, origin } of additions) {
    const own = [
      atomOf(added, row, origin.span),
      atomOf(draft.use('self', span), [producer], span),
    ];
    const fail = (head: string, body: readonly Literal[], deed: string): void =>
      draft.derive({
        head,
        mode: 'now',
        arguments: termsOf(row),
        body: [...own, ...body, promiseLiteral(scheme, no(scheme), producer, deed, row)],
        origin,
      });
    const isLate = [atomOf(closed, key, span), atomOf(told, row, span, true)];
    fail(late, isLate, `has sealed \`${relation.name}\`${what}, and now adds ${relation.name}`);
    if (stray === null) continue;
    const deed = `is no producer of \`${relation.name}\` (\`from ${seal.producers!.relation}\`), and yet adds ${relation.name}`;
    fail(stray, [isProducer(producer, true)], deed);
  }
}

/** What holds as long as the promise does; else the timestep fails, and says which tuple is to blame. */
export function promiseLiteral(
  { span }: Pick<SealScheme, 'span'>,
  isKept: Term,
  node: Variable,
  deed: string,
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
  const text: Term = { kind: 'constant', value: deed, type: stringType, span };
  const term: Term = {
    kind: 'apply',
    function: promised,
    arguments: [isKept, node, text, shown],
    type: boolType,
    span,
  };
  return { kind: 'condition', term, span };
}

function no({ span }: SealScheme): Term {
  return { kind: 'constant', value: false, type: boolType, span };
}
