/**
 * A node's content as records of a store of texts by texts. Keys and values are JSON, with values of
 * the language in the exact form, so every text that may occur is plain ASCII or UTF-8:
 *
 *   ["sum"]                 the sum of the checksums of all other records
 *   ["schema"]              {format, node, relations}
 *   ["origin"]              the name of the node's life
 *   ["row", relation, ..]   the row, by the columns of its key
 *   ["lane", peer]          the last number given
 *   ["frame", peer, seq]    [timestep, content]
 *   ["receipt", peer]       {origin, seq, ahead}
 *
 * Decoding answers `null` for anything that encoding does not produce, and throws at nothing.
 */
import { decodeRow, encodeRow } from '../base/value-json.js';
import type { Row } from '../base/value.js';
import { decodeContent, encodeContent } from '../node/content-json.js';
import type { StoredBatch, StoredFrame, StoredReceipt } from '../node/storage.js';

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
  | { readonly kind: 'lane'; readonly peer: string; readonly lastSeq: number }
  | { readonly kind: 'frame'; readonly frame: StoredFrame }
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
  for (const { peer, seq, timestep, batch: content } of batch.posted) {
    changes.push(put(['frame', peer, seq], [timestep, encodeContent(content)]));
    changes.push(put(['lane', peer], seq));
  }
  for (const { peer, seq } of batch.settled)
    changes.push({ type: 'del', key: JSON.stringify(['frame', peer, seq]), was: null });
  for (const { peer, origin, seq, ahead } of batch.receipts)
    changes.push(put(['receipt', peer], { origin, seq, ahead }));
  return changes;
}

/** What a record says; null for one that no node has written. */
export function readRecord(key: string, value: string): StoredRecord | null {
  const [keyJson, json] = [parse(key), parse(value)];
  if (!Array.isArray(keyJson) || json === undefined) return null;
  const [kind, first, second] = keyJson as readonly unknown[];
  if (kind === 'schema') return { kind, json };
  if (kind === 'origin') return typeof json === 'string' ? { kind, origin: json } : null;
  if (typeof first !== 'string') return null;
  if (kind === 'row') {
    const row = decodeRow(json);
    return row === undefined ? null : { kind, relation: first, row };
  }
  if (kind === 'lane') return isCount(json) ? { kind, peer: first, lastSeq: json } : null;
  if (kind === 'frame') return readFrame(first, second, json);
  return kind === 'receipt' ? readReceipt(first, json) : null;
}

function readFrame(peer: string, seq: unknown, json: unknown): StoredRecord | null {
  if (!isCount(seq) || !Array.isArray(json) || json.length !== 2) return null;
  const [timestep, encoded] = json as readonly unknown[];
  const batch = decodeContent(encoded);
  if (!isCount(timestep) || batch === undefined) return null;
  return { kind: 'frame', frame: { peer, seq, timestep, batch } };
}

function readReceipt(peer: string, json: unknown): StoredRecord | null {
  if (typeof json !== 'object' || json === null) return null;
  const { origin, seq, ahead } = json as Readonly<Record<string, unknown>>;
  if (typeof origin !== 'string' || !isCount(seq)) return null;
  if (!Array.isArray(ahead) || !ahead.every(isCount)) return null;
  return { kind: 'receipt', receipt: { peer, origin, seq, ahead } };
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
