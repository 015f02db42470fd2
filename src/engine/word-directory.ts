/**
 * Numbers the words of a set densely: word -> slot in 0 .. count-1. It is the first level of every
 * partitioned structure, and by itself the set behind unary relations.
 *
 * Two layouts, changed as the words require. While the words lie close together, `window` is an
 * array indexed by `word - low`; its length is a power of two and `outside` the mask of the bits
 * that no index into it has, so that one `&` tells words that cannot be there. Otherwise `cells` is
 * an open-addressing table of pairs (slot + 1, word), `outside` is all ones and `low` is the one
 * int32 that is no word, so that the test for the window fails for every word.
 *
 * Invariants: `words[slot]` is the word of a slot; taking a word out moves the last slot into the
 * hole; the layouts hold slot + 1, 0 where there is nothing.
 */
import { grownCopy, MOST_WORDS, StorageLimitError, zeroedWords } from './storage-limit.js';
import { GOLDEN, NO_WORD, rangeOf } from './word.js';

const NO_CELLS: Int32Array = new Int32Array(2);
const LEAST_CELLS = 16;
const MOST_SPAN = MOST_WORDS / 4;
/** As many pairs as one array of cells can hold, three quarters full. */
const MOST_SLOTS = (MOST_WORDS / 2) * 0.75;

export class WordDirectory {
  /** Slots in use. */
  count = 0;
  /** The word of each slot. */
  words: Int32Array = new Int32Array(4);
  low: number = NO_WORD;
  outside = -1;
  /** Slot + 1 by `word - low`. */
  window: Int32Array = new Int32Array(1);
  /** Pairs (slot + 1, word). */
  cells: Int32Array = NO_CELLS;
  /** `32 - log2` of the number of pairs. */
  shift = 32;

  /** A directory whose slots have these words, which are distinct. */
  static of(words: Int32Array): WordDirectory {
    const directory = new WordDirectory();
    [directory.words, directory.count] = [words, words.length];
    if (words.length > 0) directory.#lay();
    return directory;
  }

  /** Takes over what another directory holds, which is not used any more. */
  become(other: WordDirectory): void {
    [this.words, this.count] = [other.words, other.count];
    [this.low, this.outside, this.window] = [other.low, other.outside, other.window];
    [this.cells, this.shift] = [other.cells, other.shift];
  }

  /** Makes room for so many words to come in a window, where their range and what is there lie close together. */
  expect(from: number, to: number, coming: number): void {
    let [least, most] = [from, to];
    if (this.count > 0) {
      const [lowest, highest] = rangeOf(this.words, this.count);
      [least, most] = [Math.min(least, lowest), Math.max(most, highest)];
    }
    const span = most - least + 1;
    if (span <= Math.min(MOST_SPAN, 4 * coming)) this.#layWindow(least, most, span);
  }

  /** The slot of a word, or -1. */
  find(word: number): number {
    const offset = (word - this.low) | 0;
    if ((offset & this.outside) === 0) return this.window[offset]! - 1;
    return this.cells.length === 2 ? -1 : this.#probe(word);
  }

  /** The slot of a word, which is given the next one if it has none. */
  add(word: number): number {
    const found = this.find(word);
    return found >= 0 ? found : this.append(word);
  }

  /** Gives the next slot to a word that has none. */
  append(word: number): number {
    const slot = this.count;
    if (slot === MOST_SLOTS) throw new StorageLimitError(`a column has more than ${slot} words`);
    if (slot === this.words.length) this.words = grownCopy(this.words, slot + 1);
    this.words[slot] = word;
    this.count = slot + 1;
    const offset = (word - this.low) | 0;
    if ((offset & this.outside) === 0) this.window[offset] = slot + 1;
    else if (slot === 0 && this.window.length > 1) this.#moveWindow(word);
    else if (this.cells.length === 2 || this.count * 8 > this.cells.length * 3) this.#layOrForget();
    else this.#put(word, slot);
    return slot;
  }

  /**
   * Takes a word out; its slot, or -1 if it had none. The caller moves what it keeps for slot
   * `count` (as it is afterwards) to the slot returned.
   */
  remove(word: number): number {
    const slot = this.find(word);
    if (slot < 0) return -1;
    const last = --this.count;
    const moved = this.words[last]!;
    if (this.cells.length === 2) {
      this.window[(moved - this.low) | 0] = slot + 1;
      this.window[(word - this.low) | 0] = 0;
    } else {
      this.cells[this.#cellOf(moved)] = slot + 1;
      this.#removeCell(this.#cellOf(word));
    }
    this.words[slot] = moved;
    return slot;
  }

  /** Forgets all words, at the cost of their number. */
  clear(): void {
    if (this.cells.length === 2) {
      for (let slot = 0; slot < this.count; slot++)
        this.window[(this.words[slot]! - this.low) | 0] = 0;
    } else if (this.count * 16 > this.cells.length) this.cells.fill(0);
    else this.#clearRuns();
    this.count = 0;
  }

  bytes(): number {
    return 4 * (this.words.length + this.window.length + this.cells.length);
  }

  /** Puts the window, which is empty, where a first word is. */
  #moveWindow(word: number): void {
    const room = this.window.length >> 2;
    this.low = (word - room) | 0;
    this.window[room] = 1;
  }

  #probe(word: number): number {
    const cells = this.cells;
    const mask = cells.length - 1;
    let at = (Math.imul(word, GOLDEN) >>> this.shift) << 1;
    for (;;) {
      const slot = cells[at]!;
      if (slot === 0) return -1;
      if (cells[at + 1] === word) return slot - 1;
      at = (at + 2) & mask;
    }
  }

  #cellOf(word: number): number {
    const cells = this.cells;
    const mask = cells.length - 1;
    let at = (Math.imul(word, GOLDEN) >>> this.shift) << 1;
    while (cells[at + 1] !== word || cells[at] === 0) at = (at + 2) & mask;
    return at;
  }

  #put(word: number, slot: number): void {
    const cells = this.cells;
    const mask = cells.length - 1;
    let at = (Math.imul(word, GOLDEN) >>> this.shift) << 1;
    while (cells[at] !== 0) at = (at + 2) & mask;
    cells[at] = slot + 1;
    cells[at + 1] = word;
  }

  /** Closes the gap by moving back what a search would no longer reach (Knuth, TAOCP vol. 3, 6.4, algorithm R). */
  #removeCell(hole: number): void {
    const cells = this.cells;
    const mask = cells.length - 1;
    for (let at = (hole + 2) & mask; cells[at] !== 0; at = (at + 2) & mask) {
      const home = (Math.imul(cells[at + 1]!, GOLDEN) >>> this.shift) << 1;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      cells[hole] = cells[at]!;
      cells[hole + 1] = cells[at + 1]!;
      hole = at;
    }
    cells[hole] = 0;
  }

  /** Every word lies in the run of cells that begins at its home; all of them go, so runs can. */
  #clearRuns(): void {
    const cells = this.cells;
    const mask = cells.length - 1;
    for (let slot = 0; slot < this.count; slot++) {
      let at = (Math.imul(this.words[slot]!, GOLDEN) >>> this.shift) << 1;
      for (; cells[at] !== 0; at = (at + 2) & mask) cells[at] = 0;
    }
  }

  /** Where there is no room for a layout, the newest word has never been there. */
  #layOrForget(): void {
    try {
      this.#lay();
    } catch (error) {
      this.count--;
      throw error;
    }
  }

  /** Chooses a layout for the words there are, with room for more, and fills it. */
  #lay(): void {
    const { words, count } = this;
    const [least, most] = rangeOf(words, count);
    const wanted = (most - least + 1) * 1.25;
    if (wanted <= Math.min(MOST_SPAN, 4 * count + 1024)) this.#layWindow(least, most, wanted);
    else this.#layCells();
  }

  /**
   * Leaves most of the room on the side of the newest word, where more are to be expected, and some
   * on the other, or words that come on both sides in turn would have it laid anew each time.
   */
  #layWindow(least: number, most: number, wanted: number): void {
    const span = 2 ** Math.ceil(Math.log2(Math.max(16, wanted)));
    const room = span - (most - least + 1);
    const growsDown = this.words[this.count - 1] === least && this.count > 1;
    // Before anything is changed, for there may be no room.
    this.window = zeroedWords(span);
    this.low = (least - (growsDown ? room - (room >> 2) : room >> 2)) | 0;
    this.outside = ~(span - 1);
    this.cells = NO_CELLS;
    for (let slot = 0; slot < this.count; slot++)
      this.window[(this.words[slot]! - this.low) | 0] = slot + 1;
  }

  #layCells(): void {
    let pairs = LEAST_CELLS;
    let shift = 28;
    for (; pairs * 3 < this.count * 8; pairs *= 2) shift--;
    this.cells = zeroedWords(pairs * 2);
    this.low = NO_WORD;
    this.outside = -1;
    this.window = new Int32Array(1);
    this.shift = shift;
    for (let slot = 0; slot < this.count; slot++) this.#put(this.words[slot]!, slot);
  }
}
