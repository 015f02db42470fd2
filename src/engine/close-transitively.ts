/**
 * Closes a binary relation under transitivity, all at once. Strongly connected components are found
 * depth first (Tarjan, "Depth-first search and linear graph algorithms", 1972) and closed in the order
 * in which they are completed: what a component reaches is closed by then, so it is taken over as a
 * whole, and each word of a component has what the first of them has. Successors are taken from the
 * one that was completed last, because that may reach the others, which then have nothing to add
 * (Nuutila, "Efficient transitive closure computation in large digraphs", 1995).
 *
 * Against a walk over edges from each word by itself it costs the number of tuples rather than that
 * times the edges of a word, and most tuples are moved as blocks of memory.
 */
import { insertRun, noteInserted } from './insert-run.js';
import type { PairRelation } from './pair-relation.js';
import { COUNT, copyValues, hasValue, SLOT_SHIFT, VECTOR_BASE } from './pair-slots.js';
import { grownCopy, zeroedWords } from './storage-limit.js';

/** A successor is left out where one of so many that were taken over reaches it; more are not asked. */
const MOST_ASKED = 8;
/** Up to so many successors are sorted where they stand. */
const FEW = 32;

/** What is closed, and what takes account of tuples that are new, and of those that are looked at. */
export interface Closing {
  readonly relation: PairRelation;
  spend(tuples: number): void;
  pass(tuples: number): void;
}

/**
 * Contract: all values of the relation are new, as they are before its first round; in the end all
 * of the closure is. What `spend` or the want of room throws leaves each key with some of its values.
 */
export function closeTransitively(target: Closing): void {
  new Components(target).close();
}

class Components {
  readonly #pairs: PairRelation;
  readonly #target: Closing;
  /** By slot, when it was found, from 1; 0 before. */
  readonly #found: Int32Array;
  /** By slot, the earliest found that it is known to reach among those whose component is open. */
  readonly #earliest: Int32Array;
  /** By slot, the value from which to go on. */
  readonly #next: Int32Array;
  /** By slot, the number of its component, from 1 in the order of completion; 0 while that is open. */
  readonly #component: Int32Array;
  /** By component, one of its slots. */
  readonly #memberOf: Int32Array;
  /** By component, the last that had it for a successor. */
  readonly #seenBy: Int32Array;
  /** Slots whose component is open, in the order in which they were found. */
  readonly #open: Int32Array;
  #openCount = 0;
  #foundCount = 0;
  #completed = 0;
  /** What the component that is being completed has of its own, and its successors. */
  #own: Int32Array = new Int32Array(16);
  #ownCount = 0;
  #successors: Int32Array = new Int32Array(16);
  #successorCount = 0;
  readonly #asked = new Int32Array(MOST_ASKED);

  constructor(target: Closing) {
    [this.#target, this.#pairs] = [target, target.relation];
    const { count } = this.#pairs.directory;
    const words = (): Int32Array => zeroedWords(count + 1);
    [this.#found, this.#earliest, this.#next, this.#open] = [words(), words(), words(), words()];
    [this.#component, this.#memberOf, this.#seenBy] = [words(), words(), words()];
  }

  close(): void {
    const { count } = this.#pairs.directory;
    const path = zeroedWords(count + 1);
    for (let root = 0; root < count; root++) {
      if (this.#found[root] !== 0) continue;
      this.#enter((path[0] = root));
      for (let depth = 0; depth >= 0;) {
        const slot = path[depth]!;
        const other = this.#step(slot);
        if (other >= 0) {
          this.#enter((path[++depth] = other));
          continue;
        }
        const earliest = this.#earliest[slot]!;
        if (earliest === this.#found[slot]) this.#complete(slot);
        if (--depth >= 0 && earliest < this.#earliest[path[depth]!]!)
          this.#earliest[path[depth]!] = earliest;
      }
    }
  }

  #enter(slot: number): void {
    this.#found[slot] = this.#earliest[slot] = ++this.#foundCount;
    this.#open[this.#openCount++] = slot;
  }

  /** Goes on with a slot's values up to one that is a key and was not found before: its slot; -1 at the end. */
  #step(slot: number): number {
    const { slots, vectors, directory } = this.#pairs;
    const { words } = vectors;
    const at = slot << SLOT_SHIFT;
    const end = slots[at + VECTOR_BASE]! + slots[at + COUNT]!;
    for (let i = slots[at + VECTOR_BASE]! + this.#next[slot]!; i < end; i++) {
      const other = directory.find(words[i]!);
      if (other < 0) continue;
      const found = this.#found[other]!;
      if (found === 0) {
        this.#next[slot] = i + 1 - slots[at + VECTOR_BASE]!;
        return other;
      }
      if (found < this.#earliest[slot]! && this.#component[other] === 0)
        this.#earliest[slot] = found;
    }
    return -1;
  }

  /** Closes the component of which `first` was found first: all that is open from there on. */
  #complete(first: number): void {
    const open = this.#open;
    const number = ++this.#completed;
    this.#memberOf[number] = first;
    this.#ownCount = this.#successorCount = 0;
    let begin = this.#openCount;
    do this.#component[open[--begin]!] = number;
    while (open[begin] !== first);
    for (let i = begin; i < this.#openCount; i++) this.#gather(open[i]!, number);
    const { size } = this.#pairs;
    const members = this.#openCount - begin;
    this.#target.pass(this.#ownCount);
    if (this.#successorCount > 0) this.#takeOver(first, members);
    else if (members > 1) insertRun(this.#pairs, first, this.#own, 0, this.#ownCount);
    this.#target.spend(this.#pairs.size - size);
    const count = this.#pairs.slots[(first << SLOT_SHIFT) + COUNT]!;
    for (let i = begin + 1; i < this.#openCount; i++) {
      const before = this.#pairs.size;
      this.#replace(open[i]!, first, count);
      this.#target.spend(this.#pairs.size - before);
    }
    this.#openCount = begin;
  }

  /** Notes what a slot of the component has, and to which others that leads. */
  #gather(slot: number, number: number): void {
    const { slots, vectors, directory } = this.#pairs;
    const { words } = vectors;
    const at = slot << SLOT_SHIFT;
    const begin = slots[at + VECTOR_BASE]!;
    const end = begin + slots[at + COUNT]!;
    const needed = this.#ownCount + end - begin;
    if (needed > this.#own.length) this.#own = grownCopy(this.#own, needed);
    for (let i = begin; i < end; i++) {
      const word = words[i]!;
      this.#own[this.#ownCount++] = word;
      const other = directory.find(word);
      if (other < 0) continue;
      const component = this.#component[other]!;
      if (component === number || this.#seenBy[component] === number) continue;
      this.#seenBy[component] = number;
      this.#addSuccessor(component);
    }
  }

  #addSuccessor(component: number): void {
    if (this.#successorCount === this.#successors.length)
      this.#successors = grownCopy(this.#successors, this.#successorCount + 1);
    this.#successors[this.#successorCount++] = component;
  }

  /** Gives a slot what it has of its own and all that the successors reach. */
  #takeOver(first: number, members: number): void {
    const pairs = this.#pairs;
    const { slots } = pairs;
    const successors = this.#sortedSuccessors();
    const countOf = (slot: number): number => slots[(slot << SLOT_SHIFT) + COUNT]!;
    let largest = this.#memberOf[successors[0]!]!;
    for (let i = 1; i < this.#successorCount; i++) {
      const member = this.#memberOf[successors[i]!]!;
      if (countOf(member) > countOf(largest)) largest = member;
    }
    if (countOf(largest) > countOf(first))
      this.#replace(first, largest, countOf(largest) + members);
    else this.#insertAll(largest, first);
    insertRun(pairs, first, this.#own, 0, this.#ownCount);
    this.#asked[0] = largest;
    let askedCount = 1;
    for (let i = this.#successorCount - 1; i >= 0; i--) {
      const member = this.#memberOf[successors[i]!]!;
      if (member === largest || this.#isReached(member, askedCount)) continue;
      this.#insertAll(member, first);
      if (askedCount < MOST_ASKED) this.#asked[askedCount++] = member;
    }
  }

  /** Whether one of the closures that were taken over has the word, and so all that it reaches. */
  #isReached(member: number, askedCount: number): boolean {
    const word = this.#pairs.directory.words[member]!;
    for (let i = 0; i < askedCount; i++)
      if (hasValue(this.#pairs, this.#asked[i]!, word)) return true;
    return false;
  }

  /** Inserts all values of a slot under another one. */
  #insertAll(from: number, to: number): void {
    const { slots, vectors } = this.#pairs;
    const begin = slots[(from << SLOT_SHIFT) + VECTOR_BASE]!;
    const end = begin + slots[(from << SLOT_SHIFT) + COUNT]!;
    insertRun(this.#pairs, to, vectors.words, begin, end);
    this.#target.pass(end - begin);
  }

  /** Gives a slot the values of another one, with room for so many. */
  #replace(slot: number, from: number, room: number): void {
    const before = this.#pairs.slots[(slot << SLOT_SHIFT) + COUNT]!;
    noteInserted(this.#pairs, slot, before, copyValues(this.#pairs, from, slot, room));
  }

  /** Successors in the order of completion. */
  #sortedSuccessors(): Int32Array {
    const found = this.#successors;
    const count = this.#successorCount;
    if (count > FEW) found.subarray(0, count).sort();
    else
      for (let i = 1; i < count; i++) {
        const component = found[i]!;
        let place = i;
        for (; place > 0 && found[place - 1]! > component; place--)
          found[place] = found[place - 1]!;
        found[place] = component;
      }
    return found;
  }
}
