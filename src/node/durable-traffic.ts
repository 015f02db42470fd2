/**
 * What a node does with the lanes of durable channels: posts batches, sends what is due, notes what
 * its timesteps have taken, and says so once that is durable. The books are kept in durable-outbox.ts
 * and durable-receipts.ts, and what of them has to outlive the process goes into the journal.
 *
 * Over every new link the two ends say what they remember of each other. What a data directory has
 * forgotten, because it is an older copy or has been emptied, shows in that and is told: batches that
 * this node had applied and its peer keeps no more, and batches that this node had sent. No batch goes
 * before the peer's memory has come: what a process sends would take the place of what is remembered
 * of the one before, and nobody would be told.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { RelationRows } from '../evaluator/evaluator.js';
import { DurableOutbox } from './durable-outbox.js';
import { forgotApplied, forgotSent } from './durable-reports.js';
import { DurableReceipts } from './durable-receipts.js';
import type { Passage } from './durable-receipts.js';
import type { Frame } from './frames.js';
import type { Part } from './group-sends.js';
import type { BatchOrigin } from './inbox.js';
import type { Journal } from './journal.js';
import type { StoredFrame, StoredState } from './storage.js';

/** How it reaches the outside. */
export interface TrafficPorts {
  /** Once all before is durable. */
  send(peer: string, frame: Frame): void;
  /** Before anything that still waits for that. */
  sendNow(peer: string, frame: Frame): void;
  loop(batch: readonly RelationRows[], passage: Passage): void;
}

/** The durable lanes of one node at work. */
export class DurableTraffic {
  readonly #self: string;
  readonly #journal: Journal;
  readonly #ports: TrafficPorts;
  readonly #isUsed: boolean;
  #outbox = new DurableOutbox(null, '');
  #receipts = new DurableReceipts([]);
  readonly #toldApplied = new Set<string>();
  readonly #toldSent = new Set<string>();
  /** Frames of others that the turn in progress has taken. */
  #taken: { readonly peer: string; readonly passage: Passage }[] = [];

  /** `isUsed`: whether the node keeps anything and has durable channels; its peers then have, too. */
  constructor(self: string, journal: Journal, isUsed: boolean, ports: TrafficPorts) {
    [this.#self, this.#journal, this.#ports] = [self, journal, ports];
    this.#isUsed = isUsed;
  }

  /** Goes on from what is stored: what the node sent itself and has not taken comes again. */
  start(stored: StoredState | null, incarnation: string): void {
    this.#outbox = new DurableOutbox(stored, incarnation);
    this.#receipts = new DurableReceipts(stored?.receipts ?? []);
    for (const frame of this.#outbox.keptFor(this.#self)) this.release(frame);
  }

  /** Frames that the receiver has not acknowledged. */
  countFor(receiver: string): number {
    return this.#outbox.countFor(receiver);
  }

  /** Takes charge of what goes to one receiver; gives how many batches wait for it now. */
  post({ receiver, content }: Part, timestep: number): StoredFrame & { readonly waiting: number } {
    const { frame, lane } = this.#outbox.post(receiver, timestep, content);
    this.#journal.posted(frame, lane);
    return { ...frame, waiting: this.#outbox.countFor(receiver) };
  }

  /** Lets go of what was posted, or of what is due before it. */
  release({ peer, origin, seq, batch }: StoredFrame): void {
    if (peer === this.#self) this.#ports.loop(batch, { origin, seq });
    else this.#sendDue(peer);
  }

  linkUp(peer: string, incarnation: string): void {
    this.#outbox.linkUp(peer, incarnation);
    if (!this.#isUsed) return;
    const [count, newest] = [this.#outbox.appliedBy(peer), this.#receipts.newestOf(peer)];
    // What waits for the disk since another link comes over this one, too, and must not come first.
    this.#ports.sendNow(peer, { kind: 'memory', count, newest });
  }

  linkDown(peer: string): void {
    this.#outbox.linkDown(peer);
  }

  /** A peer has said what it remembers: now batches may go to it. */
  remembered(peer: string): void {
    this.#outbox.open(peer);
    this.#sendDue(peer);
  }

  /** What the memory of a peer holds and this node's does not, told of each peer once. */
  compare(
    peer: string,
    { count, newest }: Extract<Frame, { kind: 'memory' }>,
  ): readonly Diagnostic[] {
    const found: (readonly [Set<string>, Diagnostic])[] = [];
    const gone = count - this.#receipts.countOf(peer);
    if (gone > 0) found.push([this.#toldApplied, forgotApplied(this.#self, peer, gone)]);
    if (newest !== null && !this.#outbox.hasSent(peer, newest))
      found.push([this.#toldSent, forgotSent(this.#self, peer)]);
    return found.flatMap(([told, diagnostic]) => {
      if (told.has(peer)) return [];
      told.add(peer);
      return [diagnostic];
    });
  }

  /** The peer has applied frames. */
  settle(peer: string, { origin, seqs, count }: Extract<Frame, { kind: 'applied' }>): void {
    this.#journal.settled(peer, origin, this.#outbox.settle(peer, origin, seqs));
    this.#journal.answered(peer, this.#outbox.answered(peer, count));
    this.#sendDue(peer);
  }

  /** A frame has come; one that was applied long ago is acknowledged once more. */
  arrive(peer: string, frame: Extract<Frame, { kind: 'durable' }>): 'new' | 'known' | 'absurd' {
    const arrival = this.#receipts.arrive(peer, frame);
    if (arrival === 'new' || arrival === 'absurd') return arrival;
    if (arrival === 'applied') this.#sendApplied(peer, frame.origin, [frame.seq]);
    return 'known';
  }

  /** A timestep has taken the batch, or rejected it: that is to be as durable as what it did. */
  passed(origin: BatchOrigin): void {
    if (origin.kind === 'loop' && origin.passage !== undefined) {
      const { origin: lane, seq } = origin.passage;
      this.#outbox.settle(this.#self, lane, [seq]);
      this.#journal.settledHere(this.#self, lane, seq);
    }
    if (origin.kind !== 'peer' || origin.passage === undefined) return;
    const { peer, passage } = origin;
    this.#journal.received(this.#receipts.apply(peer, passage));
    this.#taken.push({ peer, passage });
  }

  /** Tells the senders what the turn has applied; contract: all of it is with the storage. */
  tellApplied(): void {
    const taken = this.#taken;
    this.#taken = [];
    const seqsByLane = new Map<string, Map<string, number[]>>();
    for (const { peer, passage } of taken) {
      const lanes = seqsByLane.get(peer) ?? new Map<string, number[]>();
      seqsByLane.set(peer, lanes);
      lanes.set(passage.origin, [...(lanes.get(passage.origin) ?? []), passage.seq]);
    }
    for (const [peer, lanes] of seqsByLane)
      for (const [origin, seqs] of lanes) this.#sendApplied(peer, origin, seqs);
  }

  #sendApplied(peer: string, origin: string, seqs: readonly number[]): void {
    const count = this.#receipts.countOf(peer);
    this.#ports.send(peer, { kind: 'applied', origin, seqs, count });
  }

  /** Sends what is kept for a peer, as far as its link can take it. */
  #sendDue(peer: string): void {
    for (const frame of this.#outbox.due(peer)) this.#ports.send(peer, frame);
  }
}
