/**
 * Storage in a folder, over LevelDB. Every write is one batch that is on the disk when it is answered
 * (`sync`): after a crash it is there whole or not at all. Batches that come while a write is under
 * way go into the next one together.
 *
 * A folder belongs to one node of one program. It is read whole when it is opened, checked whole, and
 * no record is written before the node's first batch; so an error costs nothing. LevelDB tidies its
 * files when it opens them, so whose folder it is stands in a file of its own, which is looked at
 * before: a folder of another node stays as it is to the last byte.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClassicLevel } from 'classic-level';
import type { Storage, StoredBatch, StoredState } from '../node/storage.js';
import type { Checksum } from './checksum.js';
import { changesOf, schemaKey, sumKey, type RecordChange } from './records.js';
import { readStore, type Opened } from './read-store.js';
import type { StorageOwner, StorageTrouble } from './storage-trouble.js';
import { readSchema, schemaText } from './stored-schema.js';

/** The file that says whose folder it is: a schema without relations. */
const ownerFile = 'NODE';

/** Files that are there before LevelDB has a `CURRENT`. */
const ownFile = /^(NODE|LOCK|LOG|LOG\.old|MANIFEST-\d+|\d+\.(log|ldb|sst|dbtmp))$/;

/** Files that hold records: without the others they are what is left of a store. */
const contentFile = /\.(log|ldb|sst)$/;

/** Why the files of a folder are no store, nor the beginning of one; null if they may be. */
function judgeFiles(files: readonly string[]): StorageTrouble | null {
  const stranger = files.find((file) => !ownFile.test(file));
  const hasContent = files.some((file) => contentFile.test(file));
  if (!files.includes('CURRENT')) {
    if (stranger !== undefined) return { kind: 'foreign', found: stranger };
    return hasContent ? { kind: 'corrupt', reason: 'its file CURRENT is gone' } : null;
  }
  // A store always has a log, but in the first moment of its life.
  const isNew = !files.some((file) => file.startsWith('MANIFEST-') && file !== 'MANIFEST-000001');
  const hasLog = files.some((file) => file.endsWith('.log'));
  return hasLog || isNew ? null : { kind: 'corrupt', reason: 'its log is gone' };
}

/** Why a folder belongs to somebody else; one that does not say may be ours, and its records tell. */
async function judgeOwner(folder: string, node: string): Promise<StorageTrouble | null> {
  const text = await readFile(join(folder, ownerFile), 'utf8').catch(() => '');
  const said = readSchema(parse(text));
  if (said === null) return null;
  if (!('node' in said)) return { kind: 'other-format', format: said.format };
  return said.node === node ? null : { kind: 'other-node', node: said.node };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** Opens a folder, which is made if there is none. */
export async function openLevelStorage(
  folder: string,
  owner: StorageOwner,
): Promise<Storage | StorageTrouble> {
  try {
    await mkdir(folder, { recursive: true });
    const files = await readdir(folder);
    const trouble = judgeFiles(files) ?? (await judgeOwner(folder, owner.node));
    if (trouble !== null) return trouble;
  } catch (error) {
    return { kind: 'unusable', error };
  }
  // Named from outside the room, as the bundle of the command leaves it where it is.
  const database = await import('../storage/level-database.js');
  const level = new database.ClassicLevel(folder, { keyEncoding: 'utf8', valueEncoding: 'utf8' });
  try {
    await level.open();
    const opened = await readStore(level.iterator(), owner);
    if (!('kind' in opened)) return new LevelStorage(folder, level, owner, opened);
    await level.close();
    return opened;
  } catch (error) {
    await level.close().catch(() => {});
    return troubleOf(error);
  }
}

function troubleOf(error: unknown): StorageTrouble {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : '';
  if (code === 'LEVEL_LOCKED') return { kind: 'in-use' };
  const reason = cause instanceof Error ? cause.message : String(cause);
  return code === 'LEVEL_CORRUPTION'
    ? { kind: 'corrupt', reason }
    : { kind: 'unusable', error: cause };
}

class LevelStorage implements Storage {
  readonly #folder: string;
  readonly #level: ClassicLevel;
  readonly #owner: StorageOwner;
  readonly #keyLengths: ReadonlyMap<string, number>;
  readonly #checksum: Checksum;
  #stored: StoredState | null;
  /** Changes of batches that wait for the write under way. */
  #waiting: RecordChange[] = [];
  #next: Promise<void> | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(
    folder: string,
    level: ClassicLevel,
    owner: StorageOwner,
    { stored, checksum }: Opened,
  ) {
    [this.#folder, this.#level, this.#owner] = [folder, level, owner];
    [this.#stored, this.#checksum] = [stored, checksum];
    this.#keyLengths = new Map(owner.relations.map(({ name, keyLength }) => [name, keyLength]));
  }

  takeStored(): StoredState | null {
    const stored = this.#stored;
    this.#stored = null;
    return stored;
  }

  write(batch: StoredBatch): Promise<void> {
    const { node, relations } = this.#owner;
    if (batch.origin !== null) {
      this.#waiting.push({ type: 'put', key: schemaKey, value: schemaText(node, relations) });
      this.#last = this.#last.then(() =>
        writeFile(join(this.#folder, ownerFile), `${schemaText(node, [])}\n`),
      );
    }
    const keyLengthOf = (relation: string): number => this.#keyLengths.get(relation) ?? Infinity;
    for (const change of changesOf(batch, keyLengthOf)) this.#waiting.push(change);
    // A write that fails takes all that follow with it.
    this.#next ??= this.#last = this.#last.then(() => this.#writeWaiting());
    return this.#next;
  }

  async close(): Promise<void> {
    await this.#last.catch(() => {});
    await this.#level.close();
  }

  async #writeWaiting(): Promise<void> {
    const changes = this.#waiting;
    [this.#waiting, this.#next] = [[], null];
    for (const change of changes) this.#checksum.apply(change);
    const sum = String(this.#checksum.sum);
    await this.#level.batch([...changes, { type: 'put', key: sumKey, value: sum }], { sync: true });
  }
}
