/**
 * An index by one column: word -> the entries that have it, old ones before those of the delta.
 * What an entry is, its relation knows: the key of a pair, the row of a wider tuple.
 *
 * Invariant: after a removal a word without entries has no slot.
 */
import type { Part } from './relation.js';
import { ENTRY_BASE, ENTRY_COUNT, ENTRY_OLD, ENTRY_SHIFT, SlotVectors } from './slot-vectors.js';
import { WordDirectory } from './word-directory.js';

export class WordIndex extends SlotVectors {
  /** Word -> slot. */
  readonly directory = new WordDirectory();

  /** Adds an entry to the delta of a word. */
  push(word: number, entry: number): void {
    this.pushEntry(this.directory.add(word), entry);
  }

  /** Takes an entry, which must be there, out of a settled index. */
  remove(word: number, entry: number): void {
    const slot = this.directory.find(word);
    this.removeAt(slot, this.placeOf(slot, entry));
    if (!this.isEmpty(slot)) return;
    this.directory.remove(word);
    this.moveSlot(this.directory.count, slot);
  }

  clear(): void {
    this.clearSlots(this.directory.count);
    this.directory.clear();
  }

  /** The entries of a word in one part. */
  forEach(word: number, part: Part, visit: (entry: number) => void): void {
    const slot = this.directory.find(word);
    if (slot < 0) return;
    const at = slot << ENTRY_SHIFT;
    const end = this.slots[at + (part === 'old' ? ENTRY_OLD : ENTRY_COUNT)]!;
    for (let i = part === 'delta' ? this.slots[at + ENTRY_OLD]! : 0; i < end; i++)
      visit(this.vectors.words[this.slots[at + ENTRY_BASE]! + i]!);
  }

  override bytes(): number {
    return super.bytes() + this.directory.bytes();
  }
}
