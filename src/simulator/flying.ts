/**
 * What is in flight in any schedule of a system, by number; what is equal and comes from the same
 * place has one number. A message that comes a second time, and an input that was held back and has
 * entered its epoch, are things of their own.
 */
import { rowKey } from '../base/value.js';
import type { NodeProgram } from '../node/configuration.js';
import { durableTest } from '../node/durable-content.js';
import type { Batch } from '../node/inbox.js';
import type { BarrierPart, CheckedBarrier } from './checked-barrier.js';

/** Something in flight. */
export interface FlyingBatch {
  /** The receiver, by its place among the nodes. */
  readonly to: number;
  readonly batch: Batch;
  /** A second time. */
  readonly again: boolean;
  /** Whether it is a message of another node that has not come a second time. */
  readonly canRepeat: boolean;
  readonly part: BarrierPart;
  /** Of an input that was held back, that its epoch has opened. */
  readonly hasEntered: boolean;
}

export class Flying {
  readonly #periodics: NodeProgram['periodics'];
  readonly #barrier: CheckedBarrier | null;
  readonly #isDurable: (content: Batch['content']) => boolean;
  readonly #all: FlyingBatch[] = [];
  readonly #numberByKey = new Map<string, number>();
  readonly #repeatedByMessage = new Map<number, number>();
  readonly #enteredByInput = new Map<number, number>();
  readonly #inputByEntered = new Map<number, number>();
  readonly #firingByKey = new Map<string, number>();

  constructor(program: NodeProgram, barrier: CheckedBarrier | null) {
    this.#periodics = program.periodics;
    this.#barrier = barrier;
    this.#isDurable = durableTest(program);
  }

  of(number: number): FlyingBatch {
    return this.#all[number]!;
  }

  number(to: number, batch: Batch): number {
    return this.#number({ to, batch, again: false, hasEntered: false });
  }

  /** The message, as it comes a second time. */
  repeated(message: number): number {
    let repeated = this.#repeatedByMessage.get(message);
    if (repeated === undefined) {
      repeated = this.#number({ ...this.of(message), again: true });
      this.#repeatedByMessage.set(message, repeated);
    }
    return repeated;
  }

  /** The input, once its epoch has opened. */
  entered(input: number): number {
    let entered = this.#enteredByInput.get(input);
    if (entered === undefined) {
      entered = this.#number({ ...this.of(input), hasEntered: true });
      this.#enteredByInput.set(input, entered);
      this.#inputByEntered.set(entered, input);
    }
    return entered;
  }

  /** The input as it was given, before it entered an epoch. */
  given(input: number): number {
    return this.#inputByEntered.get(input) ?? input;
  }

  /** The firing of the periodic at this place, at a node. */
  firing(to: number, index: number, count: number): number {
    const key = `${to},${index},${count}`;
    let number = this.#firingByKey.get(key);
    if (number === undefined) {
      const { relation, periodMs } = this.#periodics[index]!;
      const content = [{ relation, rows: [[count, count * periodMs]] }];
      number = this.number(to, { origin: { kind: 'periodic', relation }, content });
      this.#firingByKey.set(key, number);
    }
    return number;
  }

  #number(one: Pick<FlyingBatch, 'to' | 'batch' | 'again' | 'hasEntered'>): number {
    const { to, batch, again, hasEntered } = one;
    const content = batch.content.map(({ relation, rows }) => [relation, rows.map(rowKey)]);
    const key = JSON.stringify([to, batch.origin, again, hasEntered, content]);
    let number = this.#numberByKey.get(key);
    if (number === undefined) {
      const isOnce = again || this.#isDurable(batch.content);
      const canRepeat = batch.origin.kind === 'peer' && !isOnce;
      const part = this.#barrier?.partOf(batch) ?? 'none';
      number = this.#all.push({ to, batch, again, hasEntered, canRepeat, part }) - 1;
      this.#numberByKey.set(key, number);
    }
    return number;
  }
}
