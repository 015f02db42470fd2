/**
 * A seeded pseudo-random generator, the only source of chance in Trellis: simulations replay
 * exactly from their seed. Algorithm: Mulberry32 over an avalanche-mixed seed. Not for secrets.
 */
export class Prng {
  #state: number;

  /** `seed` is any number; its low 32 bits count. */
  constructor(seed: number) {
    this.#state = (seed ^ 0x9e3779b9) >>> 0;
    this.next();
  }

  /** A float in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** An integer in [low, high], both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A new generator whose stream is a function of this one's state and of `label`. */
  fork(label: string): Prng {
    let hash = this.int(0, 0xffffffff);
    for (let i = 0; i < label.length; i++) hash = Math.imul(hash ^ label.charCodeAt(i), 0x01000193);
    return new Prng(hash);
  }
}
