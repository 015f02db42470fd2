/**
 * What a producer keeps of its own promises: which keys it has sealed, and what it had added by then.
 *
 * A key *closes* in the first timestep in which the condition of the seal holds, and is *closed* from
 * the next one on: what is added in the same timestep still counts.
 */
import type { AtomArgument, Column, Literal, Origin, Variable } from '../semantics/program.js';
import { addrType } from '../semantics/relate-types.js';
import type { SealProducers } from '../semantics/remarks.js';
import { atomOf, termsOf, variable } from './program-draft.js';
import type { ProgramDraft } from './program-draft.js';
import type { SealScheme } from './seal-scheme.js';
import type { TaggedSenders } from './tag-senders.js';

export interface Closing {
  /** Keys that close in this timestep, and keys that have closed before. */
  readonly closing: string;
  readonly closed: string;
  /** What the node had added before this timestep. */
  readonly told: string;
  /** The literal that holds of producers. */
  readonly isProducer: (node: Variable, negated?: boolean) => Literal;
}

export function noteClosing(
  draft: ProgramDraft,
  scheme: SealScheme,
  { additions }: TaggedSenders,
): Closing {
  const { relation, seal, key, row, span, producer, listens } = scheme;
  const origin = sealOrigin(scheme);
  const columns = keyColumns(scheme);
  const shape = {
    columns,
    location: null,
    keyLength: null,
    durable: relation.durable,
    doc: null,
    span,
  };
  const closing = draft.declare(
    `${relation.name}_closing`,
    { ...shape, kind: 'scratch' },
    { relation: relation.name, how: 'keys that are being sealed' },
  );
  const closed = draft.declare(
    `${relation.name}_${listens ? 'closed' : 'sealed'}`,
    { ...shape, kind: 'table' },
    { relation: relation.name, how: 'keys that are sealed here' },
  );
  const isProducer = producersOf(draft, scheme);
  draft.derive({
    head: closing,
    mode: 'now',
    arguments: termsOf(key),
    body: [
      atomOf(
        seal.when.relation,
        seal.when.arguments.map((each) => renamed(each, scheme)),
        span,
      ),
      ...(seal.producers === null
        ? []
        : [atomOf(draft.use('self', span), [producer], span), isProducer(producer)]),
      atomOf(closed, key, span, true),
    ],
    origin,
  });
  draft.derive({
    head: closed,
    mode: 'next',
    arguments: termsOf(key),
    body: [atomOf(closing, key, span)],
    origin,
  });
  const told = draft.declare(
    `${relation.name}_told`,
    {
      ...shape,
      columns: relation.columns,
      kind: 'table',
    },
    { relation: relation.name, how: 'as told so far' },
  );
  const tell = (body: readonly Literal[]): void =>
    draft.derive({ head: told, mode: 'next', arguments: termsOf(row), body, origin });
  // A table still has what it was given: to look at it when a key closes is enough.
  const isKept = relation.kind === 'table' && !scheme.travels;
  const atClosing = isKept ? [atomOf(closing, key, span)] : [];
  const added = new Set(additions.map((addition) => addition.relation));
  if (isKept) added.add(relation.name);
  for (const each of added) tell([...atClosing, atomOf(each, row, span)]);
  return { closing, closed, told, isProducer };
}

export function sealOrigin({ seal, span }: SealScheme): Origin {
  return { rule: `seal ${seal.relation}`, span, rewrite: 'seal' };
}

/** The sealed columns. */
export function keyColumns({ key, span }: SealScheme): readonly Column[] {
  return key.map(({ name, type }) => ({ name, type, span }));
}

/** An argument of the seal as the made rules say it. */
function renamed(argument: AtomArgument, { seal, producer }: SealScheme): AtomArgument {
  const isProducer = argument.kind === 'variable' && argument.name === seal.producers?.variable;
  return isProducer ? { ...argument, name: producer.name } : argument;
}

/** Without `from` every node is a producer. */
function producersOf(draft: ProgramDraft, scheme: SealScheme): Closing['isProducer'] {
  const { seal, span } = scheme;
  const { producers } = seal;
  if (producers === null)
    return (node, negated) => atomOf(draft.use('cluster', span), [node], span, negated);
  const named = producers.arguments[producers.column]!;
  const isAddress = named.type.kind === 'addr';
  const relation = isAddress ? producers.relation : declareProducers(draft, scheme, producers);
  return (node, negated) => {
    const items = isAddress
      ? producers.arguments.map((each, i): AtomArgument => (i === producers.column ? node : each))
      : [node];
    return atomOf(relation, items, span, negated);
  };
}

/** A static of node names from one of strings. */
function declareProducers(
  draft: ProgramDraft,
  scheme: SealScheme,
  producers: SealProducers,
): string {
  const { span, spare, seal } = scheme;
  const node = variable(spare('node'), addrType, span);
  const named = producers.arguments[producers.column]!;
  const head = draft.declare(
    `${seal.relation}_producer`,
    {
      kind: 'static',
      columns: [{ name: node.name, type: addrType, span }],
      location: null,
      keyLength: null,
      durable: false,
      doc: null,
      span,
    },
    { relation: seal.relation, how: 'its producers' },
  );
  if (named.kind !== 'variable') return head;
  const term = {
    kind: 'apply',
    function: 'to_addr',
    arguments: [named],
    type: addrType,
    span,
  } as const;
  draft.derive({
    head,
    mode: 'now',
    arguments: termsOf([node]),
    body: [
      atomOf(producers.relation, producers.arguments, span),
      { kind: 'assign', variable: node, term, span },
    ],
    origin: sealOrigin(scheme),
  });
  return head;
}
