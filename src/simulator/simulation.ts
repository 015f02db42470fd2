/**
 * One run of a cluster under virtual time: the nodes are the real ones, and everything around them
 * (clock, timers, network, the moment of each timestep) is this file and the schedule.
 *
 * The idea is discrete-event simulation: take the earliest event, move the clock there, feed it to
 * its node, and turn the node's effects into later events. The run is quiescent when no event is
 * left: every node is quiet and nothing is in flight. Periodics would go on for ever, so each
 * node's end at the horizon; timers of the ordered log go on, because entries depend on them.
 *
 * Invariant: the run is a function of (subject, options); nothing else is asked.
 */
import { assert, defined } from '../base/assert.js';
import { rowText } from '../base/value-text.js';
import { durableTest } from '../node/durable-content.js';
import type { MemoryStorage } from '../storage/memory-storage.js';
import type { Frame } from '../node/frames.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Failure } from '../evaluator/evaluator.js';
import type { NodeEffect } from '../node/events.js';
import { InvariantWatch } from './check-invariants.js';
import { checkLog } from './check-log.js';
import { computeOutcome } from './compute-outcome.js';
import type { QueryNode } from './compute-outcome.js';
import { EventQueue } from './event-queue.js';
import { Faults } from './faults.js';
import { incarnationOf } from './make-node.js';
import type { TimelessEvent } from './make-node.js';
import { Network } from './network.js';
import type { Arrival } from './network.js';
import { Observations } from './observations.js';
import { placeInputs } from './place-inputs.js';
import { Schedule } from './schedule.js';
import { endProcess, startSimulatedNode, sumOver } from './simulated-node.js';
import type { SimulatedNode } from './simulated-node.js';
import type { SimulationEvent } from './simulation-event.js';
import {
  inputForUnknownNode,
  stepBoundReached,
  timestepBoundReached,
} from './simulation-warnings.js';
import { batchText, frameText, observationText } from './trace.js';
import type {
  SimulationOptions,
  SimulationRun,
  SimulationSubject,
  TraceStep,
  Violation,
} from './outcome.js';

/** Events of one run: far beyond what a sound one needs. */
const defaultMaxSteps = 500_000;

export class Simulation {
  readonly #subject: SimulationSubject;
  readonly #options: SimulationOptions;
  readonly #schedule: Schedule;
  readonly #queue = new EventQueue<SimulationEvent>();
  readonly #nodes: ReadonlyMap<string, SimulatedNode>;
  readonly #network: Network;
  readonly #faults: Faults;
  readonly #observations: Observations;
  readonly #invariants: InvariantWatch | null;
  readonly #trace: TraceStep[] = [];
  readonly #tracing: boolean;
  #nowMs = 0;
  #steps = 0;
  #stopped = false;

  constructor(subject: SimulationSubject, options: SimulationOptions) {
    this.#subject = subject;
    this.#options = options;
    this.#tracing = options.trace !== false;
    this.#schedule = new Schedule(options, subject.nodes);
    this.#network = new Network(this.#schedule, options.duplicate, durableTest(subject.program));
    const members = subject.program.orderedLog?.members ?? null;
    this.#faults = new Faults(options, this.#schedule, subject.nodes, members);
    this.#observations = new Observations(subject);
    this.#nodes = new Map(
      subject.nodes.map((name) => [
        name,
        startSimulatedNode(subject, name, this.#schedule.bootMs(name), options.crash === true),
      ]),
    );
    const query: QueryNode = (node, relation) => this.#node(node).machine.query(relation);
    const { invariants = null } = subject;
    this.#invariants =
      invariants === null ? null : new InvariantWatch(invariants, this.#observations, query);
  }

  /** Runs to quiescence or to a bound. */
  run(): SimulationRun {
    for (const { name, bootMs } of this.#nodes.values())
      this.#queue.push(bootMs, 0, this.#schedule.tie('boot'), { kind: 'boot', node: name });
    this.#scheduleInputs();
    this.#scheduleFaults();
    const maxSteps = this.#options.maxSteps ?? defaultMaxSteps;
    for (let next = this.#queue.pop(); next !== undefined; next = this.#queue.pop()) {
      if (this.#steps === maxSteps) {
        this.#stopped = true;
        this.#observations.warn(next.content.node, stepBoundReached(maxSteps));
        break;
      }
      this.#steps += 1;
      this.#nowMs = next.atMs;
      this.#dispatch(
        defined(this.#nodes.get(next.content.node), 'the node of an event'),
        next.content,
      );
    }
    return this.#result();
  }

  #scheduleInputs(): void {
    const { placed, strays } = placeInputs(this.#subject, this.#schedule);
    for (const { node, input, atMs, tie } of placed) {
      this.#queue.push(atMs, 1, tie, { kind: 'input', node, input });
    }
    for (const { node, input } of strays) {
      const warning = inputForUnknownNode(input, node, this.#subject.nodes);
      this.#observations.warn(node, warning);
    }
  }

  #scheduleFaults(): void {
    for (const { node, atMs, backMs } of this.#faults.crashes)
      this.#queue.push(atMs, 1, this.#schedule.tie('crash'), { kind: 'crash', node, backMs });
    for (const { fromMs, toMs, group } of this.#faults.partitions) {
      const others = this.#subject.nodes.filter((name) => !group.has(name));
      for (const node of group) {
        for (const peer of others) {
          const tie = this.#schedule.tie('partition');
          this.#queue.push(fromMs, 1, tie, { kind: 'break', node, peer, connection: null });
          this.#queue.push(toMs, 1, tie, { kind: 'mend', node, peer });
        }
      }
    }
  }

  #dispatch(node: SimulatedNode, content: SimulationEvent): void {
    // A connection that breaks has two ends, of which one may be gone.
    if (node.state === 'halted' && content.kind !== 'break') return;
    if ('life' in content && content.life !== node.life) return;
    switch (content.kind) {
      case 'boot':
        return this.#boot(node);
      case 'crash':
        return this.#crash(node, content.backMs);
      case 'persisted':
        node.storage?.persistOne();
        return this.#feed(node, { kind: 'persisted', seq: content.seq });
      case 'input':
        // Whoever asks a node that is down asks again when it is back.
        if (node.backMs > this.#nowMs)
          return this.#queue.push(node.backMs, 2, this.#schedule.tie('again'), content);
        this.#note(node, 'input', () => rowText(content.input.relation, content.input.row));
        return this.#feed(node, {
          kind: 'insert',
          relation: content.input.relation,
          rows: [content.input.row],
        });
      case 'frame':
        return this.#deliver(node, content);
      case 'break':
        return this.#break(node, this.#node(content.peer), content.connection);
      case 'mend':
        return this.#connect(node, this.#node(content.peer));
      case 'link-down':
        return this.#feed(node, { kind: 'link', peer: content.peer, state: 'down' });
      case 'loop':
        this.#note(node, 'deliver', () => `from itself: ${batchText(content.event.batch)}`);
        this.#observations.takeIn(node.name, content.event.batch);
        return this.#feed(node, content.event);
      case 'timer':
        return this.#fireTimer(node, content.id, content.version);
      case 'tick':
        return this.#tick(node);
    }
  }

  #boot(node: SimulatedNode): void {
    node.booted = true;
    this.#note(node, 'boot', () => '');
    const { name, life, storage } = node;
    const stored = storage?.stored ?? null;
    this.#feed(node, { kind: 'start', incarnation: incarnationOf(name, life), stored });
    for (const peer of this.#nodes.values()) if (peer !== node) this.#connect(node, peer);
  }

  /** Ends a process, and all that was in it. */
  #crash(node: SimulatedNode, backMs: number): void {
    if (!node.booted) return;
    const { name } = node;
    this.#note(node, 'crash', () => `is back at ${backMs} ms`);
    const peers = [...this.#nodes.values()].filter((peer) => peer !== node);
    for (const peer of peers) {
      const wasUp = this.#network.isUp(name, peer.name);
      this.#network.break(name, peer.name);
      if (wasUp && peer.state !== 'halted')
        this.#feed(peer, { kind: 'link', peer: name, state: 'down' });
    }
    this.#network.forget(
      name,
      peers.map((peer) => peer.name),
    );
    this.#observations.forget(name, node.life);
    const written = this.#schedule.whole(`written:${name}`, 0, node.storage?.waiting ?? 0);
    endProcess(this.#subject, node, backMs, written);
    this.#queue.push(backMs, 0, this.#schedule.tie('boot'), { kind: 'boot', node: name });
  }

  /** Makes a link between two nodes, if both run, nothing stands between them and there is none. */
  #connect(node: SimulatedNode, peer: SimulatedNode): void {
    if ([node, peer].some(({ booted, state }) => !booted || state === 'halted')) return;
    if (this.#network.isUp(node.name, peer.name)) return;
    if (this.#faults.areParted(node.name, peer.name, this.#nowMs)) return;
    if (this.#network.connection(node.name, peer.name) > 0)
      this.#note(node, 'link', () => `to ${peer.name} is up`);
    this.#linkUp(node, peer);
    this.#linkUp(peer, node);
  }

  /** Ends the connection of two nodes, if it is the one that was meant. */
  #break(node: SimulatedNode, peer: SimulatedNode, connection: number | null): void {
    const [a, b] = [node.name, peer.name];
    if (connection !== null && connection !== this.#network.connection(a, b)) return;
    const wasUp = this.#network.isUp(a, b);
    this.#network.break(a, b);
    if (wasUp) {
      this.#note(node, 'link', () => `to ${b} breaks`);
      if (node.state !== 'halted') this.#feed(node, { kind: 'link', peer: b, state: 'down' });
      if (peer.state !== 'halted') this.#feed(peer, { kind: 'link', peer: a, state: 'down' });
    }
    const mendMs = this.#nowMs + this.#faults.mendMs(a, b);
    this.#queue.push(mendMs, 1, this.#schedule.tie('mend'), { kind: 'mend', node: a, peer: b });
  }

  #linkUp(node: SimulatedNode, peer: SimulatedNode): void {
    this.#network.linkUp(node.name, peer.name);
    this.#feed(node, {
      kind: 'link',
      peer: peer.name,
      state: 'up',
      incarnation: incarnationOf(peer.name, peer.life),
      lastSeq: this.#network.tellArrived(node.name, peer.name),
    });
  }

  #tick(node: SimulatedNode): void {
    if (node.state === 'bounded') return;
    if (node.ticks === this.#options.maxTimesteps) {
      node.state = 'bounded';
      this.#observations.warn(node.name, timestepBoundReached(node.name, node.ticks));
      return;
    }
    node.ticks += 1;
    this.#note(node, 'timestep', () => String(node.machine.counters.timesteps + 1));
    this.#feed(node, { kind: 'tick' });
    this.#checkInvariants(node);
  }

  #checkInvariants(node: SimulatedNode): void {
    if (this.#invariants === null) return;
    const running = [...this.#nodes.values()].filter(
      ({ machine }) => machine.counters.timesteps > 0,
    );
    const { timesteps } = node.machine.counters;
    const names = running.map(({ name }) => name);
    const { seed } = this.#options;
    for (const diagnostic of this.#invariants.afterTimestep(node.name, timesteps, seed, names)) {
      this.#observations.violate({
        node: node.name,
        timestep: timesteps,
        seed,
        diagnostic,
        cause: null,
        bound: false,
        invariant: true,
      });
    }
  }

  #fireTimer(node: SimulatedNode, id: string, version: number): void {
    if (!node.timers.fire(id, version)) return;
    this.#note(node, 'timer', () => id);
    this.#feed(node, { kind: 'timer', id });
  }

  /** Feeds one event in and carries out the effects, in order. What is to persist is persisted at once, unless it may be lost. */
  #feed(node: SimulatedNode, event: TimelessEvent): void {
    const waiting: TimelessEvent[] = [event];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      for (const effect of node.machine.step({ ...next, nowMs: this.#nowMs })) {
        if (effect.kind !== 'persist') this.#carryOut(node, effect);
        else if (node.storage === null) waiting.push({ kind: 'persisted', seq: effect.seq });
        else this.#write(node, node.storage, effect);
      }
    }
  }

  #write(
    node: SimulatedNode,
    storage: MemoryStorage,
    { seq, batch }: Extract<NodeEffect, { readonly kind: 'persist' }>,
  ): void {
    storage.write(batch);
    const { name, life } = node;
    const takesMs = this.#schedule.whole(`disk:${name}`, 0, this.#options.maxDelayMs >> 3);
    // One after the other, in order.
    node.writtenMs = Math.max(node.writtenMs + 1, this.#nowMs + takesMs);
    const tie = this.#schedule.tie('disk');
    this.#queue.push(node.writtenMs, 1, tie, { kind: 'persisted', node: name, life, seq });
  }

  #carryOut(node: SimulatedNode, effect: Exclude<NodeEffect, { readonly kind: 'persist' }>): void {
    switch (effect.kind) {
      case 'send':
        return this.#send(node.name, effect.peer, effect.frame);
      case 'loop':
        return this.#pushArrival(this.#network.message(node.name, node.name, this.#nowMs), {
          kind: 'loop',
          node: node.name,
          life: node.life,
          event: effect,
        });
      case 'set-timer':
        return this.#setTimer(node, effect.id, effect.afterMs, effect.purpose);
      case 'clear-timer':
        return node.timers.clear(effect.id);
      case 'request-tick': {
        const { delayMs, tie } = this.#schedule.tick(node.name);
        const { name, life } = node;
        return this.#queue.push(this.#nowMs + delayMs, 1, tie, { kind: 'tick', node: name, life });
      }
      case 'halt':
        return this.#halt(node, effect.code);
      default:
        return this.#record(node, effect);
    }
  }

  #halt(node: SimulatedNode, code: number): void {
    node.state = 'halted';
    this.#note(node, 'halt', () => String(code));
    for (const peer of this.#nodes.keys()) {
      if (!this.#network.isUp(peer, node.name)) continue;
      const arrival = this.#network.lastMessage(node.name, peer, this.#nowMs);
      this.#pushArrival(arrival, { kind: 'link-down', node: peer, peer: node.name });
    }
  }

  #record(
    node: SimulatedNode,
    effect: Extract<
      NodeEffect,
      { readonly kind: 'observe' | 'log-applied' | 'log-role' | 'report' }
    >,
  ): void {
    switch (effect.kind) {
      case 'observe':
        this.#observations.observe(node.name, effect);
        return this.#note(node, 'observe', () => observationText(effect));
      case 'log-applied':
        this.#observations.logApplied(node.name, effect.slot, effect.entryId);
        return this.#note(node, 'log', () => `applies slot ${effect.slot}: ${effect.entryId}`);
      case 'log-role':
        return this.#note(node, 'log', () => `is now ${effect.role}`);
      case 'report': {
        const { diagnostic } = effect;
        if (effect.failure === null) this.#observations.warn(node.name, diagnostic);
        else this.#observations.violate(this.#violation(node, diagnostic, effect.failure));
        return this.#note(node, 'report', () => `${diagnostic.code} ${diagnostic.message}`);
      }
    }
  }

  #setTimer(node: SimulatedNode, id: string, afterMs: number, purpose: 'periodic' | 'log'): void {
    const version = node.timers.set(id);
    const atMs = this.#nowMs + Math.max(0, Math.ceil(afterMs));
    if (purpose === 'periodic' && atMs > node.bootMs + this.#options.untilMs) return;
    this.#queue.push(atMs, 1, this.#schedule.tie(`timer:${node.name}`), {
      kind: 'timer',
      node: node.name,
      life: node.life,
      id,
      version,
    });
  }

  #send(from: string, to: string, frame: Frame): void {
    assert(this.#nodes.has(to) && to !== from, `${from} sends only to other nodes, not to ${to}`);
    const arrivals = this.#network.send(from, to, frame, this.#nowMs);
    if (arrivals.length === 0) return;
    this.#note(this.#node(from), 'send', () => `to ${to}: ${frameText(frame)}`);
    if (frame.kind === 'log') this.#observations.passLogMessage(frame.message);
    const connection = this.#network.connection(from, to);
    if (this.#network.isUp(from, to) && this.#faults.isLost(from, to, this.#nowMs))
      return this.#pushArrival(arrivals[0]!, { kind: 'break', node: from, peer: to, connection });
    for (const arrival of arrivals) {
      const { again } = arrival;
      this.#pushArrival(arrival, { kind: 'frame', node: to, from, frame, again, connection });
    }
  }

  #pushArrival({ atMs, tie }: Arrival, content: SimulationEvent): void {
    this.#queue.push(atMs, 1, tie, content);
  }

  #deliver(
    node: SimulatedNode,
    { from, frame, again, connection }: Extract<SimulationEvent, { readonly kind: 'frame' }>,
  ): void {
    if (connection !== this.#network.connection(from, node.name)) return;
    const received = this.#network.receive(from, node.name, frame, again);
    if (received === null) return;
    this.#note(
      node,
      'deliver',
      () => `from ${from}${again ? ' again' : ''}: ${frameText(received)}`,
    );
    if (received.kind === 'data') this.#observations.takeIn(node.name, received.batch);
    this.#feed(node, { kind: 'frame', peer: from, frame: received });
    // A frame that the network repeats as it is, number and all, must pass unnoticed.
    if (again) this.#feed(node, { kind: 'frame', peer: from, frame: received });
  }

  #node(name: string): SimulatedNode {
    return defined(this.#nodes.get(name), `node ${name}`);
  }

  #note(node: SimulatedNode, event: string, text: () => string): void {
    if (this.#tracing)
      this.#trace.push({ atMs: this.#nowMs, node: node.name, event, text: text() });
  }

  #checkLog(quiescent: boolean): void {
    if (this.#subject.program.orderedLog === null) return;
    // What a process has applied that is gone has had its consequences, too.
    const past = this.#observations.appliedBefore;
    const isRunning = (name: string) => this.#nodes.get(name)?.state === 'running';
    const applied = new Map([...this.#observations.appliedByNode(), ...past]);
    for (const { node, diagnostic } of checkLog(applied, { quiescent, isRunning })) {
      const name = this.#nodes.has(node) ? node : node.slice(0, node.lastIndexOf(','));
      this.#observations.violate(this.#violation(this.#node(name), diagnostic, null));
    }
  }

  /** In the timestep that was to be the node's next. */
  #violation(
    { name, machine }: SimulatedNode,
    diagnostic: Diagnostic,
    failure: Failure | null,
  ): Violation {
    return {
      node: name,
      timestep: machine.counters.timesteps + 1,
      seed: this.#options.seed,
      diagnostic,
      cause: failure?.diagnostic ?? null,
      bound: failure?.bound ?? false,
    };
  }

  #result(): SimulationRun {
    const nodes = [...this.#nodes.values()];
    const quiescent = !this.#stopped && nodes.every((node) => node.state !== 'bounded');
    const observations = this.#observations;
    this.#checkLog(quiescent);
    const query = (node: string, relation: string) => this.#node(node).machine.query(relation);
    return {
      seed: this.#options.seed,
      outcome: computeOutcome(this.#subject, observations, query, quiescent),
      quiescent,
      coordinationMessages:
        this.#network.coordinationMessages +
        sumOver(nodes, ({ barrierMessages }) => barrierMessages),
      dataFrames: this.#network.dataFrames,
      timesteps: sumOver(nodes, ({ timesteps, failedTimesteps }) => timesteps + failedTimesteps),
      unknownAddresses: sumOver(nodes, ({ unknownAddresses }) => unknownAddresses),
      steps: this.#steps,
      violations: observations.violations,
      warnings: observations.warnings(),
      logByNode: observations.appliedByNode(),
      log: observations.log(),
      trace: this.#trace,
    };
  }
}
