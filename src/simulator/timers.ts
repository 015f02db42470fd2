/**
 * The timers of one node. Setting a timer replaces the one of the same id, so a timer that comes up
 * in the event queue fires only if its version is still the latest.
 */
export class Timers {
  readonly #versions = new Map<string, number>();
  #latest = 0;

  /** The version under which the timer is to fire. */
  set(id: string): number {
    this.#latest += 1;
    this.#versions.set(id, this.#latest);
    return this.#latest;
  }

  clear(id: string): void {
    this.#versions.delete(id);
  }

  /** Whether the timer fires now: nothing has replaced or cleared it. */
  fire(id: string, version: number): boolean {
    if (this.#versions.get(id) !== version) return false;
    this.#versions.delete(id);
    return true;
  }
}
