/**
 * A cluster whose nodes crash and come back: real nodes, storage in memory, and a network that
 * delivers in any order what no crash has swallowed. Everything that may happen next is drawn from
 * one seed, so a run replays.
 *
 * A crash takes a node with all that waits for it and all that its storage has not yet made durable.
 * What it has sent may still arrive or not; what was sent to it does not. A node may also lose what it
 * kept: its storage goes back to an older state, as when a backup is brought back.
 */
import { Prng } from '../../src/base/prng.js';
import { rowText } from '../../src/base/value-text.js';
import type { Row } from '../../src/base/value.js';
import { compileSource, defaultCompileOptions } from '../../src/compiler/compile-source.js';
import { makeNodeProgram } from '../../src/compiler/node-program.js';
import type { NodeProgram } from '../../src/node/configuration.js';
import type { NodeEffect, NodeEvent } from '../../src/node/events.js';
import type { Frame } from '../../src/node/frames.js';
import { createNode } from '../../src/node/node.js';
import type { Node } from '../../src/node/node.js';
import { createReferenceEvaluator } from '../../src/reference/reference-evaluator.js';
import { linkFunctions } from '../../src/reference/link-functions.js';
import type { Program } from '../../src/semantics/program.js';
import type { StoredBatch } from '../../src/node/storage.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';

type Untimed = NodeEvent extends infer E ? (E extends NodeEvent ? Omit<E, 'nowMs'> : never) : never;

interface CrashingNode {
  readonly name: string;
  storage: MemoryStorage;
  /** What its storage has been made of, batch by batch. */
  written: StoredBatch[];
  machine: Node | null;
  lives: number;
  /** What may happen to it next, in any order. */
  waiting: Untimed[];
  /** Numbers of batches that its storage has not answered for, oldest first. */
  unanswered: number[];
}

interface Mail {
  readonly from: string;
  readonly to: string;
  readonly frame: Frame;
}

export class CrashingCluster {
  /** Everything that outputs released, as text; a restart may release again. */
  readonly released: string[] = [];
  /** What nodes have reported: only of what they have forgotten, and only once one has gone back. */
  readonly reported: string[] = [];
  readonly #program: Program;
  readonly #nodeProgram: NodeProgram;
  readonly #nodes: ReadonlyMap<string, CrashingNode>;
  readonly #prng: Prng;
  #mail: Mail[] = [];
  #steps = 0;
  #hasGoneBack = false;

  constructor(text: string, names: readonly string[], seed: number) {
    const source = { path: 'crashing.bloom', text };
    const { compiled } = compileSource(source, { ...defaultCompileOptions, coordinate: 'none' });
    if (compiled === null) throw new Error('not a program');
    this.#program = linkFunctions(compiled.coordinated, new Map());
    this.#nodeProgram = makeNodeProgram(compiled, names);
    this.#prng = new Prng(seed);
    this.#nodes = new Map(
      names.map((name) => {
        const storage = new MemoryStorage(this.#nodeProgram.durable);
        const rest = { written: [], machine: null, lives: 0, waiting: [], unanswered: [] };
        return [name, { name, storage, ...rest }];
      }),
    );
    for (const name of names) this.start(name);
  }

  get steps(): number {
    return this.#steps;
  }

  isUp(name: string): boolean {
    return this.#node(name).machine !== null;
  }

  start(name: string): void {
    const node = this.#node(name);
    const cluster = [...this.#nodes.keys()].sort();
    const bounds = { maxTuples: 10_000 };
    node.machine = createNode(
      {
        name,
        cluster,
        program: this.#nodeProgram,
        log: { retryMs: 100, catchUpMs: 100 },
        outboxFrames: 1000,
        unknownAddress: 'drop',
        hasStorage: true,
      },
      createReferenceEvaluator(this.#program, { name, cluster, facts: [] }, bounds),
    );
    node.lives += 1;
    const incarnation = incarnationOf(node);
    this.#feed(node, { kind: 'start', incarnation, stored: node.storage.stored });
    for (const peer of this.#nodes.values()) {
      if (peer === node || peer.machine === null) continue;
      this.#linkUp(node, peer);
      this.#linkUp(peer, node);
    }
  }

  crash(name: string): void {
    const node = this.#node(name);
    node.machine = null;
    node.waiting = [];
    node.unanswered = [];
    node.storage.crash();
    this.#mail = this.#mail.filter(
      ({ from, to, frame }) =>
        to !== name && (from !== name || (frame.kind !== 'memory' && this.#prng.chance(0.5))),
    );
    for (const peer of this.#nodes.values())
      if (peer !== node && peer.machine !== null)
        this.#feed(peer, { kind: 'link', peer: name, state: 'down' });
  }

  /** How many batches the storage of a node has been made of. */
  writtenBy(name: string): number {
    return this.#node(name).written.length;
  }

  /** A crash after which the storage has the first `count` of its batches. */
  crashAndGoBack(name: string, count: number): void {
    this.crash(name);
    // The links of the process that the peers will see no more are gone with all that was in them.
    this.#mail = this.#mail.filter(({ from }) => from !== name);
    const node = this.#node(name);
    node.written = node.written.slice(0, count);
    node.storage = new MemoryStorage(this.#nodeProgram.durable);
    for (const batch of node.written) {
      node.storage.write(batch);
      node.storage.persistOne();
    }
    this.#hasGoneBack = true;
  }

  insert(name: string, relation: string, row: Row): void {
    if (this.isUp(name)) this.#feed(this.#node(name), { kind: 'insert', relation, rows: [row] });
  }

  query(name: string, relation: string): readonly Row[] {
    return this.#node(name).machine?.query(relation) ?? [];
  }

  /** One of the things that may happen, happens; false if nothing may. */
  step(): boolean {
    const choices: (() => void)[] = [];
    for (const node of this.#nodes.values()) {
      node.waiting.forEach((event, i) => {
        choices.push(() => {
          node.waiting.splice(i, 1);
          this.#feed(node, event);
        });
      });
      if (node.unanswered.length > 0) choices.push(() => this.#persistOne(node));
    }
    this.#mail.forEach((mail, i) => {
      if (this.isUp(mail.to) && !this.#isHeldUp(mail)) choices.push(() => this.#deliver(i));
    });
    if (choices.length === 0) return false;
    this.#steps += 1;
    choices[this.#prng.int(0, choices.length - 1)]!();
    return true;
  }

  /** What a link begins with is not overtaken, nor one lane by the next. */
  #isHeldUp(mail: Mail): boolean {
    const { from, to, frame } = mail;
    if (frame.kind === 'memory') return false;
    const before = this.#mail.slice(0, this.#mail.indexOf(mail));
    return this.#mail.some((other) => {
      if (other.from !== from || other.to !== to) return false;
      if (other.frame.kind === 'memory') return true;
      const areDurable = frame.kind === 'durable' && other.frame.kind === 'durable';
      return areDurable && frame.origin !== other.frame.origin && before.includes(other);
    });
  }

  #persistOne(node: CrashingNode): void {
    node.written.push(node.storage.persistOne()!);
    this.#feed(node, { kind: 'persisted', seq: node.unanswered.shift()! });
  }

  #deliver(place: number): void {
    const [mail] = this.#mail.splice(place, 1);
    const { from, to, frame } = mail!;
    // A frame that is no batch is never repeated; a durable one may come again at any time.
    if (frame.kind === 'durable' && this.#prng.chance(0.2)) this.#mail.push(mail!);
    this.#feed(this.#node(to), { kind: 'frame', peer: from, frame });
  }

  #linkUp(node: CrashingNode, peer: CrashingNode): void {
    const { incarnation, seq } = peer.machine!.receiptOf(node.name);
    const lastSeq = incarnation === incarnationOf(node) ? seq : 0;
    this.#feed(node, {
      kind: 'link',
      peer: peer.name,
      state: 'up',
      incarnation: incarnationOf(peer),
      lastSeq,
    });
  }

  #feed(node: CrashingNode, event: Untimed): void {
    for (const effect of node.machine!.step({ ...event, nowMs: this.#steps }))
      this.#carryOut(node, effect);
  }

  #carryOut(node: CrashingNode, effect: NodeEffect): void {
    switch (effect.kind) {
      case 'persist':
        node.storage.write(effect.batch);
        node.unanswered.push(effect.seq);
        return;
      case 'send':
        if (!isBacked(node, effect.peer, effect.frame))
          throw new Error(`${node.name} lets go of ${JSON.stringify(effect.frame)} too early`);
        this.#mail.push({ from: node.name, to: effect.peer, frame: effect.frame });
        return;
      case 'observe':
        for (const row of effect.added) this.released.push(rowText(effect.relation, row));
        return;
      case 'loop':
      case 'request-tick':
        node.waiting.push(effect.kind === 'loop' ? effect : { kind: 'tick' });
        return;
      case 'report':
        if (!this.#hasGoneBack || effect.diagnostic.code !== 'TRL0878')
          throw new Error(effect.diagnostic.message);
        this.reported.push(effect.diagnostic.message);
        return;
      default:
    }
  }

  #node(name: string): CrashingNode {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new Error(`there is no node ${name}`);
    return node;
  }
}

/** Whether a frame of a durable lane is one that the sender's storage answers for. */
function isBacked({ storage }: CrashingNode, to: string, frame: Frame): boolean {
  const { frames = [], receipts = [] } = storage.stored ?? {};
  if (frame.kind === 'durable')
    return frames.some(
      ({ peer, origin, seq }) => peer === to && origin === frame.origin && seq === frame.seq,
    );
  if (frame.kind !== 'applied') return true;
  const receipt = receipts.find(({ peer, origin }) => peer === to && origin === frame.origin);
  return frame.seqs.every(
    (seq) => receipt !== undefined && (seq <= receipt.seq || receipt.ahead.includes(seq)),
  );
}

function incarnationOf({ name, lives }: CrashingNode): string {
  return `${name}#${lives}`;
}
