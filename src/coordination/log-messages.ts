/**
 * Reading log messages that come from the wire.
 *
 * Nothing that a peer sends may break a node, so each field is checked and the message is built
 * afresh from the fields that belong to it; whatever does not fit gives null and is dropped, which
 * to the protocol is a lost message. What the fields say is judged by the protocol itself: here a
 * `prepare` for somebody else's ballot is well formed.
 */
import type {
  AcceptedSlot,
  Ballot,
  LogEntry,
  LogMessage,
  LogMessageBody,
  SlotContent,
} from './log-types.js';

type Fields = Readonly<Record<string, unknown>>;
type Reader<Body> = (fields: Fields) => Body | null;
type Readers = { readonly [Kind in LogMessageBody['kind']]: Reader<LogMessageBody> };

/** Stands for a field that does not fit; null is a value that some fields may have. */
const malformed = Symbol('malformed');
type Read<Value> = Value | typeof malformed;

function isFields(data: unknown): data is Fields {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

function text(data: unknown): Read<string> {
  return typeof data === 'string' && data.length > 0 ? data : malformed;
}

function index(data: unknown): Read<number> {
  // Minus zero would be a second spelling of slot 0.
  return Number.isSafeInteger(data) && (data as number) >= 0 ? (data as number) + 0 : malformed;
}

function ballot(data: unknown): Read<Ballot> {
  if (!isFields(data)) return malformed;
  const round = index(data['round']);
  const member = text(data['member']);
  if (round === malformed || round === 0 || member === malformed) return malformed;
  return { round, member };
}

function logEntry(data: unknown): Read<LogEntry> {
  if (!isFields(data) || !Object.hasOwn(data, 'payload')) return malformed;
  const id = text(data['id']);
  const sender = text(data['sender']);
  const payload = data['payload'];
  if (id === malformed || sender === malformed || payload === undefined) return malformed;
  return { id, sender, payload };
}

function orNull<Value>(data: unknown, read: (data: unknown) => Read<Value>): Read<Value | null> {
  return data === null ? null : read(data);
}

function content(data: unknown): Read<SlotContent> {
  return orNull(data, logEntry);
}

function acceptedSlot(data: unknown): Read<AcceptedSlot> {
  if (!isFields(data)) return malformed;
  const slot = index(data['slot']);
  const vote = ballot(data['ballot']);
  const entry = content(data['entry']);
  if (slot === malformed || vote === malformed || entry === malformed) return malformed;
  return { slot, ballot: vote, entry };
}

function listOf<Value>(data: unknown, read: (data: unknown) => Read<Value>): Read<Value[]> {
  if (!Array.isArray(data)) return malformed;
  const values: Value[] = [];
  for (const item of data) {
    const value = read(item);
    if (value === malformed) return malformed;
    values.push(value);
  }
  return values;
}

const readers: Readers = {
  join: () => ({ kind: 'join' }),
  joined: (fields) => {
    const registered = text(fields['registered']);
    return registered === malformed ? null : { kind: 'joined', registered };
  },
  stranger: (fields) => {
    const refused = text(fields['refused']);
    return refused === malformed ? null : { kind: 'stranger', refused };
  },
  forward: (fields) => {
    const next = index(fields['next']);
    const entries = listOf(fields['entries'], logEntry);
    if (next === malformed || entries === malformed) return null;
    return { kind: 'forward', next, entries };
  },
  prepare: (fields) => {
    const own = ballot(fields['ballot']);
    const next = index(fields['next']);
    return own === malformed || next === malformed ? null : { kind: 'prepare', ballot: own, next };
  },
  promise: (fields) => {
    const own = ballot(fields['ballot']);
    const next = index(fields['next']);
    const accepted = listOf(fields['accepted'], acceptedSlot);
    if (own === malformed || next === malformed || accepted === malformed) return null;
    return { kind: 'promise', ballot: own, next, accepted };
  },
  refuse: (fields) => {
    const own = ballot(fields['ballot']);
    const promised = ballot(fields['promised']);
    if (own === malformed || promised === malformed) return null;
    return { kind: 'refuse', ballot: own, promised };
  },
  accept: (fields) => {
    const vote = acceptedSlot(fields);
    return vote === malformed ? null : { kind: 'accept', ...vote };
  },
  accepted: (fields) => {
    const own = ballot(fields['ballot']);
    const slot = index(fields['slot']);
    return own === malformed || slot === malformed ? null : { kind: 'accepted', ballot: own, slot };
  },
  decisions: (fields) => {
    const highest = orNull(fields['ballot'], ballot);
    const from = index(fields['from']);
    const entries = listOf(fields['entries'], content);
    const next = index(fields['next']);
    if (highest === malformed || from === malformed) return null;
    if (entries === malformed || next === malformed || next < from + entries.length) return null;
    return { kind: 'decisions', ballot: highest, from, entries, next };
  },
  'catch-up': (fields) => {
    const from = index(fields['from']);
    return from === malformed ? null : { kind: 'catch-up', from };
  },
};

/** The kinds of messages that nodes of a log exchange, sorted. */
export const logMessageKinds: readonly string[] = Object.keys(readers).sort();

function isKind(kind: unknown): kind is LogMessageBody['kind'] {
  return typeof kind === 'string' && Object.hasOwn(readers, kind);
}

/**
 * The message that `data`, the parsed JSON of a peer, spells; null if it is malformed in any way.
 */
export function parseLogMessage(data: unknown): LogMessage | null {
  if (!isFields(data) || !isKind(data['kind'])) return null;
  const incarnation = text(data['incarnation']);
  const body = readers[data['kind']](data);
  return body === null || incarnation === malformed ? null : { ...body, incarnation };
}
