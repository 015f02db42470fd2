/**
 * The receiving side of a node's links: which data frames of which peer have arrived.
 *
 * A frame is known by the incarnation of its sender and its number. It may come twice (over a link
 * that was made anew before the acknowledgement got through) and out of order; it counts once. What
 * is acknowledged is the longest beginning without gaps.
 *
 * A peer with a new incarnation is a new sender whose numbers begin again.
 */

/** How far the frames of a peer have come. */
export interface Receipt {
  /** The process that the peer was when the frames came; null if no link was ever up. */
  readonly incarnation: string | null;
  /** All frames up to and with this number have arrived. */
  readonly seq: number;
}

interface Window {
  incarnation: string | null;
  seq: number;
  /** Numbers beyond `seq` + 1 that have arrived. */
  readonly ahead: Set<number>;
}

/** A frame this far beyond the acknowledged ones is none that an honest peer has sent. */
export const furthestAhead = 1_000_000;

/** The receipts of all peers. */
export class Receipts {
  readonly #windows = new Map<string, Window>();

  /** A link to this process of the peer is up. */
  linkUp(peer: string, incarnation: string): void {
    const window = this.#window(peer);
    // Frames before any link, on a network that knows none, are those of this incarnation.
    if (window.incarnation === null) window.incarnation = incarnation;
    if (window.incarnation === incarnation) return;
    this.#windows.set(peer, { incarnation, seq: 0, ahead: new Set() });
  }

  /** Notes an arrival: `new`, `known` if it has arrived before, `absurd` if it cannot be a number of the peer's. */
  arrive(peer: string, seq: number): 'new' | 'known' | 'absurd' {
    const window = this.#window(peer);
    if (seq <= window.seq || window.ahead.has(seq)) return 'known';
    if (seq > window.seq + furthestAhead) return 'absurd';
    window.ahead.add(seq);
    closeGap(window);
    return 'new';
  }

  /** Nothing up to and with `seq` is to come any more. */
  skip(peer: string, seq: number): void {
    const window = this.#window(peer);
    if (seq <= window.seq) return;
    window.seq = seq;
    for (const ahead of window.ahead) if (ahead <= seq) window.ahead.delete(ahead);
    closeGap(window);
  }

  /** Whether it has arrived. */
  has(peer: string, seq: number): boolean {
    const window = this.#window(peer);
    return seq <= window.seq || window.ahead.has(seq);
  }

  /** How many have arrived. */
  countOf(peer: string): number {
    const window = this.#window(peer);
    return window.seq + window.ahead.size;
  }

  /** All that is known of a peer's frames. */
  windowOf(peer: string): Receipt & { readonly ahead: readonly number[] } {
    const { incarnation, seq, ahead } = this.#window(peer);
    return { incarnation, seq, ahead: [...ahead].sort((a, b) => a - b) };
  }

  /** Goes on from what was known before. */
  restore(peer: string, known: Receipt & { readonly ahead: readonly number[] }): void {
    this.#windows.set(peer, { ...known, ahead: new Set(known.ahead) });
  }

  of(peer: string): Receipt {
    const { incarnation, seq } = this.#window(peer);
    return { incarnation, seq };
  }

  #window(peer: string): Window {
    let window = this.#windows.get(peer);
    if (window === undefined) {
      window = { incarnation: null, seq: 0, ahead: new Set() };
      this.#windows.set(peer, window);
    }
    return window;
  }
}

function closeGap(window: Window): void {
  while (window.ahead.delete(window.seq + 1)) window.seq += 1;
}
