/**
 * Reads all records of a store and judges them: whether nodes have written them, this node, with this
 * program's relations, and whether all are there as they were written.
 */
import { defined } from '../base/assert.js';
import { quoteString } from '../base/value-text.js';
import type { StoredFrame, StoredState } from '../node/storage.js';
import { Checksum } from './checksum.js';
import { readRecord, sumKey, type StoredRecord } from './records.js';
import type { StorageOwner, StorageTrouble } from './storage-trouble.js';
import { StoredContent } from './stored-content.js';
import { differenceOf, readSchema, type StoredSchema } from './stored-schema.js';

/** A store that may be used. */
export interface Opened {
  readonly stored: StoredState | null;
  readonly checksum: Checksum;
}

interface Records {
  readonly records: readonly StoredRecord[];
  readonly checksum: Checksum;
  /** What the store says the checksum is. */
  readonly sum: string | null;
  /** The key of a record that no node has written. */
  readonly strange: string | null;
}

/** Everything in the store, or why it cannot be used. */
export async function readStore(
  entries: AsyncIterable<readonly [string, string]>,
  owner: StorageOwner,
): Promise<Opened | StorageTrouble> {
  const read = await readRecords(entries);
  const { records, checksum } = read;
  const schema = schemaOf(records);
  // Of another format nothing else can be relied on.
  if (schema !== null && !('node' in schema))
    return { kind: 'other-format', format: schema.format };
  const damage = findDamage(read, schema !== null);
  if (damage !== null) return damage;
  if (schema === null) return { stored: null, checksum };
  if (schema.node !== owner.node) return { kind: 'other-node', node: schema.node };
  const differences = findDifferences(schema, records, owner);
  if (differences.length > 0) return { kind: 'other-program', differences };
  const misfit = findMisfit(records, owner);
  if (misfit !== null) return { kind: 'corrupt', reason: misfit };
  return { stored: gather(schema, records, owner), checksum };
}

async function readRecords(entries: AsyncIterable<readonly [string, string]>): Promise<Records> {
  const records: StoredRecord[] = [];
  const checksum = new Checksum();
  let sum: string | null = null;
  let strange: string | null = null;
  for await (const [key, value] of entries) {
    if (key === sumKey) {
      sum = value;
      continue;
    }
    const record = readRecord(key, value);
    checksum.add(key, value);
    if (record === null) strange = key;
    else records.push(record);
  }
  return { records, checksum, sum, strange };
}

function schemaOf(records: readonly StoredRecord[]): ReturnType<typeof readSchema> {
  for (const record of records) if (record.kind === 'schema') return readSchema(record.json);
  return null;
}

function findDamage(
  { records, checksum, sum, strange }: Records,
  isOwn: boolean,
): StorageTrouble | null {
  if (strange !== null) {
    const found = `the record ${quoteString(strange.slice(0, 80))}`;
    return isOwn || sum !== null
      ? { kind: 'corrupt', reason: `${found} makes no sense` }
      : { kind: 'foreign', found };
  }
  const isWhole = isOwn ? sum === String(checksum.sum) : records.length === 0 && sum === null;
  return isWhole ? null : { kind: 'corrupt', reason: 'its checksum is not that of its content' };
}

/** Relations that hold something and are not in the program as they were. */
function findDifferences(
  { relations }: StoredSchema,
  records: readonly StoredRecord[],
  owner: StorageOwner,
): readonly string[] {
  const held = new Set(
    records.flatMap((one) => {
      if (one.kind === 'row') return [one.relation];
      return one.kind === 'frame' ? one.frame.batch.map(({ relation }) => relation) : [];
    }),
  );
  const ofRelations = relations.flatMap((stored) => {
    const difference = differenceOf(stored, owner.relations);
    return difference === null || !held.has(stored.name) ? [] : [difference];
  });
  if (ofRelations.length > 0) return ofRelations;
  return records.flatMap((one) => (one.kind === 'frame' ? frameMisfit(one.frame, owner) : []));
}

/** A batch that waits for its receiver may hold tuples of relations that are not durable. */
function frameMisfit(
  { peer, batch }: StoredFrame,
  { checkBatch }: StorageOwner,
): readonly string[] {
  const misfit = checkBatch(batch, peer);
  return misfit === null ? [] : [`tuples for ${peer} still wait, and ${misfit}`];
}

/** Why some row does not fit its relation, though the relation is as it was. */
function findMisfit(records: readonly StoredRecord[], { checkRow }: StorageOwner): string | null {
  for (const record of records) {
    const misfit = record.kind === 'row' ? checkRow(record.relation, record.row) : null;
    if (misfit !== null) return misfit;
  }
  return null;
}

function gather(
  schema: StoredSchema,
  records: readonly StoredRecord[],
  { relations }: StorageOwner,
): StoredState {
  // What held nothing and is declared otherwise now is a new relation.
  const known = schema.relations.filter((one) => differenceOf(one, relations) === null);
  const content = new StoredContent(
    relations,
    known.map(({ name }) => name),
  );
  for (const record of records) {
    if (record.kind === 'origin') content.begin(record.origin);
    else if (record.kind === 'row') content.putRow(record.relation, record.row);
    else if (record.kind === 'lane') content.putLane(record.lane);
    else if (record.kind === 'frame') content.putFrame(record.frame);
    else if (record.kind === 'answer') content.putAnswer(record.answer);
    else if (record.kind === 'receipt') content.putReceipt(record.receipt);
  }
  return defined(content.state, 'the origin of a store that has a schema');
}
