/**
 * A cluster that is moved turn by turn: the nodes are the real ones, and what waits for them lies
 * open. Whoever holds it decides which node runs next and over what (`turns.ts`).
 *
 * The network numbers frames in the order of their arrival, as `wire.ts` does, and never loses one;
 * acknowledgements are its own affair, so the nodes' stay undelivered. A message may be given a
 * second time, unless it came through durable channels. Time goes on by a millisecond a turn, and
 * at least to the moment at which a timer that the turn picks is due.
 *
 * Contract: the subject's program runs without an ordered log, whose schedule is not one of turns.
 */
import { assert, defined } from '../base/assert.js';
import type { Row } from '../base/value.js';
import type { RelationRows } from '../evaluator/evaluator.js';
import { durableTest } from '../node/durable-content.js';
import type { NodeEffect } from '../node/events.js';
import type { Frame } from '../node/frames.js';
import type { Node } from '../node/node.js';
import { nodeOfInput } from '../node/workload.js';
import type { WorkloadInput } from '../node/workload.js';
import { computeOutcome } from './compute-outcome.js';
import { incarnationOf, makeNode } from './make-node.js';
import type { TimelessEvent } from './make-node.js';
import { Observations } from './observations.js';
import type { Outcome, SimulationSubject, SimulationWarning, Violation } from './outcome.js';
import { samePick } from './turns.js';
import type { Pick, PlayedTurn, SentBatch, ShownRows } from './turns.js';

/** Something that a node may take in its next turn. */
export interface Waiting {
  readonly pick: Pick;
  readonly content: readonly RelationRows[];
}

type DataFrame = Extract<Frame, { kind: 'data' }>;

interface Held extends Waiting {
  readonly event: TimelessEvent;
}

interface TurnNode {
  readonly name: string;
  readonly machine: Node;
  readonly waiting: Held[];
  /** Messages from others that it has taken once. */
  readonly taken: Held[];
  readonly timers: Map<string, number>;
  /** Where the clock stood when it started. */
  bootMs: number;
  turns: number;
  /** Whether it asks for a timestep though nothing else happens. */
  isRestless: boolean;
  isHalted: boolean;
}

/** What a turn in progress gathers. */
interface Record {
  readonly sent: SentBatch[];
  readonly shown: ShownRows[];
  readonly failures: string[];
}

const periodicPrefix = 'periodic/';

export class TurnCluster {
  readonly subject: SimulationSubject;
  readonly turns: PlayedTurn[] = [];
  readonly #nodes: ReadonlyMap<string, TurnNode>;
  readonly #observations: Observations;
  readonly #isDurable: (content: readonly RelationRows[]) => boolean;
  readonly #sent = new Map<string, number>();
  readonly #arrived = new Map<string, number>();
  #nowMs = 0;
  #entered = 0;

  constructor(subject: SimulationSubject) {
    assert(subject.program.orderedLog === null, 'a cluster moved by turns has no ordered log');
    this.subject = subject;
    this.#observations = new Observations(subject);
    this.#isDurable = durableTest(subject.program);
    this.#nodes = new Map(subject.nodes.map((name) => [name, newNode(subject, name)]));
    for (const input of subject.workload.inputs) this.enter(input);
  }

  /** An input more, which from now on waits for its node; inputs of the workload wait from the start. */
  enter(input: WorkloadInput): void {
    const name = nodeOfInput(input, this.subject.nodes, this.subject.program.locationByRelation);
    const { relation, row } = input;
    this.#nodes.get(name)?.waiting.push({
      pick: { kind: 'input', index: this.#entered },
      content: [{ relation, rows: [row] }],
      event: { kind: 'insert', relation, rows: [row] },
    });
    this.#entered += 1;
  }

  /** What failed so far, in order. */
  get violations(): readonly Violation[] {
    return this.#observations.violations;
  }

  /** What the nodes had to say beside failures, each matter once. */
  get warnings(): readonly SimulationWarning[] {
    return this.#observations.warnings();
  }

  isHalted(node: string): boolean {
    return this.#node(node).isHalted;
  }

  isBooted(node: string): boolean {
    return this.#node(node).turns > 0;
  }

  /** Whether the node would run a timestep even if nothing more came to it. */
  isRestless(node: string): boolean {
    const { isRestless, turns, isHalted } = this.#node(node);
    return !isHalted && (turns === 0 || isRestless);
  }

  /** What waits for the node, in order of its coming; timers not counted. */
  waiting(node: string): readonly Waiting[] {
    return this.#node(node).waiting;
  }

  /** Messages that the node has taken and that may come again. */
  repeatable(node: string): readonly Waiting[] {
    return this.#node(node).taken;
  }

  /** Its periodics, if it runs. */
  timers(node: string): readonly string[] {
    const { isHalted, timers } = this.#node(node);
    return isHalted ? [] : [...timers.keys()];
  }

  /** The count of the next firing of a periodic that is missed by nobody. */
  nextCount(node: string, relation: string): number {
    const { timers, bootMs } = this.#node(node);
    return Math.round(((timers.get(relation) ?? bootMs) - bootMs) / this.#periodMs(relation));
  }

  /**
   * Lets the node run its next timestep over what is picked. Picks that are not there are passed
   * over; a turn that would do nothing is none, and gives null.
   */
  play(name: string, picks: readonly Pick[]): PlayedTurn | null {
    const node = this.#node(name);
    if (node.isHalted) return null;
    const held = picks.flatMap((pick) => this.#take(node, pick) ?? []);
    if (held.length === 0 && !this.isRestless(name)) return null;
    this.#nowMs = Math.max(this.#nowMs + 1, ...held.map(({ pick }) => this.#dueMs(node, pick)));
    const record: Record = { sent: [], shown: [], failures: [] };
    if (node.turns === 0) {
      node.bootMs = this.#nowMs;
      const start = { kind: 'start', incarnation: incarnationOf(name), stored: null } as const;
      this.#feed(node, start, record);
    }
    for (const one of held) {
      if (one.pick.kind === 'message' || one.pick.kind === 'loop')
        this.#observations.takeIn(name, one.content);
      this.#feed(node, this.#arriving(node, one), record);
    }
    node.turns += 1;
    node.isRestless = false;
    this.#feed(node, { kind: 'tick' }, record);
    const turn: PlayedTurn = {
      node: name,
      picks: held.map(({ pick }) => pick),
      atMs: this.#nowMs,
      number: node.turns,
      taken: held.map(({ content }) => content),
      ...record,
      halted: node.isHalted,
    };
    this.turns.push(turn);
    return turn;
  }

  /** What a relation holds at a node after its last timestep. */
  query(node: string, relation: string): readonly Row[] {
    return this.#node(node).machine.query(relation);
  }

  /** What a stored relation or an observable holds at a node; null for any other. */
  content(node: string, relation: string): readonly Row[] | null {
    const { stored = [], program } = this.subject;
    if (!stored.includes(relation) && !program.observables.has(relation)) return null;
    return this.#node(node).machine.query(relation);
  }

  /** `quiescent`: whether nothing is left to do. */
  outcome(quiescent: boolean): Outcome {
    const query = (node: string, relation: string) => this.#node(node).machine.query(relation);
    return computeOutcome(this.subject, this.#observations, query, quiescent);
  }

  #take(node: TurnNode, pick: Pick): Held | null {
    if (pick.kind === 'timer') return firing(node, pick);
    if (pick.kind === 'message' && pick.again) {
      const first = node.taken.find((one) => samePick(one.pick, { ...pick, again: false }));
      return first === undefined ? null : { ...first, pick };
    }
    const place = node.waiting.findIndex((one) => samePick(one.pick, pick));
    if (place < 0) return null;
    const [one = null] = node.waiting.splice(place, 1);
    if (one?.pick.kind === 'message' && !this.#isDurable(one.content)) node.taken.push(one);
    return one;
  }

  /** The event as it now arrives: frames of a link are numbered in this order. */
  #arriving(node: TurnNode, { event }: Held): TimelessEvent {
    if (event.kind !== 'frame' || event.frame.kind !== 'data') return event;
    const seq = countUp(this.#arrived, `${event.peer} ${node.name}`);
    return { ...event, frame: { ...event.frame, seq } };
  }

  #feed(node: TurnNode, event: TimelessEvent, record: Record): void {
    const queue: TimelessEvent[] = [event];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      for (const effect of node.machine.step({ ...next, nowMs: this.#nowMs })) {
        if (effect.kind === 'persist') queue.push({ kind: 'persisted', seq: effect.seq });
        else this.#carryOut(node, effect, record);
      }
    }
  }

  #carryOut(node: TurnNode, effect: NodeEffect, record: Record): void {
    switch (effect.kind) {
      case 'send':
        if (effect.frame.kind === 'data') this.#send(node, effect.peer, effect.frame, record);
        return;
      case 'loop': {
        const nth = this.#noteSent(node.name, node.name, effect.batch, record);
        const pick = { kind: 'loop', nth } as const;
        node.waiting.push({ pick, content: effect.batch, event: effect });
        return;
      }
      case 'set-timer':
        if (effect.purpose === 'periodic')
          node.timers.set(effect.id.slice(periodicPrefix.length), this.#nowMs + effect.afterMs);
        return;
      case 'request-tick':
        node.isRestless = true;
        return;
      case 'observe':
        this.#observations.observe(node.name, effect);
        record.shown.push(effect);
        return;
      case 'report':
        return this.#report(node, effect, record);
      case 'halt':
        node.isHalted = true;
        node.waiting.length = 0;
        return;
      default:
    }
  }

  #send(node: TurnNode, to: string, frame: DataFrame, record: Record): void {
    const receiver = this.#node(to);
    const nth = this.#noteSent(node.name, to, frame.batch, record);
    if (receiver.isHalted) return;
    receiver.waiting.push({
      pick: { kind: 'message', from: node.name, nth, again: false },
      content: frame.batch,
      event: { kind: 'frame', peer: node.name, frame },
    });
  }

  #noteSent(from: string, to: string, content: readonly RelationRows[], record: Record): number {
    const nth = countUp(this.#sent, `${from} ${to}`);
    record.sent.push({ to, nth, content });
    return nth;
  }

  #report(
    node: TurnNode,
    { diagnostic, failure }: Extract<NodeEffect, { readonly kind: 'report' }>,
    record: Record,
  ): void {
    if (failure === null) return this.#observations.warn(node.name, diagnostic);
    record.failures.push(`${diagnostic.code} ${diagnostic.message}`);
    this.#observations.violate({
      node: node.name,
      timestep: node.machine.counters.timesteps + 1,
      seed: 0,
      diagnostic,
      cause: failure.diagnostic,
      bound: failure.bound,
    });
  }

  #dueMs(node: TurnNode, pick: Pick): number {
    if (pick.kind !== 'timer') return 0;
    return (node.timers.get(pick.relation) ?? 0) + pick.missed * this.#periodMs(pick.relation);
  }

  #periodMs(name: string): number {
    const { periodics } = this.subject.program;
    return defined(
      periodics.find(({ relation }) => relation === name),
      `periodic ${name}`,
    ).periodMs;
  }

  #node(name: string): TurnNode {
    return defined(this.#nodes.get(name), `node ${name}`);
  }
}

function newNode(subject: SimulationSubject, name: string): TurnNode {
  return {
    name,
    machine: makeNode(subject, name),
    waiting: [],
    taken: [],
    timers: new Map(),
    bootMs: 0,
    turns: 0,
    isRestless: false,
    isHalted: false,
  };
}

function firing(node: TurnNode, pick: Extract<Pick, { kind: 'timer' }>): Held | null {
  if (!node.timers.has(pick.relation)) return null;
  const event = { kind: 'timer', id: periodicPrefix + pick.relation } as const;
  return { pick, content: [{ relation: pick.relation, rows: [] }], event };
}

function countUp(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}
