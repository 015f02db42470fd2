/**
 * What every stored relation can do, whatever its arity and layout. A relation is a set of tuples
 * of words (see value-dictionary.ts); its tuples are in three parts, told apart by marks alone:
 *
 *     [ old | delta | new ]      visible = old + delta
 *
 * `insert` adds to `new`. `advance` turns new into delta and delta into old, and brings indexes up
 * to date; `settle` makes everything old. No tuple is ever copied for it. Within a round rules read
 * `old`, `delta` or `visible`; only the test for duplicates sees `new`: semi-naive evaluation
 * (Bancilhon, "Naive evaluation of recursively defined relations", 1986).
 *
 * Invariants: an index holds exactly the visible tuples, the old ones of a group before those of
 * the delta; `remove` is for settled relations, so that it need not keep the order of tuples; and
 * whatever may insert may replace the arrays that a caller has in its hands (see arena.ts).
 */

/** A tuple as words, one a column. */
export type Words = ArrayLike<number>;

/** Which tuples a reader wants; `visible` is old and delta. */
export type Part = 'old' | 'delta' | 'visible';

/** Gets one tuple at a time, always in the same array: copy what is to be kept. */
export type VisitRow = (row: Int32Array) => void;

export interface Relation {
  readonly arity: number;
  /** Tuples in all three parts. */
  readonly size: number;
  /** Changes whenever the visible tuples change: stamps what was built from them. */
  readonly revision: number;
  /** Whether the tuple is in any of the three parts. */
  has(row: Words): boolean;
  /** Adds to `new`; whether the tuple was in none of the parts. */
  insert(row: Words): boolean;
  /** Takes a tuple out of a settled relation; whether it was there. */
  remove(row: Words): boolean;
  /** Empties all parts, at the cost of what is in them. */
  clear(): void;
  /** New becomes delta, delta becomes old; whether there is a delta now. */
  advance(): boolean;
  /** Everything becomes old. */
  settle(): void;
  /** All tuples of a part; the relation must not be advanced, removed from or cleared meanwhile. */
  forEach(part: Part, visit: VisitRow): void;
  /** Tuples of a part that have these words in these (ascending) columns; by an index where there is one. */
  probe(columns: readonly number[], words: Words, part: Part, visit: VisitRow): void;
  /** Keeps an index by these (ascending, distinct) columns from now on. */
  ensureIndex(columns: readonly number[]): void;
  /** Calls `mark` with words so that every word in the relation is among them. */
  forEachWord(mark: (word: number) => void): void;
  /** Bytes of all arrays that the relation holds. */
  bytes(): number;
}

export interface RelationOptions {
  /** Which column of a binary relation its sets are partitioned by; 0 unless told. */
  readonly keyColumn?: 0 | 1;
  /** Column sets to index from the start. */
  readonly indexes?: readonly (readonly number[])[];
  /** Whether its tuples come all at once and never change. */
  readonly isGiven?: boolean;
  /** Whether its first column is the key of its tuples: there is one for each word of it. */
  readonly isKeyed?: boolean;
  /** Poisons arrays that have been replaced, so that a stale one is soon found out; slow. */
  readonly checks?: boolean;
}
