/**
 * A node's content as records of a store of texts by texts. Keys and values are JSON, with values of
 * the language in the exact form, so every text that may occur is plain ASCII or UTF-8:
 *
 *   ["sum"]                 the sum of the checksums of all other records
 *   ["schema"]              {format, node, relations}
 *   ["origin"]              the incarnation that wrote last
 *   ["row", relation, ..]   the row, by the columns of its key
 *   ["lane", peer, origin]        [nth, the last number given]
 *   ["frame", peer, origin, seq]  [timestep, content]
 *   ["answer", peer]              how many batches it has said to have applied
 *   ["receipt", peer, origin]     [nth, seq, ahead]
 *
 * Decoding answers `null` for anything that encoding does not produce, and throws at nothing.
 */
import { decodeRow, encodeRow } from '../base/value-json.js';
import type { Row } from '../base/value.js';
import { decodeContent, encodeContent } from '../node/content-json.js';
import type {
  StoredAnswer,
  StoredBatch,
  StoredFrame,
  StoredLane,
  StoredReceipt,
} from '../node/storage.js';

/** One change of a store. */
export type RecordChange =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  /** `was`: what the record held, where the change knows. */
  | { readonly type: 'del'; readonly key: string; readonly was: string | null };

/** What a record says. */
export type StoredRecord =
  | { readonly kind: 'schema'; readonly json: unknown }
  | { readonly kind: 'origin'; readonly origin: string }
  | { readonly kind: 'row'; readonly relation: string; readonly row: Row }
  | { readonly kind: 'lane'; readonly lane: StoredLane }
  | { readonly kind: 'frame'; readonly frame: StoredFrame }
  | { readonly kind: 'answer'; readonly answer: StoredAnswer }
  | { readonly kind: 'receipt'; readonly receipt: StoredReceipt };

export const sumKey = JSON.stringify(['sum']);
export const schemaKey = JSON.stringify(['schema']);
const originKey = JSON.stringify(['origin']);

/** Whether the record under this key is a row. */
export function isRowKey(key: string): boolean {
  return key.startsWith('["row",');
}

function put(key: readonly unknown[], value: unknown): RecordChange {
  return { type: 'put', key: JSON.stringify(key), value: JSON.stringify(value) };
}

/** The changes that a batch makes, in an order in which they may be made. */
export function changesOf(
  batch: StoredBatch,
  keyLengthOf: (relation: string) => number,
): readonly RecordChange[] {
  const changes: RecordChange[] = [];
  if (batch.origin !== null)
    changes.push({ type: 'put', key: originKey, value: JSON.stringify(batch.origin) });
  for (const { relation, added, removed } of batch.relations) {
    const length = keyLengthOf(relation);
    const keyOf = (row: Row): readonly unknown[] => [
      'row',
      relation,
      ...encodeRow(row.slice(0, length)),
    ];
    for (const row of removed) {
      const was = JSON.stringify(encodeRow(row));
      changes.push({ type: 'del', key: JSON.stringify(keyOf(row)), was });
    }
    for (const row of added) changes.push(put(keyOf(row), encodeRow(row)));
  }
  changes.push(...changesOfLanes(batch));
  return changes;
}

function changesOfLanes(batch: StoredBatch): readonly RecordChange[] {
  const changes: RecordChange[] = [];
  for (const { peer, origin, seq, timestep, batch: content } of batch.posted)
    changes.push(put(['frame', peer, origin, seq], [timestep, encodeContent(content)]));
  for (const { peer, origin, nth, lastSeq } of batch.lanes)
    changes.push(put(['lane', peer, origin], [nth, lastSeq]));
  for (const { peer, origin, seq } of batch.settled)
    changes.push({ type: 'del', key: JSON.stringify(['frame', peer, origin, seq]), was: null });
  for (const { peer, applied } of batch.answers) changes.push(put(['answer', peer], applied));
  for (const { peer, origin, nth, seq, ahead } of batch.receipts)
    changes.push(put(['receipt', peer, origin], [nth, seq, ahead]));
  return changes;
}

/** What a record says; null for one that no node has written. */
export function readRecord(key: string, value: string): StoredRecord | null {
  const [keyJson, json] = [parse(key), parse(value)];
  if (!Array.isArray(keyJson) || json === undefined) return null;
  const [kind, first, second, third] = keyJson as readonly unknown[];
  if (kind === 'schema') return { kind, json };
  if (kind === 'origin') return typeof json === 'string' ? { kind, origin: json } : null;
  if (typeof first !== 'string') return null;
  if (kind === 'row') {
    const row = decodeRow(json);
    return row === undefined ? null : { kind, relation: first, row };
  }
  if (kind === 'answer')
    return isCount(json) ? { kind, answer: { peer: first, applied: json } } : null;
  if (typeof second !== 'string' || !Array.isArray(json)) return null;
  const fields = json as readonly unknown[];
  if (kind === 'lane') return readLane(first, second, fields);
  if (kind === 'frame') return readFrame(first, second, third, fields);
  return kind === 'receipt' ? readReceipt(first, second, fields) : null;
}

function readLane(peer: string, origin: string, fields: readonly unknown[]): StoredRecord | null {
  const [nth, lastSeq] = fields;
  if (!isCount(nth) || !isCount(lastSeq) || fields.length !== 2) return null;
  return { kind: 'lane', lane: { peer, origin, nth, lastSeq } };
}

function readFrame(
  peer: string,
  origin: string,
  seq: unknown,
  fields: readonly unknown[],
): StoredRecord | null {
  const [timestep, encoded] = fields;
  const batch = decodeContent(encoded);
  if (!isCount(seq) || !isCount(timestep) || batch === undefined || fields.length !== 2)
    return null;
  return { kind: 'frame', frame: { peer, origin, seq, timestep, batch } };
}

function readReceipt(
  peer: string,
  origin: string,
  fields: readonly unknown[],
): StoredRecord | null {
  const [nth, seq, ahead] = fields;
  if (!isCount(nth) || !isCount(seq) || fields.length !== 3) return null;
  if (!Array.isArray(ahead) || !ahead.every(isCount)) return null;
  return { kind: 'receipt', receipt: { peer, origin, nth, seq, ahead } };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isCount(json: unknown): json is number {
  return Number.isSafeInteger(json) && (json as number) >= 0;
}
