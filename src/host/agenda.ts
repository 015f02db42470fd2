/**
 * What is to be done once the events at hand have been fed in, in order: ticks, what nodes send to
 * themselves, deliveries. One turn of the event loop does what was on the agenda when it began, so
 * that sockets and timers get their turn in between and batches grow under load by themselves.
 */

/** A queue of actions that empties itself. */
export class Agenda {
  #actions: (() => void)[] = [];
  #immediate: NodeJS.Immediate | null = null;
  readonly #afterRound: () => void;

  /** `afterRound` is called each time that the actions at hand are done; more may be on the agenda. */
  constructor(afterRound: () => void = () => {}) {
    this.#afterRound = afterRound;
  }

  get isEmpty(): boolean {
    return this.#actions.length === 0 && this.#immediate === null;
  }

  add(action: () => void): void {
    this.#actions.push(action);
    this.#immediate ??= setImmediate(() => this.#run());
  }

  /** Forgets what is left. */
  clear(): void {
    this.#actions = [];
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    this.#immediate = null;
  }

  #run(): void {
    this.#immediate = null;
    const actions = this.#actions;
    this.#actions = [];
    for (const action of actions) action();
    this.#afterRound();
  }
}
