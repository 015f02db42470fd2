/**
 * A cluster of ordered logs in virtual time, for stories and for seeded simulations.
 *
 * Every message goes through JSON and `parseLogMessage`, as on the wire. A message travels for
 * `delayMs` and is lost with its link. The checkers run on every effect: no two nodes decide
 * differently for a slot, a node decides slots in order and an id once, and every decided entry was
 * proposed.
 */
import {
  parseLogMessage,
  startLog,
  stepLog,
  type LogEffect,
  type LogEntry,
  type LogEvent,
  type LogMessage,
  type LogRole,
  type LogState,
} from '../../../src/coordination/ordered-log.js';

export interface Delivery {
  readonly from: string;
  readonly to: string;
  readonly message: LogMessage;
}

export interface ClusterOptions {
  readonly members: readonly string[];
  readonly learners?: readonly string[];
  /** The delay of one copy of a message. */
  readonly delayMs?: () => number;
  /** How many copies arrive, 0 for a lost message. */
  readonly copies?: () => number;
}

interface Process {
  state: LogState;
  starts: number;
  up: boolean;
  role: LogRole;
  readonly decided: (string | null)[];
  readonly ids: Set<string>;
  readonly timers: Map<string, number>;
}

interface Arrival {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** A small deterministic generator of numbers in [0, 1): mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export class LogCluster {
  readonly names: readonly string[];
  readonly members: readonly string[];
  readonly sentByKind = new Map<string, number>();
  readonly proposed = new Map<string, string>();
  /** What members have said of a long wait for registration. */
  readonly unregistered: {
    readonly name: string;
    readonly silent: readonly string[];
    readonly needed: number;
  }[] = [];
  /** Messages for which this holds are lost on departure. */
  drop: (delivery: Delivery) => boolean = () => false;
  nowMs = 0;
  private readonly processes = new Map<string, Process>();
  private readonly chosen = new Map<number, string | null>();
  private readonly cutLinks = new Set<string>();
  private readonly linkAge = new Map<string, number>();
  private readonly agenda: Arrival[] = [];
  private readonly delayMs: () => number;
  private copies: () => number;
  private order = 0;

  constructor(options: ClusterOptions) {
    this.members = options.members;
    this.names = [...options.members, ...(options.learners ?? [])].sort();
    this.delayMs = options.delayMs ?? (() => 1);
    this.copies = options.copies ?? (() => 1);
    for (const name of this.names) this.boot(name, 1);
    for (const name of this.names) this.react(name, { kind: 'start' });
    this.forEachPair((a, b) => this.tellLink(a, b, true));
  }

  /** Proposes a new entry at a node, and gives its id. */
  propose(name: string, payload: unknown = null): string {
    const { starts } = this.process(name);
    const id = `${name}.${starts}.${this.proposed.size}`;
    this.proposeEntry(name, { id, sender: name, payload });
    return id;
  }

  proposeEntry(name: string, entry: LogEntry): void {
    this.proposed.set(entry.id, name);
    this.react(name, { kind: 'propose', entry });
  }

  /** Stops a process silently: its links break, its state is gone. */
  crash(name: string): void {
    const process = this.process(name);
    if (!process.up) return;
    process.up = false;
    process.timers.clear();
    for (const other of this.names) {
      if (other === name || this.cutLinks.has(pair(name, other))) continue;
      this.ageLink(name, other);
      this.react(other, { kind: 'link', peer: name, up: false });
    }
  }

  /** Starts a process again under its name, with a new incarnation and an empty memory. */
  restart(name: string): void {
    const { starts, up } = this.process(name);
    if (up) this.crash(name);
    this.boot(name, starts + 1);
    this.react(name, { kind: 'start' });
    for (const other of this.names) {
      if (other === name || this.cutLinks.has(pair(name, other))) continue;
      if (this.process(other).up) this.tellLink(name, other, true);
    }
  }

  /** How often a process of this name has started. */
  starts(name: string): number {
    return this.process(name).starts;
  }

  isUp(name: string): boolean {
    return this.process(name).up;
  }

  /** Breaks or mends the link between two nodes; both ends hear of it. */
  setLink(a: string, b: string, up: boolean): void {
    if (this.cutLinks.has(pair(a, b)) !== up) return;
    if (up) this.cutLinks.delete(pair(a, b));
    else this.cutLinks.add(pair(a, b));
    this.ageLink(a, b);
    if (this.isUp(a) && this.isUp(b)) this.tellLink(a, b, up);
  }

  /** Cuts a node off from all others. */
  isolate(name: string): void {
    for (const other of this.names) if (other !== name) this.setLink(name, other, false);
  }

  /** Breaks and mends every link, may start what is down, and loses nothing from now on. */
  heal(restarts = true): void {
    this.drop = () => false;
    this.copies = () => 1;
    for (const name of this.names) if (restarts && !this.isUp(name)) this.restart(name);
    this.forEachPair((a, b) => {
      this.setLink(a, b, false);
      this.setLink(a, b, true);
    });
  }

  /** Runs until `untilMs`, or until nothing is left to happen. */
  run(untilMs = Infinity): void {
    for (let steps = 0; ; steps += 1) {
      insist(steps < 200_000, 'the cluster never comes to rest');
      const next = this.agenda[0];
      if (next === undefined || next.atMs > untilMs) break;
      this.takeFirst();
      this.nowMs = next.atMs;
      next.run();
    }
    if (untilMs !== Infinity) this.nowMs = Math.max(this.nowMs, untilMs);
  }

  /** Runs for a while. */
  runFor(durationMs: number): void {
    this.run(this.nowMs + durationMs);
  }

  decided(name: string): readonly (string | null)[] {
    return this.process(name).decided;
  }

  role(name: string): LogRole {
    return this.process(name).role;
  }

  armedTimers(): readonly string[] {
    return this.names.flatMap((name) => [...this.process(name).timers.keys()]);
  }

  sent(): number {
    return [...this.sentByKind.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Hands an event to a process and carries out the effects. */
  react(name: string, event: LogEvent): void {
    const process = this.process(name);
    if (!process.up) return;
    const step = stepLog(process.state, event);
    process.state = step.state;
    for (const effect of step.effects) this.carryOut(name, process, effect);
  }

  private carryOut(name: string, process: Process, effect: LogEffect): void {
    switch (effect.kind) {
      case 'send':
        this.transmit({ from: name, to: effect.to, message: effect.message });
        return;
      case 'set-timer':
        this.setTimer(name, process, effect.id, effect.afterMs);
        return;
      case 'clear-timer':
        insist(process.timers.delete(effect.id), `${name} clears ${effect.id}, which does not run`);
        return;
      case 'decided':
        this.check(name, process, effect.slot, effect.entry);
        return;
      case 'role':
        insist(effect.role !== process.role, `${name} becomes ${effect.role} twice`);
        process.role = effect.role;
        return;
      case 'unregistered':
        this.unregistered.push({ name, silent: effect.silent, needed: effect.needed });
    }
  }

  private check(name: string, process: Process, slot: number, entry: LogEntry | null): void {
    const id = entry === null ? null : entry.id;
    insist(slot === process.decided.length, `${name} decides slot ${slot} out of order`);
    if (id !== null) {
      insist(this.proposed.has(id), `${name} decides ${id}, which nobody proposed`);
      insist(!process.ids.has(id), `${name} decides ${id} twice`);
      process.ids.add(id);
    }
    const other = this.chosen.get(slot);
    const agrees = other === undefined || other === id;
    insist(agrees, `${name} decides ${id} for slot ${slot}, another node ${other}`);
    this.chosen.set(slot, id);
    process.decided.push(id);
  }

  private transmit(delivery: Delivery): void {
    const { from, to, message } = delivery;
    insist(to !== from, `${from} sends to itself`);
    this.sentByKind.set(message.kind, (this.sentByKind.get(message.kind) ?? 0) + 1);
    const link = pair(from, to);
    const age = this.linkAge.get(link);
    if (this.cutLinks.has(link) || !this.isUp(to) || this.drop(delivery)) return;
    for (let copy = this.copies(); copy > 0; copy -= 1) {
      const parsed = parseLogMessage(JSON.parse(JSON.stringify(message)));
      if (parsed === null) throw new Error(`unreadable: ${JSON.stringify(message)}`);
      this.schedule(this.delayMs(), () => {
        if (this.linkAge.get(link) !== age) return;
        this.react(to, { kind: 'message', from, message: parsed });
      });
    }
  }

  private setTimer(name: string, process: Process, id: string, afterMs: number): void {
    insist(afterMs > 0, `${name} sets ${id} to ${afterMs} ms`);
    const order = this.order + 1;
    process.timers.set(id, order);
    this.schedule(afterMs, () => {
      if (this.process(name) !== process || process.timers.get(id) !== order) return;
      process.timers.delete(id);
      this.react(name, { kind: 'timer', id });
    });
  }

  private schedule(afterMs: number, run: () => void): void {
    this.order += 1;
    const arrival = { atMs: this.nowMs + afterMs, order: this.order, run };
    let index = this.agenda.length;
    this.agenda.push(arrival);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(arrival, this.agenda[parent]!)) break;
      this.agenda[index] = this.agenda[parent]!;
      index = parent;
    }
    this.agenda[index] = arrival;
  }

  private takeFirst(): void {
    const last = this.agenda.pop()!;
    if (this.agenda.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= this.agenda.length) break;
      const right = child + 1;
      if (right < this.agenda.length && isBefore(this.agenda[right]!, this.agenda[child]!)) {
        child = right;
      }
      if (!isBefore(this.agenda[child]!, last)) break;
      this.agenda[index] = this.agenda[child]!;
      index = child;
    }
    this.agenda[index] = last;
  }

  private boot(name: string, starts: number): void {
    const state = startLog({
      self: name,
      incarnation: `${name}#${starts}`,
      members: this.members,
      nodes: this.names,
      timing: { retryMs: 100, catchUpMs: 20 },
    });
    const fresh: Pick<Process, 'role' | 'up'> = { role: 'follower', up: true };
    this.processes.set(name, {
      state,
      starts,
      decided: [],
      ids: new Set(),
      timers: new Map(),
      ...fresh,
    });
  }

  private process(name: string): Process {
    const process = this.processes.get(name);
    if (process === undefined) throw new Error(`no node ${name}`);
    return process;
  }

  private tellLink(a: string, b: string, up: boolean): void {
    this.react(a, { kind: 'link', peer: b, up });
    this.react(b, { kind: 'link', peer: a, up });
  }

  private ageLink(a: string, b: string): void {
    this.linkAge.set(pair(a, b), (this.linkAge.get(pair(a, b)) ?? 0) + 1);
  }

  private forEachPair(visit: (a: string, b: string) => void): void {
    for (const a of this.names) for (const b of this.names) if (a < b) visit(a, b);
  }
}

/** Cheaper than an expectation, for what is checked at every step. */
function insist(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

function pair(a: string, b: string): string {
  return a < b ? `${a}|${b}` : `${b}|${a}`;
}

function isBefore(a: Arrival, b: Arrival): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
