/**
 * A checksum over all records of a store, kept up with each change: what a disk has changed, lost or
 * brought back shows when the store is opened. It is a sum over records, so the order in which they
 * lie is of no account, and a change costs what it changes.
 *
 * Rows are many, and whoever takes one away says what it held; of the other records the checksums are
 * remembered here.
 */
import { crc32 } from 'node:zlib';
import { isRowKey, type RecordChange } from './records.js';

const modulus = 2 ** 32;

export class Checksum {
  #sum = 0;
  /** Of records that are no rows, by key. */
  readonly #others = new Map<string, number>();

  get sum(): number {
    return this.#sum;
  }

  /** Counts a record that is there. */
  add(key: string, value: string): void {
    const own = checksumOf(key, value);
    if (!isRowKey(key)) {
      this.#spend(-(this.#others.get(key) ?? 0));
      this.#others.set(key, own);
    }
    this.#spend(own);
  }

  apply(change: RecordChange): void {
    if (change.type === 'put') return this.add(change.key, change.value);
    const { key, was } = change;
    this.#spend(-(was === null ? (this.#others.get(key) ?? 0) : checksumOf(key, was)));
    this.#others.delete(key);
  }

  #spend(amount: number): void {
    this.#sum = (this.#sum + amount + modulus) % modulus;
  }
}

function checksumOf(key: string, value: string): number {
  return crc32(value, crc32(key));
}
