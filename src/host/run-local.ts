/**
 * All nodes of a run in one process, without sockets: what `run` does.
 *
 * The inputs without a time enter together before the first timestep, so that they are one batch at
 * boot; or, as a stream, one by one, each in a timestep of its own. The run ends when all nodes are
 * quiet, nothing is on its way between them, and nothing can come any more: no stream, no line of
 * standard input, no input with a time yet to come, no periodic. It also ends at a `halt`, after the
 * asked number of timesteps, when a timestep fails, and when it is stopped.
 */
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Row } from '../base/value.js';
import type { Evaluator, Failure } from '../evaluator/evaluator.js';
import type { NodeProgram, NodeConfiguration } from '../node/configuration.js';
import { createNode } from '../node/node.js';
import { MemoryNetwork } from '../transport/memory-transport.js';
import type { Scheduler, Transport } from '../transport/transport.js';
import { Agenda } from './agenda.js';
import { realClock, realScheduler } from './clock.js';
import type { Clock } from './clock.js';
import { NodeDriver } from './node-driver.js';
import type { HostListener } from './node-driver.js';
import { readLines } from './read-lines.js';
import type { LineSource } from './read-lines.js';
import { usualLogTiming, usualOutboxFrames } from './run-node.js';
import type { NodeStatistics } from './run-node.js';

export interface LocalRunOptions {
  /** In order of the names; the first takes standard input. */
  readonly nodes: readonly { readonly name: string; readonly evaluator: Evaluator }[];
  readonly program: NodeProgram;
  readonly listener: HostListener;
  readonly inputs?: readonly LocalInput[];
  /** One timestep for each input row, instead of one batch at boot. */
  readonly isStream?: boolean;
  /** Lines for the relation `stdin`. */
  readonly stdin?: Readable | null;
  /** Timesteps that each node may run; no bound if left out. */
  readonly mostTimesteps?: number;
  /** Ends the run from outside, as a signal does. */
  readonly abort?: AbortSignal;
  readonly log?: NodeConfiguration['log'];
  /** Real ones, if left out. */
  readonly clock?: Clock;
  readonly scheduler?: Scheduler;
}

/** A row that enters a node; `atMs` counts from the start of the run, null: at boot or in the stream. */
export interface LocalInput {
  readonly node: string;
  readonly relation: string;
  readonly row: Row;
  readonly atMs: number | null;
}

/** How a run came to its end. */
export type LocalEnd =
  | { readonly kind: 'quiet' }
  | { readonly kind: 'halted'; readonly node: string; readonly code: number }
  | { readonly kind: 'timesteps' }
  | { readonly kind: 'failed'; readonly node: string; readonly failure: Failure }
  | { readonly kind: 'stopped' };

export interface LocalRun {
  readonly end: LocalEnd;
  /** The content of a relation at a node when the run ended. */
  query(node: string, relation: string): readonly Row[];
  readonly statistics: ReadonlyMap<string, NodeStatistics>;
  /** Closes the evaluators. */
  close(): void;
}

/** Runs all nodes to the end of the run. */
export function runLocal(options: LocalRunOptions): Promise<LocalRun> {
  return new Promise((resolve) => {
    new LocalCluster(options, resolve).start();
  });
}

interface LocalNode {
  readonly evaluator: Evaluator;
  readonly driver: NodeDriver;
  readonly transport: Transport;
}

class LocalCluster {
  readonly #options: LocalRunOptions;
  readonly #resolve: (run: LocalRun) => void;
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #agenda = new Agenda(() => this.#roundEnded());
  readonly #network = new MemoryNetwork(() => this.#agenda.add(() => this.#network.deliver()));
  readonly #nodes = new Map<string, LocalNode>();
  readonly #callOffs = new Set<() => void>();
  #stream: readonly LocalInput[] = [];
  #streamed = 0;
  #lines: LineSource | null = null;
  #isStdinOpen = false;
  #isHeldBack = false;
  #end: LocalEnd | null = null;

  constructor(options: LocalRunOptions, resolve: (run: LocalRun) => void) {
    this.#options = options;
    this.#resolve = resolve;
    this.#clock = options.clock ?? realClock;
    const scheduler = options.scheduler ?? realScheduler;
    // Whatever a timer does, the run may be at its end afterwards.
    const poke = (): void => this.#agenda.add(() => {});
    this.#scheduler = {
      after: (ms, action) =>
        scheduler.after(ms, () => {
          action();
          poke();
        }),
    };
  }

  start(): void {
    const { nodes, abort } = this.#options;
    for (const { name, evaluator } of nodes) this.#addNode(name, evaluator);
    if (abort?.aborted === true) {
      this.#finish({ kind: 'stopped' });
      return;
    }
    abort?.addEventListener('abort', this.#abort, { once: true });
    this.#network.deliver();
    this.#openInputs();
    this.#openStdin();
  }

  readonly #abort = (): void => this.#finish({ kind: 'stopped' });

  #addNode(name: string, evaluator: Evaluator): void {
    const { nodes, program, log = usualLogTiming } = this.#options;
    const cluster = nodes.map((node) => node.name).sort();
    const incarnation = randomUUID();
    const node = createNode(
      {
        name,
        cluster,
        program,
        log,
        outboxFrames: usualOutboxFrames,
        unknownAddress: 'drop',
        hasStorage: false,
      },
      evaluator,
    );
    const driver = new NodeDriver(node, {
      clock: this.#clock,
      scheduler: this.#scheduler,
      agenda: this.#agenda,
      listener: this.#listen(),
      send: (peer, frame) => transport.send(peer, frame),
      mayTick: () => this.#mayTick(node.counters.timesteps),
      halted: (code) => this.#finish({ kind: 'halted', node: name, code }),
    });
    const transport = this.#network.attach(name, incarnation, {
      linkUp: (peer, peerIncarnation, lastSeq) =>
        driver.feed({ kind: 'link', peer, state: 'up', incarnation: peerIncarnation, lastSeq }),
      linkDown: (peer) => driver.feed({ kind: 'link', peer, state: 'down' }),
      frame: (peer, frame) => driver.feed({ kind: 'frame', peer, frame }),
      trouble: () => {},
      receiptOf: (peer) => node.receiptOf(peer),
    });
    this.#nodes.set(name, { evaluator, driver, transport });
    driver.feed({ kind: 'start', incarnation, stored: null });
  }

  /** The run's listener, and in front of it the run's own eye on failures. */
  #listen(): HostListener {
    const { listener } = this.#options;
    return {
      ...listener,
      report: (node, diagnostic, failure) => {
        // The run ends at the first failure, and tells what failed rather than how a node goes on.
        if (failure === null) listener.report?.(node, diagnostic, null);
        else this.#finish({ kind: 'failed', node, failure });
      },
      observe: (observation) => {
        if (this.#end?.kind !== 'failed') listener.observe?.(observation);
      },
    };
  }

  #openInputs(): void {
    const { inputs = [], isStream = false } = this.#options;
    for (const input of inputs) {
      if (input.atMs !== null) this.#schedule(input, input.atMs);
      else if (!isStream) this.#insert(input.node, input.relation, [input.row]);
    }
    if (!isStream) return;
    this.#stream = inputs.filter(({ atMs }) => atMs === null);
  }

  #schedule(input: LocalInput, atMs: number): void {
    const callOff = this.#scheduler.after(atMs, () => {
      this.#callOffs.delete(callOff);
      this.#insert(input.node, input.relation, [input.row]);
    });
    this.#callOffs.add(callOff);
  }

  #insert(node: string, relation: string, rows: readonly Row[]): void {
    this.#nodes.get(node)?.driver.feed({ kind: 'insert', relation, rows });
  }

  #openStdin(): void {
    const { stdin = null, nodes } = this.#options;
    const [first] = nodes;
    if (stdin === null || first === undefined) return;
    this.#isStdinOpen = true;
    this.#lines = readLines(
      stdin,
      (line) => this.#insert(first.name, 'stdin', [[line]]),
      () => {
        this.#isStdinOpen = false;
        this.#agenda.add(() => {});
      },
    );
  }

  #mayTick(timesteps: number): boolean {
    if (timesteps < (this.#options.mostTimesteps ?? Number.POSITIVE_INFINITY)) return true;
    this.#isHeldBack = true;
    return false;
  }

  /** Every node that had something to do has run one timestep. */
  #roundEnded(): void {
    if (this.#end !== null) return;
    if (this.#isSpent()) return this.#finish({ kind: 'timesteps' });
    const next = this.#stream[this.#streamed];
    if (next !== undefined) {
      this.#streamed += 1;
      return this.#insert(next.node, next.relation, [next.row]);
    }
    return this.#agenda.isEmpty && !this.#canMore() ? this.#finish({ kind: 'quiet' }) : undefined;
  }

  /** Whether the bound on timesteps leaves nothing to do. */
  #isSpent(): boolean {
    const { mostTimesteps } = this.#options;
    if (mostTimesteps === undefined) return false;
    if (this.#isHeldBack && this.#agenda.isEmpty) return true;
    return [...this.#nodes.values()].every(
      ({ driver }) => driver.node.counters.timesteps >= mostTimesteps,
    );
  }

  /** Whether something can still come by itself. */
  #canMore(): boolean {
    const awaitsTime = this.#callOffs.size > 0 || this.#options.program.periodics.length > 0;
    const awaitsLog = [...this.#nodes.values()].some(({ driver }) => driver.awaitsLog);
    return this.#isStdinOpen || awaitsTime || awaitsLog;
  }

  #finish(end: LocalEnd): void {
    if (this.#end !== null) return;
    this.#end = end;
    for (const callOff of this.#callOffs) callOff();
    this.#lines?.stop();
    this.#options.abort?.removeEventListener('abort', this.#abort);
    for (const { driver } of this.#nodes.values()) driver.stop();
    this.#agenda.clear();
    this.#resolve({
      end,
      query: (node, relation) => this.#nodes.get(node)?.driver.node.query(relation) ?? [],
      statistics: new Map([...this.#nodes].map(([name, node]) => [name, statisticsOf(node)])),
      close: () => {
        for (const { evaluator } of this.#nodes.values()) evaluator.close();
      },
    });
  }
}

function statisticsOf({ driver, transport }: LocalNode): NodeStatistics {
  const { dataFrames, coordinationMessages } = transport.counters;
  const { timesteps, barrierMessages } = driver.node.counters;
  return {
    timesteps,
    dataFrames,
    coordinationMessages: coordinationMessages + barrierMessages,
  };
}
