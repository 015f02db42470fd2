/**
 * What the next timestep of a node is for.
 *
 * Without an ordered log a timestep takes all that waits. With one, an entry is applied by a
 * timestep of its own, and only when the node has come to rest after what came before, so that all
 * members pass the same sequence of states. While an entry waits, other events stand back until the
 * node has settled; and after an entry events go first, so that neither starves the other.
 */

/** `entry-unquiet`: the node does not come to rest, and the entry has waited long enough. */
export type TurnKind = 'rest' | 'events' | 'settle' | 'entry' | 'entry-unquiet';

/** What a turn depends on in the timesteps. */
export interface Restlessness {
  /** The first timestep has not run. */
  readonly isBooting: boolean;
  /** The last commit asks for another timestep. */
  readonly isRestless: boolean;
}

/** Chooses turns; remembers only what fairness needs. */
export class Turns {
  /** Timesteps that an entry waits for a node that does not come to rest. */
  readonly patience = 1000;
  #settled = 0;
  #wasEntry = false;

  next({ isBooting, isRestless }: Restlessness, hasEvents: boolean, hasEntry: boolean): TurnKind {
    if (isBooting) return 'events';
    if (!hasEntry) return isRestless || hasEvents ? this.#turn('events') : 'rest';
    const isOutOfPatience = this.#settled >= this.patience;
    if (isRestless && !isOutOfPatience) {
      this.#settled += 1;
      return 'settle';
    }
    if (hasEvents && this.#wasEntry) return this.#turn('events');
    return this.#turn(isRestless ? 'entry-unquiet' : 'entry');
  }

  #turn(kind: TurnKind): TurnKind {
    this.#settled = 0;
    this.#wasEntry = kind !== 'events';
    return kind;
  }
}
