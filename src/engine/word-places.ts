/**
 * Where something is kept for each word of a directory, good until its relation changes: by the index
 * into its window where it has one, else by slot. Through the window one look tells the place, where
 * a slot would take two.
 *
 * The place of word `w` is `p = (w - low) | 0` if that is within the window, `(p & outside) === 0`,
 * else `find(w)`, which is -1 for words that have none. Places within the window may be of no word.
 */
import type { WordGroups } from './group-words.js';
import { zeroedWords } from './storage-limit.js';
import type { WordDirectory } from './word-directory.js';

export class WordPlaces {
  readonly directory: WordDirectory;
  readonly low: number;
  readonly outside: number;
  /** Places there are. */
  readonly length: number;

  constructor(directory: WordDirectory) {
    this.directory = directory;
    [this.low, this.outside] = [directory.low, directory.outside];
    this.length = this.outside === -1 ? directory.count : directory.window.length;
  }

  /** Where a word stands that is outside the window; -1 for nowhere. */
  readonly find = (word: number): number => (this.outside === -1 ? this.directory.find(word) : -1);

  /** The slot of the word at a place; -1 where there is none. */
  slotAt(place: number): number {
    return this.outside === -1 ? place : this.directory.window[place]! - 1;
  }

  /**
   * Where the group of each place begins if groups lie one after another in the order of places,
   * and where the last one ends; notes in `starts` what that is for each group.
   */
  offsetsFor({ sizes }: WordGroups, starts: Int32Array): Int32Array {
    const offsets = zeroedWords(this.length + 1);
    let end = 0;
    for (let place = 0; place < this.length; place++) {
      const group = this.slotAt(place);
      if (group >= 0) {
        starts[group] = end;
        end += sizes[group]!;
      }
      offsets[place + 1] = end;
    }
    return offsets;
  }
}
