/**
 * Where something is kept for each of some words, good until they change: by the index into a window
 * where they lie close together, else by slot of a directory. Through a window one look tells the
 * place, where a slot would take two.
 *
 * The place of word `w` is `p = (w - low) | 0` if that is within the window, `(p & outside) === 0`,
 * else `find(w)`, which is -1 for words that have none. Places within the window may be of no word.
 */
import type { WordGroups } from './group-words.js';
import { zeroedWords } from './storage-limit.js';
import type { WordDirectory } from './word-directory.js';

/** Shortest window: a mask of all bits would say that there is none. */
const LEAST_WINDOW = 16;

/** A directory as it is, or so many words from `low` on. */
export type PlacedWords = WordDirectory | { readonly low: number; readonly span: number };

export class WordPlaces {
  readonly low: number;
  readonly outside: number;
  /** Places there are. */
  readonly length: number;
  /** Null for a window that needs none. */
  readonly #directory: WordDirectory | null;

  constructor(of: PlacedWords) {
    if ('span' in of) {
      this.#directory = null;
      this.length = 2 ** Math.ceil(Math.log2(Math.max(LEAST_WINDOW, of.span)));
      [this.low, this.outside] = [of.low, -this.length];
    } else {
      this.#directory = of;
      [this.low, this.outside] = [of.low, of.outside];
      this.length = of.outside === -1 ? of.count : of.window.length;
    }
  }

  /** Where a word stands that is outside the window; -1 for nowhere. */
  readonly find = (word: number): number =>
    this.outside === -1 ? this.#directory!.find(word) : -1;

  /** The word of a place that has one. */
  keyAt(place: number): number {
    return this.outside === -1 ? this.#directory!.words[place]! : (place + this.low) | 0;
  }

  /** Bytes of what finds places where there is no window. */
  directoryBytes(): number {
    return this.#directory?.bytes() ?? 0;
  }

  /**
   * Where the group of each place begins if groups lie one after another in the order of places,
   * and where the last one ends; notes in `starts` what that is for each group.
   */
  offsetsFor({ sizes, directory }: WordGroups, starts: Int32Array): Int32Array {
    const offsets = zeroedWords(this.length + 1);
    let end = 0;
    for (let place = 0; place < this.length; place++) {
      const group = this.outside === -1 ? place : directory.window[place]! - 1;
      if (group >= 0) {
        starts[group] = end;
        end += sizes[group]!;
      }
      offsets[place + 1] = end;
    }
    return offsets;
  }
}
