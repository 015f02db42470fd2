/**
 * A cluster whose network and clock a script moves by hand: frames wait on their link until a
 * command delivers, repeats or loses them, a node runs a timestep only when it is told to. Every
 * command answers with what the nodes did, one line each:
 *
 *     b: +got("x")              a timestep showed this (and `-` took it back)
 *     a > b: #1 tell("b", "x")  a data frame left (log frames only by kind, acknowledgements not at all)
 *     b: TRL0850 ...            a report
 */
import { rowText, valueText } from '../../src/base/value-text.js';
import type { CompiledProgram } from '../../src/compiler/compile-source.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../../src/compiler/node-program.js';
import type { RelationRows } from '../../src/evaluator/evaluator.js';
import { readJson } from '../../src/files/cell-value.js';
import type { NodeProgram } from '../../src/node/configuration.js';
import type { NodeEffect, NodeEvent } from '../../src/node/events.js';
import type { Frame } from '../../src/node/frames.js';
import { createNode } from '../../src/node/node.js';
import type { Node } from '../../src/node/node.js';
import { compileSound } from './compile-text.js';

type Timeless<E> = E extends NodeEvent ? Omit<E, 'nowMs'> : never;
type Event = Timeless<NodeEvent>;

interface ScriptedNode {
  machine: Node;
  incarnation: number;
  wantsTick: boolean;
  readonly loops: Event[];
  readonly timers: Map<string, number>;
}

export class ScriptedCluster {
  #text = '';
  #compiled: CompiledProgram | null = null;
  #program: NodeProgram | null = null;
  readonly #nodes = new Map<string, ScriptedNode>();
  readonly #frames = new Map<string, Frame[]>();
  readonly #linked = new Set<string>();
  #nowMs = 0;
  #output: string[] = [];

  /** Carries out one command; the answer is what happened, in order. */
  run(command: string, body: string): string {
    const [word = '', ...words] = command.split(' ');
    this.#output = [];
    this.#dispatch(word, words, body);
    return this.#output.length === 0 ? 'ok' : this.#output.join('\n');
  }

  #dispatch(word: string, words: readonly string[], body: string): void {
    const [first = '', second = ''] = words;
    if (word === 'program') this.#text = body;
    else if (word === 'cluster') this.#create(first.split(','), second === 'ordered');
    else if (word === 'input') this.#insert(first, body);
    else if (word === 'tick') for (const name of this.#named(words)) this.#tick(name);
    else if (word === 'deliver') for (const link of this.#links(words)) this.#deliver(link);
    else if (word === 'duplicate') this.#duplicate(first);
    else if (word === 'cut') this.#cut(first, second);
    else if (word === 'connect') this.#connect(first, second);
    else if (word === 'settle') this.#settle(new Set(words));
    else if (word === 'pass') this.#pass(Number(first));
    else if (word === 'kill') this.#kill(first);
    else if (word === 'restart') this.#restart(first);
    else if (word === 'garbage')
      this.#feed(second, { kind: 'frame', peer: first, frame: JSON.parse(body) as Frame });
    else if (word === 'query')
      for (const row of this.#node(first).machine.query(second))
        this.#output.push(rowText(second, row));
    else if (word === 'counters') this.#count(first, words.slice(1));
    else throw new Error(`no command is called ${word}`);
  }

  #create(names: readonly string[], isOrdered: boolean): void {
    this.#compiled = compileSound(this.#text, {
      coordinate: isOrdered ? 'auto' : 'none',
      members: names,
    });
    this.#program = makeNodeProgram(this.#compiled, names);
    for (const name of names) this.#nodes.set(name, this.#boot(name, 1, names));
    for (const name of names) this.#start(name);
    for (const [i, a] of names.entries()) for (const b of names.slice(i + 1)) this.#connect(a, b);
  }

  #boot(name: string, incarnation: number, cluster: readonly string[]): ScriptedNode {
    const evaluator = makeEvaluatorFactory(this.#compiled!, { maxTuples: 10_000 })({
      name,
      cluster,
      facts: [],
    });
    const configuration = {
      name,
      cluster,
      program: this.#program!,
      log: { retryMs: 100, catchUpMs: 1000 },
      outboxFrames: 100,
      hasStorage: false,
      unknownAddress: 'hold' as const,
    };
    return {
      machine: createNode(configuration, evaluator),
      incarnation,
      wantsTick: false,
      loops: [],
      timers: new Map(),
    };
  }

  #start(name: string): void {
    this.#feed(name, { kind: 'start', incarnation: this.#incarnation(name), stored: null });
  }

  #insert(name: string, body: string): void {
    for (const line of body.split('\n')) {
      const [relation, row] = JSON.parse(line) as [string, unknown[]];
      const { columns } = this.#compiled!.coordinated.relations.get(relation)!;
      const values = row.map((cell, i) => {
        const read = readJson(cell, columns[i]!.type);
        if ('problem' in read) throw new Error(read.problem);
        return read.value;
      });
      this.#feed(name, { kind: 'insert', relation, rows: [values] });
    }
  }

  #tick(name: string): void {
    const node = this.#node(name);
    for (const loop of node.loops.splice(0)) this.#feed(name, loop);
    if (!node.wantsTick) return;
    node.wantsTick = false;
    this.#feed(name, { kind: 'tick' });
  }

  #deliver(link: string): void {
    const frame = this.#frames.get(link)?.shift();
    const [from = '', to = ''] = link.split('>');
    if (frame !== undefined) this.#feed(to, { kind: 'frame', peer: from, frame });
  }

  /** The next frame of the link arrives, and is still to arrive. */
  #duplicate(link: string): void {
    const frame = this.#frames.get(link)?.[0];
    if (frame === undefined) throw new Error(`nothing waits on ${link}`);
    const [from = '', to = ''] = link.split('>');
    this.#feed(to, { kind: 'frame', peer: from, frame });
  }

  /** The link breaks: what is on it is lost, and both ends notice. */
  #cut(a: string, b: string): void {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      this.#frames.set(`${from}>${to}`, []);
      if (this.#linked.delete(`${from}>${to}`) && this.#nodes.has(to))
        this.#feed(to, { kind: 'link', peer: from, state: 'down' });
    }
  }

  #connect(a: string, b: string): void {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      this.#linked.add(`${from}>${to}`);
      const receipt = this.#node(from).machine.receiptOf(to);
      const lastSeq = receipt.incarnation === this.#incarnation(to) ? receipt.seq : 0;
      this.#feed(to, {
        kind: 'link',
        peer: from,
        state: 'up',
        incarnation: this.#incarnation(from),
        lastSeq,
      });
    }
  }

  /** Runs everything until nothing moves; nothing passes on the links named (`a>b`). */
  #settle(held: ReadonlySet<string>): void {
    for (let moved = true, moves = 0; moved; moves++) {
      if (moves > 1000) throw new Error('the cluster does not come to rest');
      moved = false;
      for (const [name, node] of this.#nodes) {
        if (!node.wantsTick && node.loops.length === 0) continue;
        this.#tick(name);
        moved = true;
      }
      for (const [link, frames] of this.#frames) {
        if (held.has(link) || frames.length === 0) continue;
        this.#deliver(link);
        moved = true;
      }
    }
  }

  /** Lets time pass; timers fire in order. */
  #pass(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const due = [...this.#nodes]
        .flatMap(([name, { timers }]) => [...timers].map(([id, atMs]) => ({ name, id, atMs })))
        .sort((x, y) => x.atMs - y.atMs)[0];
      if (due === undefined || due.atMs > endMs) break;
      this.#nowMs = due.atMs;
      this.#node(due.name).timers.delete(due.id);
      this.#feed(due.name, { kind: 'timer', id: due.id });
      this.#settle(new Set());
    }
    this.#nowMs = endMs;
  }

  #kill(name: string): void {
    for (const peer of [...this.#nodes.keys()].filter((other) => other !== name)) {
      this.#linked.delete(`${peer}>${name}`);
      this.#frames.set(`${peer}>${name}`, []);
      this.#frames.set(`${name}>${peer}`, []);
      if (this.#linked.delete(`${name}>${peer}`))
        this.#feed(peer, { kind: 'link', peer: name, state: 'down' });
    }
    const node = this.#node(name);
    node.wantsTick = false;
    node.timers.clear();
    node.loops.length = 0;
  }

  /** A new process under the same name, which remembers nothing. */
  #restart(name: string): void {
    const { incarnation } = this.#node(name);
    this.#nodes.set(name, this.#boot(name, incarnation + 1, [...this.#nodes.keys()]));
    this.#start(name);
  }

  #count(name: string, counters: readonly string[]): void {
    const counts = this.#node(name).machine.counters as unknown as Readonly<Record<string, number>>;
    for (const counter of counters) this.#output.push(`${counter} ${valueText(counts[counter]!)}`);
  }

  #feed(name: string, event: Event): void {
    for (const effect of this.#node(name).machine.step({ ...event, nowMs: this.#nowMs }))
      this.#carryOut(name, effect);
  }

  #carryOut(name: string, effect: NodeEffect): void {
    const node = this.#node(name);
    if (effect.kind === 'send') this.#send(name, effect.peer, effect.frame);
    else if (effect.kind === 'loop') node.loops.push({ kind: 'loop', batch: effect.batch });
    else if (effect.kind === 'set-timer') node.timers.set(effect.id, this.#nowMs + effect.afterMs);
    else if (effect.kind === 'clear-timer') node.timers.delete(effect.id);
    else if (effect.kind === 'request-tick') node.wantsTick = true;
    else if (effect.kind === 'observe') {
      for (const row of effect.removed)
        this.#output.push(`${name}: -${rowText(effect.relation, row)}`);
      for (const row of effect.added)
        this.#output.push(`${name}: +${rowText(effect.relation, row)}`);
    } else if (effect.kind === 'report')
      this.#output.push(`${name}: ${effect.diagnostic.code} ${effect.diagnostic.message}`);
    else if (effect.kind === 'log-applied')
      this.#output.push(`${name}: applies slot ${effect.slot}`);
    else if (effect.kind === 'log-role') this.#output.push(`${name}: is ${effect.role}`);
    else if (effect.kind === 'halt') this.#output.push(`${name}: halts with ${effect.code}`);
  }

  #send(from: string, to: string, frame: Frame): void {
    if (!this.#nodes.has(to)) return;
    if (frame.kind === 'data')
      this.#output.push(`${from} > ${to}: #${frame.seq} ${contentText(frame.batch)}`);
    if (!this.#linked.has(`${from}>${to}`)) return;
    const frames = this.#frames.get(`${from}>${to}`) ?? [];
    this.#frames.set(`${from}>${to}`, [...frames, frame]);
  }

  #links(words: readonly string[]): readonly string[] {
    return words.length > 0 ? words : [...this.#frames.keys()];
  }

  #named(words: readonly string[]): readonly string[] {
    return words.length > 0 ? words : [...this.#nodes.keys()];
  }

  #incarnation(name: string): string {
    return `${name}/${this.#node(name).incarnation}`;
  }

  #node(name: string): ScriptedNode {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new Error(`no node ${name}`);
    return node;
  }
}

function contentText(batch: readonly RelationRows[]): string {
  return batch.flatMap(({ relation, rows }) => rows.map((row) => rowText(relation, row))).join(' ');
}
