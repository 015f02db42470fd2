/**
 * A node: a state machine without any contact with the world but its events and effects.
 *
 * Events are queued; a `tick` runs one timestep over all batches that wait (timesteps.ts). What a
 * committed timestep sends goes out as one frame a receiver, or through the ordered log
 * (departures.ts, log-port.ts). Links repeat what was not acknowledged and drop what comes twice
 * (links.ts, and over crashes durable-traffic.ts).
 *
 * Invariants:
 * - the same state and events give the same effects;
 * - a batch is applied whole, in one timestep, or not at all;
 * - at most one `tick` is requested and not yet issued, and none while the node is quiet;
 * - nothing is acknowledged before the timestep that takes it has run;
 * - nothing leaves that depends on a batch for storage before that is durable (journal.ts);
 * - after `stop` or a `halt` nothing happens.
 */
import { assert, unreachable } from '../base/assert.js';
import type { Row } from '../base/value.js';
import type { Commit, Evaluator, Failure } from '../evaluator/evaluator.js';
import { Barrier } from './barrier.js';
import { checkContent } from './check-content.js';
import { hasDurableChannels } from './durable-content.js';
import { DurableTraffic } from './durable-traffic.js';
import type { NodeConfiguration } from './configuration.js';
import { noCounts, type NodeCounters } from './counters.js';
import { Departures } from './departures.js';
import type { NodeEffect, NodeEvent } from './events.js';
import type { Frame } from './frames.js';
import { batchesOf, firingOf, Inbox } from './inbox.js';
import type { Batch } from './inbox.js';
import { Journal } from './journal.js';
import { Links } from './links.js';
import { LogPort, logTimer } from './log-port.js';
import {
  cannotBoot,
  cannotFinishEpoch,
  cannotGoOn,
  stoppedByHost,
  garbageFrame,
  neverQuiet,
  partRejected,
  storageFailed,
  timestepFailed,
} from './node-reports.js';
import type { FailedPart } from './node-reports.js';
import { Periodic } from './periodics.js';
import type { Receipt } from './receipts.js';
import { Reporter } from './reporter.js';
import type { StoredState } from './storage.js';
import { Timesteps } from './timesteps.js';
import { Turns } from './turns.js';

/** One node, driven by a host or a simulator. */
export interface Node {
  readonly name: string;
  readonly counters: Readonly<NodeCounters>;
  /** Takes an event and gives the effects to carry out, in order. */
  step(event: NodeEvent): readonly NodeEffect[];
  /** Content of a relation after the last commit. */
  query(relation: string): readonly Row[];
  /** How far the frames of a peer have come: what a handshake tells it. */
  receiptOf(peer: string): Receipt;
  /** Data frames that the peer has not acknowledged, durable ones included. */
  unacknowledgedBy(peer: string): number;
}

/** A node that has not started; its first event is `start`. */
export function createNode(configuration: NodeConfiguration, evaluator: Evaluator): Node {
  return new NodeMachine(configuration, evaluator);
}

/** Exit code of a node that cannot boot, and of one whose storage failed. */
const bootFailureCode = 1;
const boundFailureCode = 4;
const storageFailureCode = 5;
const periodicPrefix = 'periodic/';
/** What a node still takes that waits for its storage before it halts. */
const endingEvents: ReadonlySet<NodeEvent['kind']> = new Set([
  'persisted',
  'persist-failed',
  'stop',
]);

class NodeMachine implements Node {
  readonly name: string;
  readonly counters = noCounts();
  readonly #configuration: NodeConfiguration;
  readonly #evaluator: Evaluator;
  readonly #timesteps: Timesteps;
  readonly #turns = new Turns();
  readonly #inbox = new Inbox();
  readonly #links: Links;
  readonly #journal: Journal;
  readonly #lanes: DurableTraffic;
  readonly #departures: Departures;
  readonly #periodics = new Map<string, Periodic>();
  readonly #reporter = new Reporter((effect) => this.#effects.push(effect));
  readonly #barrier: Barrier | null;
  #log: LogPort | null = null;
  /** `ending`: it halts as soon as what it has done is durable. */
  #phase: 'new' | 'running' | 'ending' | 'stopped' = 'new';
  #incarnation = '';
  #nowMs = Number.NEGATIVE_INFINITY;
  #isTickRequested = false;
  #effects: NodeEffect[] = [];

  constructor(configuration: NodeConfiguration, evaluator: Evaluator) {
    this.name = configuration.name;
    this.#configuration = configuration;
    this.#evaluator = evaluator;
    const hasLanes = configuration.hasStorage && hasDurableChannels(configuration.program);
    const { barrier } = configuration.program;
    this.#barrier = barrier === null ? null : new Barrier(this.name, barrier);
    this.#journal = new Journal(configuration.hasStorage);
    this.#lanes = new DurableTraffic(this.name, this.#journal, hasLanes, {
      send: (peer, frame) => this.#send(peer, frame),
      sendNow: (peer, frame) => this.#effects.push({ kind: 'send', peer, frame }),
      loop: (batch, passage) => this.#effects.push({ kind: 'loop', batch, passage }),
    });
    this.#links = new Links(configuration.outboxFrames, (peer, frame, isFit) =>
      this.#send(peer, frame, isFit),
    );
    this.#departures = new Departures({
      configuration,
      links: this.#links,
      lanes: this.#lanes,
      journal: this.#journal,
      barrier: this.#barrier,
      counters: this.counters,
      reporter: this.#reporter,
      emit: (effect) => this.#effects.push(effect),
    });
    this.#timesteps = new Timesteps(evaluator, {
      committed: (commit, batches) => this.#committed(commit, batches),
      failedTogether: (failure, parts) => {
        this.counters.failedTimesteps += 1;
        this.#reporter.report(timestepFailed(this.name, parts, failure), { failure });
      },
      failedAlone: (failure, part) => this.#failedAlone(failure, part),
      cannotBoot: (failure, isFirst) => this.#cannotBoot(failure, isFirst),
      stoppedByHost: (failure) => this.#stoppedByHost(failure),
    });
  }

  step(event: NodeEvent): readonly NodeEffect[] {
    if (this.#phase === 'stopped') return [];
    if (this.#phase === 'ending' && !endingEvents.has(event.kind)) return [];
    this.#nowMs = Math.max(this.#nowMs, Math.floor(event.nowMs));
    this.#effects = [];
    this.#take(event);
    this.#requestTick();
    return this.#effects;
  }

  query(relation: string): readonly Row[] {
    return this.#evaluator.query(relation);
  }

  receiptOf(peer: string): Receipt {
    return this.#links.receiptOf(peer);
  }

  unacknowledgedBy(peer: string): number {
    return this.#links.countFor(peer) + this.#lanes.countFor(peer);
  }

  #take(event: NodeEvent): void {
    switch (event.kind) {
      case 'start':
        return this.#start(event.incarnation, event.stored);
      case 'insert':
        return this.#enter(batchesOf(event.relation, event.rows));
      case 'loop':
        return this.#takeLoop(event);
      case 'frame':
        return this.#takeFrame(event.peer, event.frame);
      case 'link':
        if (event.state === 'down') return this.#linkDown(event.peer);
        return this.#linkUp(event.peer, event.incarnation, event.lastSeq);
      case 'timer':
        return this.#takeTimer(event.id);
      case 'tick':
        return this.#tick();
      case 'persisted':
        return this.#journal.persisted(event.seq);
      case 'persist-failed':
        this.#reporter.report(storageFailed(this.name, event.reason));
        return this.#stop(storageFailureCode);
      case 'stop':
        return this.#stop(null);
      default:
        return unreachable(event);
    }
  }

  #start(incarnation: string, stored: StoredState | null): void {
    assert(this.#phase === 'new', 'a node starts once');
    const { program } = this.#configuration;
    this.#phase = 'running';
    this.#incarnation = incarnation;
    this.#barrier?.start(incarnation);
    if (stored !== null) this.#evaluator.load(stored.relations);
    this.#timesteps.boot(stored === null);
    this.#lanes.start(stored, incarnation);
    for (const { relation, periodMs } of program.periodics) {
      this.#periodics.set(relation, new Periodic(periodMs, this.#nowMs));
      this.#setPeriodic(relation, periodMs);
    }
    if (program.orderedLog === null) return;
    this.#log = new LogPort(this.#configuration, program.orderedLog, incarnation);
    this.#effects.push(...this.#log.feed({ kind: 'start' }));
  }

  #takeFrame(peer: string, frame: Frame): void {
    switch (frame.kind) {
      case 'data':
        return this.#takeData(peer, frame);
      case 'ack':
        return this.#links.acknowledged(peer, frame.seq);
      case 'skip':
        return this.#links.skipped(peer, frame.seq);
      case 'durable':
        return this.#takeDurable(peer, frame);
      case 'applied':
        this.#lanes.settle(peer, frame);
        return this.#persist();
      case 'memory':
        for (const diagnostic of this.#lanes.compare(peer, frame))
          this.#reporter.report(diagnostic);
        return this.#lanes.remembered(peer);
      case 'log':
        if (this.#log === null) return this.#dropFrame(peer, 'this program has no ordered log');
        this.#effects.push(
          ...this.#log.feed({ kind: 'message', from: peer, message: frame.message }),
        );
        return;
      case 'bye':
        return this.#linkDown(peer);
      default:
        return unreachable(frame);
    }
  }

  #takeData(peer: string, frame: Extract<Frame, { kind: 'data' }>): void {
    const arrival = this.#links.arrived(peer, frame.seq);
    if (arrival === 'absurd')
      return this.#dropFrame(peer, `frame ${frame.seq} is out of all order`);
    // A frame that is dropped for its content has arrived all the same: to repeat it mends nothing.
    const misfit = checkContent(frame.batch, peer, this.name, this.#configuration.program);
    if (arrival === 'new' && misfit === null && frame.batch.length > 0) {
      this.#inbox.add({ origin: { kind: 'peer', peer }, content: frame.batch });
      this.#links.acknowledgeWithTimestep(peer);
      return;
    }
    if (arrival === 'known') this.counters.duplicateFrames += 1;
    else if (misfit !== null) this.#dropFrame(peer, misfit);
    this.#links.acknowledge(peer);
  }

  #takeDurable(peer: string, frame: Extract<Frame, { kind: 'durable' }>): void {
    const { origin, seq, batch } = frame;
    const passage = { origin, seq };
    switch (this.#lanes.arrive(peer, frame)) {
      case 'absurd':
        return this.#dropFrame(peer, `frame ${seq} is out of all order`);
      case 'known':
        this.counters.duplicateFrames += 1;
        return;
      case 'new': {
        const misfit = checkContent(batch, peer, this.name, this.#configuration.program);
        if (misfit === null)
          return this.#inbox.add({ origin: { kind: 'peer', peer, passage }, content: batch });
        // To repeat it mends nothing: it counts as applied.
        this.#dropFrame(peer, misfit);
        this.#lanes.passed({ kind: 'peer', peer, passage });
        return this.#endTurn();
      }
    }
  }

  #takeLoop({ batch, passage }: Extract<NodeEvent, { kind: 'loop' }>): void {
    const origin =
      passage === undefined ? ({ kind: 'loop' } as const) : ({ kind: 'loop', passage } as const);
    this.#inbox.add({ origin, content: batch });
  }

  #dropFrame(peer: string, reason: string): void {
    this.counters.garbageFrames += 1;
    this.#reporter.reportSome(`garbage ${peer}`, (count) =>
      garbageFrame(this.name, peer, reason, count),
    );
  }

  #linkUp(peer: string, incarnation: string, lastSeq: number): void {
    this.#links.up(peer, incarnation, lastSeq);
    this.#lanes.linkUp(peer, incarnation);
    if (this.#log !== null) this.#effects.push(...this.#log.feed({ kind: 'link', peer, up: true }));
  }

  #linkDown(peer: string): void {
    this.#links.down(peer);
    this.#lanes.linkDown(peer);
    if (this.#log !== null)
      this.#effects.push(...this.#log.feed({ kind: 'link', peer, up: false }));
  }

  #takeTimer(id: string): void {
    const logId = logTimer(id);
    if (logId !== null && this.#log !== null) {
      this.#effects.push(...this.#log.feed({ kind: 'timer', id: logId }));
      return;
    }
    const relation = id.startsWith(periodicPrefix) ? id.slice(periodicPrefix.length) : '';
    const periodic = this.#periodics.get(relation);
    if (periodic === undefined) return;
    const { row, nextAfterMs } = periodic.at(this.#nowMs);
    // None fires in the timestep of boot: where that is so late, it is missed, as others may be.
    if (row !== null && !this.#timesteps.isBooting) this.#enter([firingOf(relation, row)]);
    this.#setPeriodic(relation, nextAfterMs);
  }

  /** What comes from outside waits for its timestep, or for an epoch before that. */
  #enter(batches: readonly Batch[]): void {
    for (const batch of batches) if (this.#barrier?.holds(batch) !== true) this.#inbox.add(batch);
  }

  #setPeriodic(relation: string, afterMs: number): void {
    const id = periodicPrefix + relation;
    this.#effects.push({ kind: 'set-timer', id, afterMs, purpose: 'periodic' });
  }

  #tick(): void {
    this.#isTickRequested = false;
    if (this.#phase !== 'running') return;
    const turn = this.#turns.next(
      this.#timesteps,
      this.#inbox.size > 0,
      this.#log?.hasEntry === true,
    );
    if (turn === 'entry-unquiet')
      this.#reporter.report(neverQuiet(this.name, this.#turns.patience));
    if (turn === 'settle') this.#timesteps.run([], this.#nowMs);
    else if (turn === 'events') this.#runEvents();
    else if (turn !== 'rest') this.#applyEntry();
    this.#endTurn();
  }

  #runEvents(): void {
    this.#links.beginTimestep();
    this.#timesteps.run(this.#inbox.take(), this.#nowMs);
    this.#persist();
    this.#links.endTimestep();
  }

  /** Tells the senders of durable frames what has been applied, once that is durable. */
  #endTurn(): void {
    this.#persist();
    this.#lanes.tellApplied();
  }

  /** Hands over what there is to be made durable. */
  #persist(): void {
    const next = this.#journal.close();
    if (next !== null) this.#effects.push({ kind: 'persist', ...next });
  }

  #applyEntry(): void {
    const entry = this.#log?.takeEntry();
    if (entry !== undefined) this.#timesteps.run([entry], this.#nowMs);
  }

  #committed(commit: Commit, batches: readonly Batch[]): void {
    this.counters.timesteps += 1;
    const timestep = this.counters.timesteps;
    for (const batch of batches) {
      this.#passEntry(batch, timestep);
      this.#lanes.passed(batch.origin);
    }
    this.#passBarrier(batches);
    const sends = this.#departures.prepare(commit.sends, timestep);
    this.#journal.begin(this.#incarnation);
    this.#journal.changed(commit.durable);
    this.#persist();
    this.#journal.whenDurable(() => this.#show(commit, timestep));
    const id = `${this.name}/${this.#incarnation}/${timestep}`;
    this.#departures.release(sends, timestep, this.#log, id);
    if (commit.halt !== null) this.#stop(commit.halt);
  }

  #passBarrier(batches: readonly Batch[]): void {
    for (const batch of this.#barrier?.passed(batches) ?? []) this.#inbox.add(batch);
  }

  #show({ released, viewChanges }: Commit, timestep: number): void {
    const shown = [
      ...released.map(({ relation, rows }) => ({ relation, added: rows, removed: [] })),
      ...viewChanges,
    ];
    shown.sort((a, b) => (a.relation < b.relation ? -1 : 1));
    for (const { relation, added, removed } of shown) {
      if (added.length + removed.length === 0) continue;
      this.#effects.push({ kind: 'observe', timestep, relation, added, removed });
    }
  }

  /** Says so if a batch is an entry of the log, applied or rejected: every member passes every entry. */
  #passEntry({ origin }: Batch, timestep: number): void {
    if (origin.kind !== 'log') return;
    const { slot, entryId } = origin;
    this.counters.appliedEntries += 1;
    this.#effects.push({ kind: 'log-applied', slot, entryId, timestep });
  }

  /** What depends on what the node has done goes through here, and waits until that is durable. */
  #send(peer: string, frame: Frame, isFit = (): boolean => true): void {
    this.#journal.whenDurable(() => {
      if (isFit()) this.#effects.push({ kind: 'send', peer, frame });
    });
  }

  #failedAlone(failure: Failure, part: FailedPart): void {
    this.counters.failedTimesteps += 1;
    this.counters.rejectedBatches += 1;
    if (part.kind === 'batch') {
      this.#passEntry(part.batch, this.counters.timesteps + 1);
      this.#lanes.passed(part.batch.origin);
      this.#passBarrier([part.batch]);
      const { content } = part.batch;
      if (this.#barrier?.speaksIn({ receiver: this.name, content }) === true)
        this.#reporter.report(cannotFinishEpoch(this.name));
    }
    this.#reporter.report(partRejected(this.name, part, failure), { failure, failedBatch: true });
  }

  #cannotBoot(failure: Failure, isFirst: boolean): void {
    this.counters.failedTimesteps += 1;
    const diagnostic = (isFirst ? cannotBoot : cannotGoOn)(this.name, failure);
    this.#reporter.report(diagnostic, { failure, failedBatch: true });
    this.#stop(bootFailureCode);
  }

  #stoppedByHost(failure: Failure): void {
    this.counters.failedTimesteps += 1;
    this.#reporter.report(stoppedByHost(this.name, failure), { failure });
    this.#stop(boundFailureCode);
  }

  /** Says farewell and falls silent; `code`: the node ends by itself, once what it did is durable. */
  #stop(code: number | null): void {
    this.#phase = 'ending';
    this.#timesteps.stop();
    if (code === null || code === storageFailureCode) return this.#fallSilent(code);
    this.#links.endTimestep();
    this.#endTurn();
    this.#journal.whenDurable(() => this.#fallSilent(code));
  }

  #fallSilent(code: number | null): void {
    this.#links.farewell();
    if (code !== null) this.#effects.push({ kind: 'halt', code });
    this.#phase = 'stopped';
  }

  #requestTick(): void {
    if (this.#phase !== 'running' || this.#isTickRequested || this.#journal.isFull) return;
    const isQuiet =
      !this.#timesteps.isRestless && this.#inbox.size === 0 && this.#log?.hasEntry !== true;
    if (isQuiet && !this.#tellBarrier()) return;
    this.#isTickRequested = true;
    this.#effects.push({ kind: 'request-tick' });
  }

  /** Tells the program that the node is quiet; false if it knows that. */
  #tellBarrier(): boolean {
    const news = this.#barrier?.takeNews() ?? null;
    if (news !== null) this.#inbox.add({ origin: { kind: 'insert' }, content: [news] });
    return news !== null;
  }
}
