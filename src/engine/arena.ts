/**
 * Segments of words in one big array, in classes of powers of two with a free list each. One array
 * instead of many small ones keeps a relation of a million keys out of the garbage collector's way.
 *
 * Growing replaces `words`: whoever holds the array in a local must read it again after anything
 * that may allocate. With `checks` the array that was replaced is filled with poison, so that a
 * stale local reads nonsense in tests instead of almost always the right thing.
 *
 * Segments come zeroed if the arena is `zeroed`; then whoever releases a segment zeroes it first.
 */
import { assert } from '../base/assert.js';
import { grownCopy } from './storage-limit.js';

/** What a replaced array is filled with when checks are on. */
export const POISON = 0x5ead5ead;

export class Arena {
  /** All segments; replaced when it grows. */
  words: Int32Array;
  /** How much of `words` has ever been given out. */
  #top = 0;
  /** By class; a class without free segments may have no list. */
  readonly #free: (number[] | undefined)[] = [];
  /** Largest class that may have free segments; -1 for none. */
  #mostFree = -1;
  readonly #checks: boolean;

  constructor(checks: boolean) {
    this.words = new Int32Array(16);
    this.#checks = checks;
  }

  /** A segment of `2 ** sizeClass` words. */
  allocate(sizeClass: number): number {
    const reused = sizeClass > this.#mostFree ? undefined : this.#free[sizeClass]?.pop();
    if (reused !== undefined) return reused;
    const base = this.#top;
    const top = base + 2 ** sizeClass;
    if (top > this.words.length) this.#grow(top);
    this.#top = top;
    return base;
  }

  /** Room for segments that lie one after another and take so many words together; where it begins. */
  allocateAll(words: number): number {
    const base = this.#top;
    if (base + words > this.words.length) this.#grow(base + words);
    this.#top = base + words;
    return base;
  }

  release(base: number, sizeClass: number): void {
    if (this.#checks) assert(base + 2 ** sizeClass <= this.#top, 'a segment lies in its arena');
    while (this.#free.length <= sizeClass) this.#free.push(undefined);
    (this.#free[sizeClass] ??= []).push(base);
    this.#mostFree = Math.max(this.#mostFree, sizeClass);
  }

  /** Forgets all segments; a zeroed arena must have been zeroed by its owner. */
  reset(): void {
    this.#top = 0;
    for (; this.#mostFree >= 0; this.#mostFree--) this.#free[this.#mostFree] = undefined;
  }

  /** Whether a segment has been given out since it was forgotten what is. */
  get isUsed(): boolean {
    return this.#top > 0;
  }

  bytes(): number {
    return this.words.byteLength;
  }

  #grow(needed: number): void {
    const before = this.words;
    this.words = grownCopy(before, needed);
    if (this.#checks) before.fill(POISON);
  }
}
