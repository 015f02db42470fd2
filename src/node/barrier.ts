/**
 * The node's part in a barrier, of which the rules do the rest (rewrite/barrier-protocol.ts): it counts
 * the batches that belong to it, tells the program whenever the node has become quiet, and holds inputs
 * back until an epoch opens.
 *
 * A batch that counts carries its number, so that one that comes twice counts once. Numbers are those of
 * one life of its sender: of one that has begun a new life nobody knows what it has lost, so whoever
 * notices says that the count is spoilt, and nothing is ever taken to be complete again.
 *
 * The first epoch is open from the boot on, and takes what is there before the first timestep.
 */
import { assert } from '../base/assert.js';
import type { Row } from '../base/value.js';
import type { RelationRows } from '../evaluator/evaluator.js';
import type { BarrierProgram } from './configuration.js';
import type { Part } from './group-sends.js';
import { keepBatch } from './inbox.js';
import type { Batch } from './inbox.js';
import { Receipts } from './receipts.js';

export class Barrier {
  readonly #name: string;
  readonly #program: BarrierProgram;
  readonly #numbers = new Map<string, number>();
  readonly #receipts = new Receipts();
  #life = '';
  #sent = 0;
  #received = 0;
  #isSpoilt = false;
  #held: Batch[] = [];
  #hasBooted = false;
  /** Whether there is something to tell. */
  #hasNews = true;
  #lastOpened = 0;

  constructor(name: string, program: BarrierProgram) {
    this.#name = name;
    this.#program = program;
  }

  start(incarnation: string): void {
    this.#life = incarnation;
  }

  /** Keeps a batch from outside for the next epoch, if it is one of those; else leaves it. */
  holds(batch: Batch): boolean {
    const [first] = batch.content;
    if (!this.#hasBooted || first === undefined || !this.#program.held.has(first.relation))
      return false;
    this.#hasNews ||= this.#held.length === 0;
    keepBatch(this.#held, batch);
    return true;
  }

  /** What a timestep sends to one receiver, with its number if it counts. */
  numbered(part: Part): Part {
    const { receiver, content } = part;
    if (!content.some(({ relation }) => this.#program.counted.has(relation))) return part;
    const number = (this.#numbers.get(receiver) ?? 0) + 1;
    this.#numbers.set(receiver, number);
    this.#sent += 1;
    this.#hasNews = true;
    const mark: Row = [receiver, this.#name, this.#life, number];
    return { receiver, content: [...content, { relation: this.#program.mark, rows: [mark] }] };
  }

  /**
   * What a timestep sends for the program, and what it says about the barrier. These go in batches of
   * their own: a batch that a receiver cannot take would take with it the word to go on, and the node
   * would hold up all others for ever.
   */
  apart(sends: readonly RelationRows[]): {
    readonly own: readonly RelationRows[];
    readonly spoken: readonly RelationRows[];
  } {
    const { spoken } = this.#program;
    return {
      own: sends.filter(({ relation }) => !spoken.has(relation)),
      spoken: sends.filter(({ relation }) => spoken.has(relation)),
    };
  }

  /** Whether nodes talk about the barrier in this. */
  speaksIn({ content }: Part): boolean {
    return content.some(({ relation }) => this.#program.spoken.has(relation));
  }

  /** Notes what a timestep has taken, or has left out for good; gives what may enter now. */
  passed(batches: readonly Batch[]): readonly Batch[] {
    this.#hasBooted = true;
    let opens = false;
    for (const { content } of batches)
      for (const { relation, rows } of content) {
        if (this.#program.asked.has(relation)) this.#hasNews = true;
        if (relation === this.#program.mark) for (const row of rows) this.#receive(row);
        if (relation === this.#program.open) opens = this.#opens(rows) || opens;
      }
    if (!opens) return [];
    const entering = this.#held;
    this.#held = [];
    return entering;
  }

  /** What the program is to be told now that the node is quiet; null if nothing has changed. */
  takeNews(): RelationRows | null {
    if (!this.#hasNews || !this.#hasBooted) return null;
    this.#hasNews = false;
    const row: Row = [this.#sent, this.#received, this.#held.length, this.#isSpoilt];
    return { relation: this.#program.quiet, rows: [row] };
  }

  #receive([, from, life, number]: Row): void {
    assert(typeof from === 'string' && typeof life === 'string', 'a mark names its sender');
    const known = this.#receipts.of(from).incarnation;
    this.#isSpoilt ||= known !== null && known !== life;
    this.#receipts.linkUp(from, life);
    this.#hasNews = true;
    if (this.#receipts.arrive(from, Number(number)) === 'new') this.#received += 1;
  }

  /** Whether what is held back enters. A message that opens an epoch may come twice, and late. */
  #opens(rows: readonly Row[]): boolean {
    let isFed = false;
    for (const [, step, fed] of rows) {
      if (Number(step) <= this.#lastOpened) continue;
      this.#lastOpened = Number(step);
      isFed = fed === true;
    }
    return isFed;
  }
}
