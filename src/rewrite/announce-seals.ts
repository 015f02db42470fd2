/**
 * How readers learn that all producers have sealed a key, and that all tuples are there.
 *
 * A producer whose key closes sends each node one mark, with the number of distinct tuples that it
 * has sent it under that key. A reader counts the distinct tuples of each sender; a key is sealed
 * when it lacks no producer, where a producer lacks nothing if its mark is there and as many tuples
 * as it says. Marks and tuples only become more, and producers are static: so the key stays sealed.
 */
import type { Span } from '../base/span.js';
import type { AtomArgument, Column, HeadArgument, Literal, Term } from '../semantics/program.js';
import { addrType, boolType, intType } from '../semantics/relate-types.js';
import { keyColumns, sealOrigin } from './note-closing.js';
import type { Closing } from './note-closing.js';
import { atomOf, termsOf, variable } from './program-draft.js';
import type { ProgramDraft } from './program-draft.js';
import { copyShape } from './seal-scheme.js';
import type { SealScheme } from './seal-scheme.js';
import type { TaggedSenders } from './tag-senders.js';
import { promiseLiteral } from './watch-promises.js';

/** The table of keys that are sealed, as `sealed` literals read it. */
export function announceSeals(
  draft: ProgramDraft,
  scheme: SealScheme,
  tagged: TaggedSenders,
  closing: Closing,
): string {
  const marks = sendMarks(draft, scheme, tagged, closing);
  const done = tagged.carrier === null ? marks : countArrivals(draft, scheme, tagged, marks);
  const { relation, key, producer, span } = scheme;
  const origin = sealOrigin(scheme);
  const shape = {
    columns: keyColumns(scheme),
    location: null,
    keyLength: null,
    durable: relation.durable,
    doc: null,
    span,
  };
  const lacks = draft.declare(
    `${relation.name}_lacks`,
    { ...shape, kind: 'scratch' },
    { relation: relation.name, how: 'keys that lack a producer' },
  );
  const sealed = draft.declare(
    `${relation.name}_sealed`,
    { ...shape, kind: 'table' },
    { relation: relation.name, how: 'keys that are sealed' },
  );
  const isMarked = atomOf(marks.relation, [wildcard(scheme), ...key, ...marks.rest], span);
  draft.derive({
    head: lacks,
    mode: 'now',
    arguments: termsOf(key),
    body: [
      isMarked,
      closing.isProducer(producer),
      atomOf(done.relation, [producer, ...key, ...done.rest], span, true),
    ],
    origin,
  });
  draft.derive({
    head: sealed,
    mode: 'next',
    arguments: termsOf(key),
    body: [isMarked, atomOf(lacks, key, span, true)],
    origin,
  });
  return sealed;
}

/** A relation of producer and key, and what stands behind them where that does not matter. */
interface ByProducer {
  readonly relation: string;
  readonly rest: readonly AtomArgument[];
}

function wildcard({ span }: SealScheme): AtomArgument {
  return { kind: 'wildcard', type: addrType, span };
}

/** The marks that have arrived: producer, key and, if tuples travel, how many. */
function sendMarks(
  draft: ProgramDraft,
  scheme: SealScheme,
  { carrier, additions }: TaggedSenders,
  { closing, told }: Closing,
): ByProducer {
  const { relation, key, producer, reader, row, span, spare } = scheme;
  const origin = sealOrigin(scheme);
  const isCounted = carrier !== null;
  const from = { name: spare('from'), type: addrType, span };
  const number = variable(spare('n'), intType, span);
  const columns = [
    from,
    ...keyColumns(scheme),
    ...(isCounted ? [{ name: number.name, type: intType, span }] : []),
  ];
  const shape = { keyLength: null, durable: relation.durable, doc: null, span };
  const mark = draft.declare(
    `${relation.name}_end`,
    {
      ...shape,
      kind: 'channel',
      columns: [{ name: spare('at'), type: addrType, span }, ...columns],
      location: 0,
    },
    { relation: relation.name, how: 'keys that a producer seals, told to all' },
  );
  const marks = draft.declare(
    `${relation.name}_ended`,
    {
      ...shape,
      kind: 'table',
      columns,
      location: null,
    },
    { relation: relation.name, how: 'keys that producers have sealed' },
  );
  const counted = isCounted ? [number] : [];
  draft.derive({
    head: marks,
    mode: 'now',
    arguments: termsOf([producer, ...key, ...counted]),
    body: [atomOf(mark, [wildcard(scheme), producer, ...key, ...counted], span)],
    origin,
  });
  const send = (count: readonly HeadArgument[], body: readonly Literal[]): void => {
    draft.derive({
      head: mark,
      mode: 'async',
      arguments: [...termsOf([reader, producer, ...key]), ...count],
      body: [
        atomOf(closing, key, span),
        atomOf(draft.use('cluster', span), [reader], span),
        atomOf(draft.use('self', span), [producer], span),
        ...body,
      ],
      origin,
    });
  };
  if (!isCounted) {
    send([], []);
    return { relation: marks, rest: [] };
  }
  const sent = declareSent(draft, scheme, additions, told);
  const to = relation.location!;
  const toReader = row.map((each, i) => (i === to ? reader : each));
  const count = countOf(span);
  send([count], [atomOf(sent, toReader, span)]);
  const anyOfKey = row.map((each, i): AtomArgument => {
    if (i === to) return reader;
    return key.includes(each) ? each : { kind: 'wildcard', type: each.type, span };
  });
  send([{ kind: 'term', term: zero(span) }], [atomOf(sent, anyOfKey, span, true)]);
  return { relation: marks, rest: [{ kind: 'wildcard', type: intType, span }] };
}

function zero(span: SealScheme['span']): Term & { kind: 'constant' } {
  return { kind: 'constant', value: 0, type: intType, span };
}

/** All that the node has added so far, this timestep included. */
function declareSent(
  draft: ProgramDraft,
  scheme: SealScheme,
  additions: TaggedSenders['additions'],
  told: string,
): string {
  const { relation, row, span } = scheme;
  const sent = draft.declare(`${relation.name}_sent`, copyShape(scheme), {
    relation: relation.name,
    how: 'as sent so far',
  });
  for (const each of [told, ...additions.map((addition) => addition.relation)])
    draft.derive({
      head: sent,
      mode: 'now',
      arguments: termsOf(row),
      body: [atomOf(each, row, span)],
      origin: sealOrigin(scheme),
    });
  return sent;
}

/** Producers whose mark has arrived, with as many of their tuples as it says. */
function countArrivals(
  draft: ProgramDraft,
  scheme: SealScheme,
  { carrier, additions }: TaggedSenders,
  marks: ByProducer,
): ByProducer {
  const { relation, key, row, producer, span, spare, reader } = scheme;
  const origin = sealOrigin(scheme);
  const from: Column = { name: spare('from'), type: addrType, span };
  const shape = { location: null, keyLength: null, durable: relation.durable, doc: null, span };
  const got = draft.declare(
    `${relation.name}_got`,
    {
      ...shape,
      kind: 'table',
      columns: [from, ...relation.columns],
    },
    { relation: relation.name, how: 'by producer' },
  );
  const take = (body: readonly Literal[]): void =>
    draft.derive({ head: got, mode: 'now', arguments: termsOf([producer, ...row]), body, origin });
  take([atomOf(carrier!, [producer, ...row], span)]);
  for (const { relation: out, isSent } of additions)
    if (!isSent) take([atomOf(out, row, span), atomOf(draft.use('self', span), [producer], span)]);
  const [announced, arrived] = [spare('announced'), spare('arrived')].map((name) =>
    variable(name, intType, span),
  ) as [ReturnType<typeof variable>, ReturnType<typeof variable>];
  const byProducer = [from, ...keyColumns(scheme)];
  const came = draft.declare(
    `${relation.name}_came`,
    {
      ...shape,
      kind: 'scratch',
      columns: [...byProducer, { name: arrived.name, type: intType, span }],
    },
    { relation: relation.name, how: 'counted by producer' },
  );
  const count = countOf(span);
  const marked = (number: AtomArgument): Literal =>
    atomOf(marks.relation, [producer, ...key, number], span);
  const [anyNumber] = marks.rest;
  draft.derive({
    head: came,
    mode: 'now',
    arguments: [...termsOf([producer, ...key]), count],
    body: [marked(anyNumber!), atomOf(got, [producer, ...row], span)],
    origin,
  });
  const done = draft.declare(
    `${relation.name}_done`,
    {
      ...shape,
      kind: 'scratch',
      columns: byProducer,
    },
    { relation: relation.name, how: 'keys of which all has come' },
  );
  const end = (body: readonly Literal[]): void =>
    draft.derive({ head: done, mode: 'now', arguments: termsOf([producer, ...key]), body, origin });
  const compared = (operator: string): Term => ({
    kind: 'apply',
    function: operator,
    arguments: [arrived, announced],
    type: boolType,
    span,
  });
  const counted = [marked(announced), atomOf(came, [producer, ...key, arrived], span)];
  end([marked(zero(span))]);
  end([...counted, { kind: 'condition', term: compared('>='), span }]);
  const over = draft.declare(
    `${relation.name}_over`,
    {
      ...shape,
      kind: 'scratch',
      columns: byProducer,
    },
    { relation: relation.name, how: 'keys of which more has come than was promised' },
  );
  draft.derive({
    head: over,
    mode: 'now',
    arguments: termsOf([producer, ...key]),
    body: [
      ...counted,
      atomOf(draft.use('self', span), [reader], span),
      promiseLiteral(
        scheme,
        compared('<='),
        producer,
        [`has announced fewer tuples of \`${relation.name}\` than came from it to `],
        [reader, ...key],
      ),
    ],
    origin,
  });
  return { relation: done, rest: [] };
}

/** `count<*>` */
function countOf(span: Span): HeadArgument {
  return { kind: 'aggregate', function: 'count', arguments: [], type: intType, span };
}
