/**
 * Storage without a disk: what has been written outlives a node, not the process. Writes take effect
 * when the owner says so, in order, and a crash loses those that have not.
 */
import type { DurableRelation } from '../node/configuration.js';
import type { StoredBatch, StoredState } from '../node/storage.js';
import { StoredContent } from './stored-content.js';

export class MemoryStorage {
  readonly #content: StoredContent;
  #waiting: StoredBatch[] = [];

  constructor(relations: readonly DurableRelation[]) {
    this.#content = new StoredContent(relations);
  }

  /** What a process finds when it starts now. */
  get stored(): StoredState | null {
    return this.#content.state;
  }

  /** Batches that are not yet durable. */
  get waiting(): number {
    return this.#waiting.length;
  }

  write(batch: StoredBatch): void {
    this.#waiting.push(batch);
  }

  /** Makes the oldest batch that waits durable, and gives it. */
  persistOne(): StoredBatch | undefined {
    const batch = this.#waiting.shift();
    if (batch !== undefined) this.#content.apply(batch);
    return batch;
  }

  /** Loses what is not durable. */
  crash(): void {
    this.#waiting = [];
  }
}
