/**
 * Carries out the effects of one node and feeds its events in, in order and one at a time.
 *
 * An effect may bring about an event at once (a send that finds its connection dead). Such events
 * wait until the effects at hand are done: a node is never entered while it is being served.
 */
import type { Row } from '../base/value.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Failure } from '../evaluator/evaluator.js';
import type { NodeEffect, NodeEvent } from '../node/events.js';
import type { Frame } from '../node/frames.js';
import type { Node } from '../node/node.js';
import type { StoredBatch, Storage } from '../node/storage.js';
import type { Scheduler } from '../transport/transport.js';
import type { Agenda } from './agenda.js';
import { preciseMs } from './clock.js';
import type { Clock } from './clock.js';

/** A change that a committed timestep shows; outputs only add. */
export interface Observation {
  readonly node: string;
  readonly timestep: number;
  readonly relation: string;
  readonly added: readonly Row[];
  readonly removed: readonly Row[];
}

export interface LogApplied {
  readonly node: string;
  readonly slot: number;
  readonly entryId: string;
  readonly timestep: number;
}

export type LogRole = 'leader' | 'follower' | 'learner';

/** What a host tells of its nodes; all optional. */
export interface HostListener {
  readonly observe?: (observation: Observation) => void;
  /** `failure`: set when a timestep failed. */
  readonly report?: (node: string, diagnostic: Diagnostic, failure: Failure | null) => void;
  readonly role?: (node: string, role: LogRole) => void;
  readonly logApplied?: (applied: LogApplied) => void;
  /** How long a timestep took, in milliseconds, with what it brought about at once. */
  readonly timestepTook?: (node: string, ms: number) => void;
}

/** What a driver works with. */
export interface DriverPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly agenda: Agenda;
  readonly listener: HostListener;
  /** Where the node's batches go; without it they are gone with the process. */
  readonly storage?: Storage | null;
  send(peer: string, frame: Frame): void;
  /** Whether the node may run another timestep; once refused it never asks again. */
  mayTick?(): boolean;
  /** The node ends by itself; nothing follows. */
  halted(code: number): void;
}

/** Without `nowMs`, which the driver adds. */
export type UntimedEvent = NodeEvent extends infer Event
  ? Event extends NodeEvent
    ? Omit<Event, 'nowMs'>
    : never
  : never;

interface RunningTimer {
  readonly purpose: 'periodic' | 'log';
  readonly callOff: () => void;
}

/** Drives one node. */
export class NodeDriver {
  readonly #node: Node;
  readonly #ports: DriverPorts;
  readonly #timers = new Map<string, RunningTimer>();
  #queue: UntimedEvent[] = [];
  #isBusy = false;
  #isStopped = false;
  #isDraining = false;
  /** Batches that storage has not answered for. */
  #unwritten = 0;
  #whenWritten: () => void = () => {};

  constructor(node: Node, ports: DriverPorts) {
    this.#node = node;
    this.#ports = ports;
  }

  get node(): Node {
    return this.#node;
  }

  /** Whether a timer of the ordered log runs: something waits for a decision. */
  get awaitsLog(): boolean {
    return [...this.#timers.values()].some(({ purpose }) => purpose === 'log');
  }

  feed(event: UntimedEvent): void {
    this.#queue.push(event);
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        this.#step(next);
      }
    } finally {
      this.#isBusy = false;
    }
  }

  /** Runs no timestep any more; resolves when storage has all that the node has done, or has failed. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    if (this.#unwritten === 0) return;
    await new Promise<void>((resolve) => {
      this.#whenWritten = resolve;
    });
  }

  /** Tells the node to stop, and feeds it nothing any more. */
  stop(): void {
    this.feed({ kind: 'stop' });
  }

  #step(event: UntimedEvent): void {
    if (this.#isStopped) return;
    const timed: NodeEvent = { ...event, nowMs: this.#ports.clock.nowMs() };
    for (const effect of this.#node.step(timed)) this.#carryOut(effect);
    if (event.kind === 'stop') this.#end();
  }

  #carryOut(effect: NodeEffect): void {
    const { agenda, listener } = this.#ports;
    const node = this.#node.name;
    switch (effect.kind) {
      case 'send':
        return this.#ports.send(effect.peer, effect.frame);
      case 'loop':
        return agenda.add(() => this.feed(effect));
      case 'request-tick':
        return agenda.add(() => this.#tick());
      case 'set-timer':
        return this.#setTimer(effect);
      case 'clear-timer':
        return this.#clearTimer(effect.id);
      case 'observe':
        return listener.observe?.({ ...effect, node });
      case 'report':
        return listener.report?.(node, effect.diagnostic, effect.failure);
      case 'log-applied':
        return listener.logApplied?.({ ...effect, node });
      case 'log-role':
        return listener.role?.(node, effect.role);
      case 'persist':
        return this.#persist(effect.seq, effect.batch);
      case 'halt':
        this.#end();
        return this.#ports.halted(effect.code);
    }
  }

  #tick(): void {
    if (this.#isDraining) return;
    if (this.#ports.mayTick?.() === false) return;
    const { timestepTook } = this.#ports.listener;
    const fromMs = timestepTook === undefined ? 0 : preciseMs();
    this.feed({ kind: 'tick' });
    timestepTook?.(this.#node.name, preciseMs() - fromMs);
  }

  #persist(seq: number, batch: StoredBatch): void {
    const { storage = null } = this.#ports;
    if (storage === null) return this.feed({ kind: 'persisted', seq });
    this.#unwritten += 1;
    storage
      .write(batch)
      .then(
        () => this.feed({ kind: 'persisted', seq }),
        (error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error);
          this.feed({ kind: 'persist-failed', seq, reason });
        },
      )
      .finally(() => {
        this.#unwritten -= 1;
        if (this.#unwritten === 0) this.#whenWritten();
      });
  }

  #setTimer({ id, afterMs, purpose }: Extract<NodeEffect, { kind: 'set-timer' }>): void {
    this.#clearTimer(id);
    const callOff = this.#ports.scheduler.after(afterMs, () => {
      this.#timers.delete(id);
      this.feed({ kind: 'timer', id });
    });
    this.#timers.set(id, { purpose, callOff });
  }

  #clearTimer(id: string): void {
    this.#timers.get(id)?.callOff();
    this.#timers.delete(id);
  }

  #end(): void {
    this.#isStopped = true;
    for (const id of this.#timers.keys()) this.#clearTimer(id);
  }
}
