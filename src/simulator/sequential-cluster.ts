/**
 * A cluster in which one thing happens at a time: an event enters, and all that it causes comes to
 * rest before the next one does. Messages take no time and arrive in the order of sending. There is
 * no ordered log here; who uses the cluster plays it.
 */
import { defined } from '../base/assert.js';
import { compareRows } from '../base/value.js';
import type { Row } from '../base/value.js';
import type { RelationRows } from '../evaluator/evaluator.js';
import type { NodeEffect } from '../node/events.js';
import type { Node } from '../node/node.js';
import { nodeOfInput } from '../node/workload.js';
import { incarnationOf, makeNode } from './make-node.js';
import type { TimelessEvent } from './make-node.js';
import type { SimulationSubject } from './outcome.js';

interface Timer {
  readonly node: string;
  readonly id: string;
  readonly atMs: number;
}

export class SequentialCluster {
  readonly #subject: SimulationSubject;
  readonly #ordered: ReadonlySet<string>;
  readonly #machines: ReadonlyMap<string, Node>;
  readonly #waiting: { readonly node: string; readonly event: TimelessEvent }[] = [];
  readonly #ticks: string[] = [];
  readonly #timesteps = new Map<string, number>();
  readonly #timers = new Map<string, Timer>();
  readonly #limits: { readonly untilMs: number; readonly maxTimesteps: number };
  #nowMs = 0;
  #settled = true;

  constructor(
    subject: SimulationSubject,
    limits: { readonly untilMs: number; readonly maxTimesteps: number },
  ) {
    this.#subject = subject;
    this.#limits = limits;
    this.#ordered = subject.program.orderedLog?.channels ?? new Set();
    const unordered = { ...subject, program: { ...subject.program, orderedLog: null } };
    this.#machines = new Map(subject.nodes.map((name) => [name, makeNode(unordered, name)]));
  }

  /** False once a node has used up its timesteps. */
  get settled(): boolean {
    return this.#settled;
  }

  boot(): void {
    for (const node of this.#machines.keys())
      this.#enter(node, { kind: 'start', incarnation: incarnationOf(node), stored: null });
    this.#settle();
  }

  /** The inputs of the workload, by time and then as listed. */
  takeInputs(): void {
    const { workload, nodes, program } = this.#subject;
    const inTime = workload.inputs.toSorted((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0));
    for (const input of inTime) {
      const node = nodeOfInput(input, nodes, program.locationByRelation);
      if (!this.#machines.has(node)) continue;
      this.#enter(node, { kind: 'insert', relation: input.relation, rows: [input.row] });
      this.#settle();
    }
  }

  /** Every periodic up to the horizon, in order of time. */
  firePeriodics(): void {
    for (
      let next = this.#takeTimer();
      next !== undefined && this.#settled;
      next = this.#takeTimer()
    ) {
      this.#nowMs = next.atMs;
      this.#enter(next.node, { kind: 'timer', id: next.id });
      this.#settle();
    }
  }

  /**
   * One entry of the log: every node takes its part in a timestep of its own, as a batch from
   * itself. (An empty part changes nothing and is left out; `now` in a rule could tell.)
   */
  applyEntry(parts: ReadonlyMap<string, readonly RelationRows[]>): void {
    for (const node of this.#machines.keys()) {
      const batch = parts.get(node) ?? [];
      if (batch.length > 0) this.#enter(node, { kind: 'loop', batch });
    }
    this.#settle();
  }

  /** Content of a relation at all nodes. */
  content(relation: string): readonly Row[] {
    const isLocated = this.#subject.program.locationByRelation.has(relation);
    const rows = [...this.#machines].flatMap(([node, machine]) =>
      machine.query(relation).map((row) => (isLocated ? row : [node, ...row])),
    );
    return rows.sort(compareRows);
  }

  #enter(node: string, event: TimelessEvent): void {
    this.#waiting.push({ node, event });
  }

  /** Feeds in what waits, and lets nodes run a timestep only when nothing does. */
  #settle(): void {
    for (;;) {
      const next = this.#waiting.shift();
      const node = next?.node ?? this.#ticks.shift();
      if (node === undefined) return;
      const event = next?.event ?? this.#countTick(node);
      if (event === null) return;
      const machine = defined(this.#machines.get(node), `node ${node}`);
      for (const effect of machine.step({ ...event, nowMs: this.#nowMs }))
        this.#carryOut(node, effect);
    }
  }

  #countTick(node: string): TimelessEvent | null {
    const timesteps = (this.#timesteps.get(node) ?? 0) + 1;
    this.#timesteps.set(node, timesteps);
    if (timesteps <= this.#limits.maxTimesteps) return { kind: 'tick' };
    this.#settled = false;
    return null;
  }

  #carryOut(node: string, effect: NodeEffect): void {
    switch (effect.kind) {
      case 'send':
        if (effect.frame.kind !== 'data') return;
        if (!this.#isOrdered(effect.frame.batch))
          this.#enter(effect.peer, { kind: 'frame', peer: node, frame: effect.frame });
        return;
      case 'loop':
        if (!this.#isOrdered(effect.batch)) this.#enter(node, effect);
        return;
      case 'persist':
        return this.#enter(node, { kind: 'persisted', seq: effect.seq });
      case 'request-tick':
        this.#ticks.push(node);
        return;
      case 'set-timer':
        this.#timers.set(`${node}\n${effect.id}`, {
          node,
          id: effect.id,
          atMs: this.#nowMs + effect.afterMs,
        });
        return;
      case 'clear-timer':
        this.#timers.delete(`${node}\n${effect.id}`);
        return;
      case 'observe':
      case 'report':
      case 'log-applied':
      case 'log-role':
      case 'halt':
        return;
    }
  }

  #isOrdered(batch: readonly RelationRows[]): boolean {
    return batch.some(({ relation }) => this.#ordered.has(relation));
  }

  #takeTimer(): Timer | undefined {
    const due = [...this.#timers].sort(([a, x], [b, y]) => x.atMs - y.atMs || (a < b ? -1 : 1))[0];
    if (due === undefined || due[1].atMs > this.#limits.untilMs) return undefined;
    this.#timers.delete(due[0]);
    return due[1];
  }
}
