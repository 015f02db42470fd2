/**
 * How many distinct tuples a timestep may still insert, and how large its large tuples may be
 * together. Every tuple counts once, when it is inserted; what is beyond 256 units of size counts
 * against a second bound, which only matters once some value is large enough for that.
 *
 * A tuple whose lattice values grow counts once a timestep, however often they grow. A recursion
 * may make them grow without end; so there is a third bound, on how often. It depends on the order
 * of evaluation, and where timesteps are small it is but a reason to ask the reference evaluator.
 *
 * How often is often? A relation of k tuples needs at most k times the longest chain of improvements.
 * A set or a map has memory to show for each step, so for these the number of tuples allowed is
 * measure enough. Where merging only compares numbers (`lmin`, `lmax`) nothing ends a chain: around
 * a cycle of negative length each round improves every tuple. But in a run that ends a tuple is
 * improved at most by way of each other one (the longest paths of a chain come close to that), so
 * these may grow as often as there are tuples, a few hundred times where there are few, and beyond
 * that so often that a single value can count for some seconds. `--max-tuples` raises all.
 *
 * What may be inserted is dealt out in slices. At the end of one, and every few rounds, the host is
 * asked whether the timestep may go on: that is how bounds on time and memory get in, at the cost of
 * nothing but the subtraction that counts tuples anyway.
 */
import { valueSize } from '../builtins/value-size.js';
import type { Value } from '../base/value.js';
import type { EvaluatorBounds } from '../evaluator/evaluator.js';
import { TimestepEnds } from './timestep-ends.js';
import type { ValueDictionary } from './value-dictionary.js';

/** The part of a tuple's size that is free. */
const FREE_UNITS = 256;
/** What the large tuples of one timestep may hold together. */
const MOST_UNITS = 2 ** 27;
/** How often lattice values may grow, by the tuples that may be inserted. */
const RAISES_A_TUPLE = 8;
/** How often values that only compare may grow at least for each tuple there is; and how often in any case. */
const RAISES_A_HELD_TUPLE = 256;
const FREE_RAISES = 2 ** 21;
const FREE_SHARE = 1 / 4;
/** Strings below this length are not looked at. */
const SHORT = 24;
/**
 * Tuples between two questions to the host; at first fewer, so that the JIT, when it compiles what
 * inserts, has seen the question, and need not compile again when it comes.
 */
const [FIRST_SLICE, SLICE] = [1 << 9, 1 << 16];
/** Rounds between two questions to the host. */
const ROUNDS = 64;

export class Budget {
  /** Tuples that may still be inserted in this slice, and beyond it. */
  #left = 0;
  #beyond = 0;
  #slice = FIRST_SLICE;
  #rounds = 0;
  #passed = 0;
  readonly #dictionary: ValueDictionary;
  readonly #bounds: EvaluatorBounds;
  readonly #widestRow: number;
  #largest = 8;
  #units = 0;
  #raisesLeft = 0;
  /** How often values of relations have grown in this timestep, by slot. */
  readonly #raisesBySlot = new Map<number, number>();
  /** Lets lattice values grow as often as they like in the next timestep. */
  raisesFreely = false;

  constructor(dictionary: ValueDictionary, bounds: EvaluatorBounds, widestRow: number) {
    [this.#dictionary, this.#bounds, this.#widestRow] = [dictionary, bounds, widestRow];
  }

  /** A new timestep. */
  begin(): void {
    this.#left = 0;
    this.#beyond = this.#bounds.maxTuples;
    this.#deal();
    this.#rounds = 0;
    this.#units = 0;
    const many = RAISES_A_TUPLE * this.#bounds.maxTuples;
    this.#raisesLeft = this.raisesFreely ? Number.POSITIVE_INFINITY : many;
    this.raisesFreely = false;
    // An empty map is cleared by making another one.
    if (this.#raisesBySlot.size > 0) this.#raisesBySlot.clear();
  }

  /** Takes account of lattice values that have grown; `held`: how many tuples their relation has. */
  spendRaises(slot: number, raises: number, held: number, onlyCompares: boolean): void {
    const ofSlot = (this.#raisesBySlot.get(slot) ?? 0) + raises;
    this.#raisesBySlot.set(slot, ofSlot);
    this.#raisesLeft -= raises;
    const free = Math.max(FREE_RAISES, FREE_SHARE * this.#bounds.maxTuples);
    const isOften =
      onlyCompares &&
      this.#raisesLeft !== Number.POSITIVE_INFINITY &&
      ofSlot > free + Math.max(RAISES_A_HELD_TUPLE, held) * held;
    if (this.#raisesLeft < 0 || isOften) throw new TimestepEnds('raises');
  }

  /** The relation whose values have grown most often in this timestep, the first among equals. */
  get mostRaised(): { readonly slot: number; readonly times: number } | null {
    const [most] = [...this.#raisesBySlot].sort(([a, m], [b, n]) => n - m || a - b);
    return most === undefined ? null : { slot: most[0], times: most[1] };
  }

  /** Takes account of tuples that count without being inserted one by one. */
  spend(tuples: number): void {
    this.#left -= tuples;
    if (this.#left < 0) this.#nextSlice();
  }

  /** Takes account of tuples that do not count, but take time and room as others do. */
  pass(tuples: number): void {
    this.#passed += tuples;
    if (this.#passed < SLICE) return;
    this.#passed = 0;
    this.askHost();
  }

  /** A round of a fixpoint is about to begin. */
  round(): void {
    if (++this.#rounds % ROUNDS === 0) this.askHost();
  }

  /** Ends the timestep if the host wants it; `rule` is what is being evaluated, where that is known. */
  askHost(rule: number | null = null): void {
    const { checkpoint, maxTuples } = this.#bounds;
    const limit = checkpoint?.(maxTuples - this.#beyond - this.#left) ?? null;
    if (limit !== null) throw new TimestepEnds('host', limit, rule);
  }

  #nextSlice(): void {
    if (this.#left + this.#beyond < 0) throw new TimestepEnds('tuples');
    this.#slice = Math.min(2 * this.#slice, SLICE);
    this.#deal();
    this.askHost();
  }

  #deal(): void {
    const all = this.#left + this.#beyond;
    this.#left = Math.min(this.#slice, all);
    this.#beyond = all - this.#left;
  }

  /** Notes that a value is in use. */
  note(value: Value): void {
    const isSmall = typeof value === 'string' ? value.length < SHORT : typeof value !== 'object';
    if (!isSmall) this.#largest = Math.max(this.#largest, valueSize(value).units);
  }

  /** Whether a tuple may be large, so that tuples must be measured. */
  get measures(): boolean {
    return this.#largest * this.#widestRow > FREE_UNITS;
  }

  /** Counts the size of one tuple. */
  readonly measure = (row: Int32Array): void => {
    let units = -FREE_UNITS;
    for (const word of row) units += word >= 0 ? 8 : valueSize(this.#dictionary.decode(word)).units;
    if (units > 0) this.#units += units;
    if (this.#units > MOST_UNITS) throw new TimestepEnds('size');
  };
}
