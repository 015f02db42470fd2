/**
 * A cluster as local processes: one forked `trellis node` for each node, no shell, talking to this
 * process over IPC. The nodes listen where they like and tell; this process introduces them to
 * each other and passes inputs in and observations out.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { decodeRow, encodeRow } from '../base/value-json.js';
import type { Row } from '../base/value.js';
import type { ChildMessage, ParentMessage } from './child-messages.js';

export interface LaunchOptions {
  /** The script that understands `node ...`: the CLI's entry. */
  readonly script: string;
  /** Command-line words of each node's process, by name. */
  readonly argumentsByNode: ReadonlyMap<string, readonly string[]>;
  readonly onEvent: (node: string, event: ClusterEvent) => void;
}
export type ClusterEvent =
  | { readonly kind: 'listening'; readonly url: string }
  | {
      readonly kind: 'observe';
      readonly timestep: number;
      readonly relation: string;
      readonly added: readonly Row[];
      readonly removed: readonly Row[];
    }
  | Extract<ChildMessage, { kind: 'log-role' | 'log-applied' | 'stats' }>
  /** A line that the process wrote to its stderr. */
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'exit'; readonly code: number | null };

export interface LaunchedCluster {
  readonly names: readonly string[];
  insert(node: string, relation: string, rows: readonly Row[]): void;
  /** Ends a node's process at once, as a crash would. */
  kill(node: string): void;
  /** Asks every node to stop and resolves with the exit codes when all have ended. */
  stop(): Promise<ReadonlyMap<string, number | null>>;
  /** Resolves with the exit codes when all processes have ended by themselves. */
  ended(): Promise<ReadonlyMap<string, number | null>>;
}

/** A process that does not stop when asked is ended after this long. */
const stopPatienceMs = 5_000;

/** Starts the processes and resolves when every node listens and knows its peers. */
export async function launchCluster(options: LaunchOptions): Promise<LaunchedCluster> {
  const cluster = new ProcessCluster(options);
  await cluster.introduce();
  return cluster;
}

class ProcessCluster implements LaunchedCluster {
  readonly names: readonly string[];
  readonly #children = new Map<string, ChildProcess>();
  readonly #urls = new Map<string, string>();
  readonly #exits = new Map<string, number | null>();
  readonly #options: LaunchOptions;
  #waiters: (() => void)[] = [];

  constructor(options: LaunchOptions) {
    this.#options = options;
    this.names = [...options.argumentsByNode.keys()].sort();
    for (const name of this.names) this.#start(name);
  }

  #start(name: string): void {
    const child = fork(this.#options.script, [...this.#options.argumentsByNode.get(name)!], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
    });
    this.#children.set(name, child);
    child.on('message', (message) => this.#receive(name, message as ChildMessage));
    let rest = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#options.onEvent(name, { kind: 'line', text: line });
    });
    const ended = (code: number | null): void => {
      if (this.#exits.has(name)) return;
      if (rest !== '') this.#options.onEvent(name, { kind: 'line', text: rest });
      this.#exits.set(name, code);
      this.#options.onEvent(name, { kind: 'exit', code });
      this.#changed();
    };
    child.on('close', ended);
    child.on('error', (error) => {
      // Without a process there is no `close`.
      if (child.pid !== undefined) return;
      this.#options.onEvent(name, { kind: 'line', text: `cannot start: ${error.message}` });
      ended(null);
    });
  }

  #receive(name: string, message: ChildMessage): void {
    if (message.kind === 'observe') {
      const rows = (encoded: typeof message.added): readonly Row[] =>
        encoded.flatMap((row) => [decodeRow(row) ?? []]);
      return this.#options.onEvent(name, {
        ...message,
        added: rows(message.added),
        removed: rows(message.removed),
      });
    }
    if (message.kind === 'listening') this.#urls.set(name, message.url);
    this.#options.onEvent(name, message);
    this.#changed();
  }

  #send(name: string, message: ParentMessage): void {
    const child = this.#children.get(name);
    // A process that is ending has no channel any more, and nobody to be told.
    if (child?.connected === true) child.send(message, () => {});
  }

  async introduce(): Promise<void> {
    await this.#until(
      () => this.#failed().length > 0 || this.names.every((name) => this.#isUp(name)),
    );
    const failed = this.#failed();
    if (failed.length > 0) {
      await this.stop();
      throw new LaunchError(failed);
    }
    for (const name of this.names) {
      const urls = Object.fromEntries([...this.#urls].filter(([other]) => other !== name));
      this.#send(name, { kind: 'peers', urls });
    }
  }

  #isUp(name: string): boolean {
    return this.#urls.has(name) || this.#exits.has(name);
  }

  /** Nodes that ended badly. A program that halts at once, without an error, has not failed. */
  #failed(): readonly string[] {
    return this.names.filter((name) => this.#exits.has(name) && this.#exits.get(name) !== 0);
  }

  #changed(): void {
    for (const wake of this.#waiters.splice(0)) wake();
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#waiters.push(resolve);
      });
    }
  }

  insert(node: string, relation: string, rows: readonly Row[]): void {
    this.#send(node, { kind: 'insert', relation, rows: rows.map(encodeRow) });
  }

  kill(node: string): void {
    this.#children.get(node)?.kill('SIGKILL');
  }

  async stop(): Promise<ReadonlyMap<string, number | null>> {
    for (const name of this.names) this.#send(name, { kind: 'stop' });
    const patience = setTimeout(() => {
      for (const child of this.#children.values()) child.kill('SIGKILL');
    }, stopPatienceMs);
    const exits = await this.ended();
    clearTimeout(patience);
    return exits;
  }

  async ended(): Promise<ReadonlyMap<string, number | null>> {
    await this.#until(() => this.#exits.size === this.names.length);
    return this.#exits;
  }
}

/** Some processes ended before the cluster stood; what they said went out as `line` events. */
export class LaunchError extends Error {
  readonly nodes: readonly string[];

  constructor(nodes: readonly string[]) {
    super(`these nodes ended while the cluster was starting: ${nodes.join(', ')}`);
    this.name = 'LaunchError';
    this.nodes = nodes;
  }
}
