/**
 * The contents of all relations while one timestep runs, and the count of distinct tuples that it
 * has inserted. After a first fault or key conflict the count may grow by a little more only: a
 * stratum goes on, so that the least fault is found whatever the order of evaluation, yet a
 * recursion that has gone wrong ends soon.
 *
 * Tuples are bounded by number; those of a size that nobody would call a tuple's also by size, or a
 * recursion over lists that grow would use up all memory long before. A tuple whose lattice values
 * grow counts once; how often values may grow has a bound of its own.
 */
import { defined } from '../base/assert.js';
import type { Row } from '../base/value.js';
import { valueSize } from '../builtins/value-size.js';
import type { EvaluatorBounds } from '../evaluator/evaluator.js';
import type { Program } from '../semantics/program.js';
import { Content, noStoredRows } from './content.js';
import { FaultLog } from './fault-log.js';
import type { Store } from './store.js';

/** Tuples inserted, and literals found to hold, between two questions to the host. */
const SLICE = 1 << 12;
const TURNS = 1 << 16;
/** Outdated rows passed over that take the time of one literal. */
const PASSED = 1 << 6;
/** Tuples that may still be inserted after something has failed. */
const GRACE = 10_000;
/** A hash set of JavaScript holds no more than 2^24 entries. */
const MOST_TUPLES = 2 ** 24 - 1;

/** The part of a tuple's size that is free; what is beyond counts against the bound. */
const FREE_UNITS = 256;
/** What the large tuples of one timestep may hold together. */
export const MOST_UNITS = 2 ** 27;

/** How often lattice values may grow, by the tuples that may be inserted; and at most. */
const RAISES_A_TUPLE = 32;
const MOST_RAISES = 2 ** 22;

/** Thrown at a bound, or when the grace after a failure is over. */
export class InsertionEnds extends Error {}

/** Thrown when more literals have been found to hold than whoever asks wants to wait for. */
export class PatienceEnds extends Error {}

export class WorkingState {
  readonly faults = new FaultLog(() => this.#startGrace());
  readonly #contents = new Map<string, Content>();
  readonly #maxTuples: number;
  readonly #checkpoint: NonNullable<EvaluatorBounds['checkpoint']>;
  #hostLimit: string | null = null;
  #inserted = 0;
  #turns = 0;
  #passed = 0;
  readonly #mostTurns: number;
  #units = 0;
  #raises = 0;
  readonly #maxRaises: number;
  readonly #growth = new Map<string, number>();
  #endOfGrace = Number.POSITIVE_INFINITY;

  constructor(
    program: Program,
    store: Store,
    { maxTuples, checkpoint }: EvaluatorBounds,
    mostTurns = Number.POSITIVE_INFINITY,
  ) {
    this.#mostTurns = mostTurns;
    this.#maxTuples = Math.min(maxTuples, MOST_TUPLES);
    this.#maxRaises = Math.min(RAISES_A_TUPLE * maxTuples, MOST_RAISES);
    this.#checkpoint = checkpoint ?? ((): null => null);
    for (const [name, relation] of program.relations) {
      const base = store.tables.get(name) ?? store.statics?.get(name) ?? noStoredRows;
      this.#contents.set(name, new Content(relation, base));
    }
  }

  /** Grows with every change. */
  get changes(): number {
    return this.#inserted + this.#raises;
  }

  get maxTuples(): number {
    return this.#maxTuples;
  }

  /** The relation that got most tuples in this timestep, and how many; the least name among equals. */
  get fastestGrowing(): { readonly content: Content; readonly growth: number } {
    const grown = [...this.#growth].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    const [name, growth] = grown[0] ?? [defined([...this.#contents.keys()].sort()[0], 'any'), 0];
    return { content: this.contentOf(name), growth };
  }

  /** Whether the bound that was passed is the one on how often lattice values grow. */
  get growsTooOften(): boolean {
    return this.#raises > this.#maxRaises;
  }

  /** Whether the bound that was passed is the one on size. */
  get isTooLarge(): boolean {
    return this.#units > MOST_UNITS;
  }

  /** What the host says if it has ended the timestep. */
  get hostLimit(): string | null {
    return this.#hostLimit;
  }

  get contents(): ReadonlyMap<string, Content> {
    return this.#contents;
  }

  readonly contentOf = (relation: string): Content =>
    defined(this.#contents.get(relation), `relation ${relation}`);

  /** Adds a row to what its relation holds now. */
  insert(relation: string, row: Row): void {
    const content = this.contentOf(relation);
    const change = content.insert(row);
    if (change === 'none') return;
    if (content.hasConflict) this.#startGrace();
    if (change === 'new') return this.count(relation, row);
    this.#raises++;
    this.#addGrowth(relation);
    if (this.growsTooOften) throw new InsertionEnds();
  }

  #addGrowth(relation: string): void {
    this.#growth.set(relation, (this.#growth.get(relation) ?? 0) + 1);
  }

  /** Counts one more distinct tuple of a relation, held now or asked for by an effect. */
  count(relation: string, row: Row): void {
    this.#inserted++;
    this.#addGrowth(relation);
    if (this.#inserted % SLICE === 0) this.askHost();
    this.#units += Math.max(0, unitsOf(row) - FREE_UNITS);
    if (this.isTooLarge) throw new InsertionEnds();
    if (this.#inserted > Math.min(this.#maxTuples, this.#endOfGrace)) throw new InsertionEnds();
  }

  /** One more literal holds. */
  readonly turn = (): void => {
    if (++this.#turns % TURNS !== 0) return;
    if (this.#turns > this.#mostTurns) throw new PatienceEnds();
    this.askHost();
  };

  /** One more row is passed over. */
  readonly pass = (): void => {
    if (++this.#passed % PASSED === 0) this.turn();
  };

  /** Ends the timestep if the host wants it. */
  askHost(): void {
    this.#hostLimit = this.#checkpoint(this.#inserted);
    if (this.#hostLimit !== null) throw new InsertionEnds();
  }

  /** Something has failed: insertions are limited from here on. */
  #startGrace(): void {
    if (this.#endOfGrace === Number.POSITIVE_INFINITY) this.#endOfGrace = this.#inserted + GRACE;
  }
}

function unitsOf(row: Row): number {
  let units = 0;
  for (const value of row) units += valueSize(value).units;
  return units;
}
