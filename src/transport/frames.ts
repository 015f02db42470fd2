/**
 * The wire format, version 1: every message is one JSON text of one WebSocket message.
 *
 *   hello    {v, program, node, to, incarnation, lastSeq, lastOf}   the dialling side, first
 *   welcome  {v, program, node, to, incarnation, lastSeq, lastOf}   the answer that opens the link
 *   refuse   {reason, detail}                                       the answer that does not
 *   data     {seq, timestep, rows: [[relation, [row, ...]], ...]}
 *   ack      {seq}      skip  {seq}      log  {message}      bye  {}
 *   durable  {origin, first, seq, timestep, rows}
 *   applied  {origin, seqs, count}      memory  {count, newest: {origin, seq} or null}
 *   piece    {text, isLast}             a part of the text of a longer message (pieces.ts)
 *
 * Each has a `kind`. Whatever comes from outside is checked whole before any of it is used: length,
 * nesting (before it is parsed, so that no text can exhaust the stack), and every field; unknown
 * fields are ignored. `decodeMessage` never throws.
 */
import type { Json } from '../base/value-json.js';
import { decodeContent, encodeContent } from '../node/content-json.js';
import type { Frame } from '../node/frames.js';
import { readLogMessage } from '../node/log-port.js';
import type { Piece } from './pieces.js';

/** The version of the protocol that this code speaks. */
export const wireVersion = 1;
/** UTF-16 code units of one message; a socket's limit in bytes is set to the same number. */
export const mostMessageLength = 64 * 1024 * 1024;
/** Brackets within brackets: three for each level of a value, and what stands around it. */
export const mostBrackets = 640;
const mostNameLength = 200;

/** What two nodes must have in common, as one hash text a part. */
export interface Fingerprint {
  readonly language: string;
  readonly program: string;
  readonly params: string;
  readonly coordination: string;
}

/** The parts of a fingerprint, in the order in which differences are told. */
export const fingerprintParts = ['language', 'program', 'params', 'coordination'] as const;

/** Who a node is, and how far the other's frames have come. */
export interface Introduction {
  readonly v: number;
  readonly program: Fingerprint;
  readonly node: string;
  /** The name under which it knows the other side. */
  readonly to: string;
  readonly incarnation: string;
  /** All data frames of the process `lastOf` up to this number have arrived. */
  readonly lastSeq: number;
  /** An incarnation of the other side; null if it was never heard of. */
  readonly lastOf: string | null;
}

/** Why a handshake fails. `duplicate`: a better connection between the two exists, which is no error. */
export const refusalReasons = [
  'version',
  'unknown-node',
  'same-name',
  'wrong-node',
  'fingerprint',
  'duplicate',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

export type WireMessage =
  | ({ readonly kind: 'hello' | 'welcome' } & Introduction)
  /** A hello or welcome of another version: nothing else of it can be relied on. */
  | { readonly kind: 'foreign'; readonly v: number }
  | { readonly kind: 'refuse'; readonly reason: RefusalReason; readonly detail: string }
  | Frame;

/** What one message of a socket holds. */
type SocketMessage = WireMessage | Piece;

/** The text of a frame. */
export function encodeFrame(frame: Frame): string {
  return JSON.stringify(frameJson(frame));
}

function frameJson(frame: Frame): unknown {
  if (frame.kind !== 'data' && frame.kind !== 'durable') return frame;
  const { batch, ...rest } = frame;
  const rows: Json = encodeContent(batch);
  return { ...rest, rows };
}

/** The text of a message of the handshake. */
export function encodeHandshake(
  message: Extract<WireMessage, { kind: 'hello' | 'welcome' | 'refuse' }>,
): string {
  return JSON.stringify(message);
}

/** The message, or null for anything that is none. */
export function decodeMessage(
  text: string,
  mostLength: number = mostMessageLength,
): SocketMessage | null {
  if (text.length > mostLength || !isShallow(text)) return null;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  return isObject(json) ? decodeObject(json) : null;
}

type JsonObject = Readonly<Record<string, unknown>>;

function decodeObject(json: JsonObject): SocketMessage | null {
  switch (json['kind']) {
    case 'hello':
    case 'welcome':
      return decodeIntroduction(json['kind'], json);
    case 'refuse':
      return decodeRefusal(json);
    case 'data':
      return decodeData(json);
    case 'durable':
      return decodeDurable(json);
    case 'applied': {
      const { origin, seqs, count } = json;
      const isFine = isName(origin) && Array.isArray(seqs) && seqs.every(isCount);
      return isFine && isCount(count) ? { kind: 'applied', origin, seqs, count } : null;
    }
    case 'memory':
      return decodeMemory(json);
    case 'piece': {
      const { text, isLast } = json;
      const isFine = typeof text === 'string' && text.length > 0 && typeof isLast === 'boolean';
      return isFine ? { kind: 'piece', text, isLast } : null;
    }
    case 'ack':
    case 'skip':
      return isCount(json['seq']) ? { kind: json['kind'], seq: json['seq'] } : null;
    case 'log': {
      const message = readLogMessage(json['message']);
      return message === null ? null : { kind: 'log', message };
    }
    case 'bye':
      return { kind: 'bye' };
    default:
      return null;
  }
}

function decodeIntroduction(kind: 'hello' | 'welcome', json: JsonObject): WireMessage | null {
  const { v, node, to, incarnation, lastSeq, lastOf } = json;
  if (!isCount(v)) return null;
  if (v !== wireVersion) return { kind: 'foreign', v };
  const program = decodeFingerprint(json['program']);
  if (program === null || !isName(node) || !isName(to) || !isName(incarnation)) return null;
  if (!isCount(lastSeq) || !(lastOf === null || isName(lastOf))) return null;
  return { kind, v, program, node, to, incarnation, lastSeq, lastOf };
}

function decodeFingerprint(json: unknown): Fingerprint | null {
  if (!isObject(json)) return null;
  const { language, program, params, coordination } = json;
  if (!isName(language) || !isName(program) || !isName(params) || !isName(coordination))
    return null;
  return { language, program, params, coordination };
}

function decodeRefusal(json: JsonObject): WireMessage | null {
  const { reason, detail } = json;
  const known = refusalReasons.find((candidate) => candidate === reason);
  if (known === undefined || typeof detail !== 'string') return null;
  return { kind: 'refuse', reason: known, detail: detail.slice(0, mostNameLength) };
}

function decodeDurable(json: JsonObject): WireMessage | null {
  const { origin, first } = json;
  const data = decodeData(json);
  if (data === null || !isName(origin) || !isCount(first) || first === 0) return null;
  return { ...data, kind: 'durable', origin, first };
}

function decodeMemory({ count, newest }: JsonObject): WireMessage | null {
  if (!isCount(count)) return null;
  if (newest === null) return { kind: 'memory', count, newest };
  if (!isObject(newest)) return null;
  const { origin, seq } = newest;
  return isName(origin) && isCount(seq) ? { kind: 'memory', count, newest: { origin, seq } } : null;
}

function decodeData(json: JsonObject): Extract<Frame, { kind: 'data' }> | null {
  const { seq, timestep } = json;
  const batch = decodeContent(json['rows']);
  if (!isCount(seq) || seq === 0 || !isCount(timestep) || batch === undefined) return null;
  return { kind: 'data', seq, timestep, batch };
}

function isObject(json: unknown): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function isCount(json: unknown): json is number {
  return Number.isSafeInteger(json) && (json as number) >= 0;
}

function isName(json: unknown): json is string {
  return typeof json === 'string' && json.length > 0 && json.length <= mostNameLength;
}

/** Whether the brackets outside of strings nest within bounds. */
function isShallow(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === quote) {
      i = endOfString(text, i);
    } else if (unit === openBracket || unit === openBrace) {
      depth += 1;
      if (depth > mostBrackets) return false;
    } else if (unit === closeBracket || unit === closeBrace) {
      depth -= 1;
    }
  }
  return true;
}

function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text.charCodeAt(i) !== quote) {
    i += text.charCodeAt(i) === backslash ? 2 : 1;
  }
  return i;
}

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
