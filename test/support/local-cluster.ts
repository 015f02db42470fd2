/**
 * Nodes in one process under the simplest schedule there is: messages arrive at once and in order,
 * every node runs a timestep as soon as it may, inputs enter one by one and each only when nothing
 * moves any more (those with the same `at` together). Time passes only when nothing else is left.
 */
import type { Row } from '../../src/base/value.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import type { EvaluatorFactory } from '../../src/evaluator/evaluator.js';
import type { NodeProgram } from '../../src/node/configuration.js';
import type { NodeEffect, NodeEvent } from '../../src/node/events.js';
import { createNode } from '../../src/node/node.js';
import type { Node } from '../../src/node/node.js';
import { factsOf, nodeOfInput } from '../../src/node/workload.js';
import type { Workload, WorkloadInput } from '../../src/node/workload.js';

export interface ClusterSubject {
  readonly program: NodeProgram;
  readonly makeEvaluator: EvaluatorFactory;
  readonly nodes: readonly string[];
  readonly workload: Workload;
}
export type Observation = Extract<NodeEffect, { readonly kind: 'observe' }> & {
  readonly node: string;
};
export interface LocalRun {
  readonly observations: readonly Observation[];
  /** Why batches were rejected or nodes could not boot. */
  readonly failures: readonly Diagnostic[];
  readonly haltCodes: readonly number[];
  readonly query: (node: string, relation: string) => readonly Row[];
}

type Timeless<E> = E extends NodeEvent ? Omit<E, 'nowMs'> : never;
type Event = Timeless<NodeEvent>;

/** More deliveries and timesteps than any small case needs. */
const patience = 10_000;

/** Runs the subject until nothing moves; timers fire up to `untilMs`. */
export function runLocally(subject: ClusterSubject, untilMs: number): LocalRun {
  return new LocalCluster(subject).run(untilMs);
}

class LocalCluster {
  readonly #subject: ClusterSubject;
  readonly #nodes = new Map<string, Node>();
  readonly #mail: { readonly to: string; readonly event: Event }[] = [];
  readonly #ticking = new Set<string>();
  readonly #timers = new Map<
    string,
    { readonly node: string; readonly id: string; readonly atMs: number }
  >();
  readonly #observations: Observation[] = [];
  readonly #failures: Diagnostic[] = [];
  readonly #haltCodes: number[] = [];
  #nowMs = 0;
  #moves = 0;

  constructor(subject: ClusterSubject) {
    this.#subject = subject;
    const cluster = [...subject.nodes].sort();
    for (const name of cluster) {
      const facts = factsOf(subject.workload, name, cluster, subject.program);
      const configuration = {
        name,
        cluster,
        program: subject.program,
        log: { retryMs: 100, catchUpMs: 1000 },
        outboxFrames: 1000,
        hasStorage: false,
        unknownAddress: 'drop' as const,
      };
      this.#nodes.set(
        name,
        createNode(configuration, subject.makeEvaluator({ name, cluster, facts })),
      );
    }
  }

  run(untilMs: number): LocalRun {
    const names = [...this.#nodes.keys()];
    for (const name of names)
      this.#feed(name, { kind: 'start', incarnation: `${name}-1`, stored: null });
    for (const name of names) {
      for (const peer of names.filter((other) => other !== name)) {
        this.#feed(name, { kind: 'link', peer, state: 'up', incarnation: `${peer}-1`, lastSeq: 0 });
      }
    }
    this.#settle();
    this.#feedInputs();
    while (this.#passTime(untilMs)) this.#settle();
    const query = (node: string, relation: string): readonly Row[] =>
      this.#nodes.get(node)!.query(relation);
    return {
      observations: this.#observations,
      failures: this.#failures,
      haltCodes: this.#haltCodes,
      query,
    };
  }

  #feedInputs(): void {
    const { inputs } = this.#subject.workload;
    for (const input of inputs.filter(({ atMs }) => atMs === null)) {
      this.#insert(input);
      this.#settle();
    }
    const timed = inputs.filter(({ atMs }) => atMs !== null).sort((a, b) => a.atMs! - b.atMs!);
    for (const [i, input] of timed.entries()) {
      while (this.#passTime(input.atMs!)) this.#settle();
      this.#nowMs = Math.max(this.#nowMs, input.atMs!);
      this.#insert(input);
      if (timed[i + 1]?.atMs !== input.atMs) this.#settle();
    }
  }

  #insert(input: WorkloadInput): void {
    const node = nodeOfInput(input, this.#subject.nodes, this.#subject.program.locationByRelation);
    this.#feed(node, { kind: 'insert', relation: input.relation, rows: [input.row] });
  }

  /** Fires the next timer, if one is due before or at `untilMs`. */
  #passTime(untilMs: number): boolean {
    const next = [...this.#timers.values()].sort((a, b) => a.atMs - b.atMs)[0];
    if (next === undefined || next.atMs > untilMs) return false;
    this.#timers.delete(`${next.node} ${next.id}`);
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    this.#feed(next.node, { kind: 'timer', id: next.id });
    return true;
  }

  #settle(): void {
    for (;;) {
      const letter = this.#mail.shift();
      const ticking = [...this.#ticking].sort()[0];
      if (letter !== undefined) this.#feed(letter.to, letter.event);
      else if (ticking !== undefined) {
        this.#ticking.delete(ticking);
        this.#feed(ticking, { kind: 'tick' });
      } else return;
    }
  }

  #feed(name: string, event: Event): void {
    this.#moves += 1;
    if (this.#moves > patience)
      throw new Error(`the cluster does not come to rest within ${patience} moves`);
    const node = this.#nodes.get(name);
    if (node === undefined) throw new Error(`no node ${name}`);
    for (const effect of node.step({ ...event, nowMs: this.#nowMs })) this.#carryOut(name, effect);
  }

  #carryOut(node: string, effect: NodeEffect): void {
    if (effect.kind === 'send')
      this.#mail.push({
        to: effect.peer,
        event: { kind: 'frame', peer: node, frame: effect.frame },
      });
    else if (effect.kind === 'loop')
      this.#mail.push({ to: node, event: { kind: 'loop', batch: effect.batch } });
    else if (effect.kind === 'set-timer') {
      this.#timers.set(`${node} ${effect.id}`, {
        node,
        id: effect.id,
        atMs: this.#nowMs + effect.afterMs,
      });
    } else if (effect.kind === 'clear-timer') this.#timers.delete(`${node} ${effect.id}`);
    else if (effect.kind === 'request-tick') this.#ticking.add(node);
    else if (effect.kind === 'observe') this.#observations.push({ ...effect, node });
    else if (effect.kind === 'halt') this.#haltCodes.push(effect.code);
    else if (effect.kind === 'report' && effect.failedBatch && effect.failure !== null)
      this.#failures.push(effect.failure.diagnostic);
  }
}
