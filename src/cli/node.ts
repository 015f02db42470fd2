/**
 * `trellis node FILE --name NAME`: one node of a cluster in this process. Started by `up` it has an
 * IPC channel, over which it tells what it shows and takes peers and inputs.
 */
import type { Command } from 'commander';
import { decodeRow, encodeRow } from '../base/value-json.js';
import { rowText } from '../base/value-text.js';
import { durableBesideLog } from '../compiler/durable-beside-log.js';
import { fingerprintTexts } from '../compiler/fingerprint.js';
import type { ChildMessage, ParentMessage } from '../host/child-messages.js';
import { realScheduler } from '../host/clock.js';
import { fingerprintOf } from '../host/fingerprint.js';
import { parseListenAddress } from '../host/listen-address.js';
import type { HostListener } from '../host/node-driver.js';
import { openStorage } from '../host/open-storage.js';
import { runNode } from '../host/run-node.js';
import type { HostedNode } from '../host/run-node.js';
import type { MetricsServer } from '../host/serve-metrics.js';
import type { Storage } from '../node/storage.js';
import { factsOf, nodeOfInput } from '../node/workload.js';
import {
  CommandExit,
  demand,
  exitCodes,
  lineOf,
  showDiagnostics,
  usageError,
  writeError,
  writeOut,
} from './console.js';
import { dataOfCluster, missingData } from './data-directories.js';
import {
  addWatchOptions,
  addWorkloadOptions,
  collect,
  coordinateOption,
  wholeNumber,
} from './options.js';
import { namesProgram, prepare } from './prepare.js';
import type { Prepared, SubjectOptions } from './prepare.js';
import { interrupted } from './signals.js';
import { watchOf, type WatchBounds } from './watch.js';
import { warnUnseenAssertions } from './workload-warnings.js';

interface NodeOptions extends SubjectOptions, WatchBounds {
  readonly name: string;
  readonly listen?: string;
  readonly peer?: readonly string[];
  readonly cluster?: string;
  readonly data?: string;
  readonly metrics?: string;
  readonly delayMs: number;
  readonly seed: number;
}

export function addNodeCommand(program: Command): void {
  const command = program
    .command('node')
    .description('run one node of a cluster')
    .argument('<file>', 'program, cluster file or folder')
    .requiredOption('--name <name>', 'the name of this node')
    .option(
      '--listen <host:port>',
      'where to listen (the loopback interface by default; port 0: the system chooses)',
    )
    .option('--peer <name=url>', 'another node, e.g. b=ws://127.0.0.1:7002 (repeatable)', collect)
    .option('--cluster <file>', 'cluster file, for a FILE that is a bare program')
    .option('--data <dir>', 'where to keep what is durable; made if there is none')
    .option(
      '--metrics <host:port>',
      'serve what the node counts at http://HOST:PORT/metrics, in the text format of Prometheus',
    )
    .option('--delay-ms <n>', 'delay every frame by up to n milliseconds', wholeNumber(0), 0)
    .option('--seed <n>', 'seed of the delays', wholeNumber(0), 1)
    .addOption(coordinateOption());
  addWatchOptions(addWorkloadOptions(command)).action((path: string, options: NodeOptions) =>
    runOneNode(path, { ...options, ...watchOf(options) }),
  );
}

/** The node stops because its first timestep fails. */
const cannotBootCode = 'TRL0852';

/** A `--peer` that is none. */
const badAddressCode = 'TRL0865';

interface Outcome {
  /** Whether a resource bound keeps the node from booting. */
  isBeyondBound: boolean;
}

async function runOneNode(path: string, options: NodeOptions): Promise<void> {
  const peers = peerUrls(options.peer ?? []);
  const nodes =
    options.nodes ??
    (namesProgram(path) && options.cluster === undefined
      ? [options.name, ...peers.keys()].sort()
      : undefined);
  // Inputs come at run time: from peers, standard input, or whoever started the process.
  const prepared = await prepare(path, {
    ...options,
    ...(nodes === undefined ? {} : { nodes }),
    input: options.input ?? [],
  });
  if (!prepared.nodes.includes(options.name))
    usageError(
      `--name: the cluster has no node ${options.name}; it has ${prepared.nodes.join(', ')}`,
    );
  // Whoever started this process as one of several has said so.
  if (!process.connected) warnUnseenAssertions(prepared);
  const metrics = await openMetrics(options);
  const storage = await openData(prepared, options);
  const outcome = { isBeyondBound: false };
  const { value: node, diagnostics } = await startNode(
    prepared,
    { peers, storage, listener: nodeListener(outcome, metrics) },
    options,
  );
  showDiagnostics(diagnostics);
  if (node === null) {
    await metrics?.close();
    await storage?.close();
    const isMisused = diagnostics.some(({ code }) => code === badAddressCode);
    throw new CommandExit(isMisused ? exitCodes.usage : exitCodes.trouble);
  }
  announce(node);
  metrics?.show(node);
  const timers = insertInputs(prepared, node);
  const parent = listenToParent(prepared, node);
  const signal = interrupted();
  const ended = await Promise.race([node.ended, parent, aborted(signal)]);
  for (const callOff of timers) callOff();
  await metrics?.close();
  const statistics = await node.stop();
  tellParent({ kind: 'stats', ...statistics });
  writeError(
    `${JSON.stringify({ schema: 'trellis/node-stats/1', node: options.name, ...statistics })}\n`,
  );
  if (process.connected) process.disconnect();
  throw new CommandExit(outcome.isBeyondBound ? exitCodes.bound : ended.code);
}

/** Null unless metrics are asked for. */
async function openMetrics(options: NodeOptions): Promise<MetricsServer | null> {
  if (options.metrics === undefined) return null;
  const { value: listen, diagnostics: badAddress } = parseListenAddress(options.metrics);
  demand(badAddress, exitCodes.usage);
  const { serveMetrics } = await import('../host/serve-metrics.js');
  const { value, diagnostics } = await serveMetrics(options.name, listen);
  demand(diagnostics, exitCodes.trouble);
  if (value !== null) writeError(`${options.name} serves metrics at ${value.url}\n`);
  return value;
}

/** The storage in the data directory; null for a node without one, which may have nothing durable. */
async function openData(prepared: Prepared, options: NodeOptions): Promise<Storage | null> {
  const { target, nodeProgram } = prepared;
  const folder = options.data ?? dataOfCluster(target, options.name);
  demand(missingData(prepared, folder === null ? [options.name] : []), exitCodes.usage);
  if (folder === null) return null;
  demand(durableBesideLog(prepared.compiled));
  const { value, diagnostics } = await openStorage(folder, options.name, nodeProgram);
  demand(diagnostics, exitCodes.trouble);
  return value;
}

/** Inputs with a time enter when it has come, the others at once; the results call them off. */
function insertInputs(
  { workload, nodes, nodeProgram }: Prepared,
  node: HostedNode,
): readonly (() => void)[] {
  return workload.inputs.flatMap((input) => {
    const isOurs = nodeOfInput(input, nodes, nodeProgram.locationByRelation) === node.name;
    const insert = (): void => node.insert(input.relation, [input.row]);
    if (isOurs && input.atMs !== null) return [realScheduler.after(input.atMs, insert)];
    if (isOurs) insert();
    return [];
  });
}

function peerUrls(specs: readonly string[]): ReadonlyMap<string, string> {
  const urls = new Map<string, string>();
  for (const spec of specs) {
    const split = spec.indexOf('=');
    if (split <= 0) usageError(`--peer ${spec}: write it as --peer NAME=URL`);
    urls.set(spec.slice(0, split), spec.slice(split + 1));
  }
  return urls;
}

/** What a node is connected to when it starts. */
interface Connections {
  readonly peers: ReadonlyMap<string, string>;
  readonly storage: Storage | null;
  readonly listener: HostListener;
}

async function startNode(
  prepared: Prepared,
  { peers, storage, listener }: Connections,
  options: NodeOptions,
): ReturnType<typeof runNode> {
  const { target, compiled, nodes, members, nodeProgram, workload } = prepared;
  const written = target.cluster?.nodes.find((node) => node.name === options.name)?.listen;
  const { value: listen, diagnostics } = parseListenAddress(
    options.listen ?? written ?? '127.0.0.1:0',
  );
  demand(diagnostics, exitCodes.usage);
  const facts = factsOf(workload, options.name, nodes, nodeProgram);
  return runNode({
    name: options.name,
    cluster: nodes,
    program: nodeProgram,
    evaluator: prepared.makeEvaluator({ name: options.name, cluster: nodes, facts }),
    fingerprint: fingerprintOf(fingerprintTexts(compiled.coordinated, compiled.plan, members)),
    storage,
    listener,
    listen,
    peers: peers.size > 0 ? peers : peersOfCluster(prepared, options.name),
    delay: options.delayMs === 0 ? null : { maxMs: options.delayMs, seed: options.seed },
    stdin:
      compiled.coordinated.relations.has('stdin') && process.send === undefined
        ? process.stdin
        : null,
  });
}

/** Where the cluster file says that the others listen; nodes with port 0 are told about later. */
function peersOfCluster({ target }: Prepared, name: string): ReadonlyMap<string, string> {
  const others = (target.cluster?.nodes ?? []).filter(
    (node) => node.name !== name && !node.listen.endsWith(':0'),
  );
  return new Map(others.map((node) => [node.name, `ws://${node.listen}`]));
}

function announce(node: HostedNode): void {
  const { host, port } = node.address;
  const url = `ws://${host.includes(':') ? `[${host}]` : host}:${port}`;
  writeError(`${node.name} listens on ${url}\n`);
  tellParent({ kind: 'listening', url });
}

function nodeListener(outcome: Outcome, metrics: MetricsServer | null): HostListener {
  return {
    observe: ({ timestep, relation, added, removed }) => {
      if (relation === 'stderr') added.forEach((row) => writeError(`${lineOf(row)}\n`));
      else if (relation === 'stdout') added.forEach((row) => writeOut(`${lineOf(row)}\n`));
      else if (process.send === undefined) {
        for (const row of removed) writeOut(`- ${rowText(relation, row)}\n`);
        for (const row of added) writeOut(`+ ${rowText(relation, row)}\n`);
      }
      tellParent({
        kind: 'observe',
        timestep,
        relation,
        added: added.map(encodeRow),
        removed: removed.map(encodeRow),
      });
    },
    report: (_, diagnostic, failure) => {
      showDiagnostics([diagnostic]);
      if (diagnostic.code === cannotBootCode && failure?.bound === true)
        outcome.isBeyondBound = true;
    },
    role: (_, role) => tellParent({ kind: 'log-role', role }),
    logApplied: ({ slot, entryId }) => tellParent({ kind: 'log-applied', slot, entryId }),
    ...(metrics === null ? {} : { timestepTook: (_, ms) => metrics.timestepTook(ms) }),
  };
}

function tellParent(message: ChildMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

/** Follows the parent's messages; settles when it says stop or is gone. */
async function listenToParent(
  { nodeProgram }: Prepared,
  node: HostedNode,
): Promise<{ readonly code: number }> {
  if (process.send === undefined) return new Promise(() => {});
  return new Promise((resolve) => {
    process.on('message', (message) => {
      const order = message as ParentMessage;
      if (order.kind === 'stop') resolve({ code: exitCodes.fine });
      else if (order.kind === 'peers')
        for (const [name, url] of Object.entries(order.urls))
          showDiagnostics(node.addPeer(name, url));
      else {
        const rows = order.rows.flatMap((encoded) => [decodeRow(encoded) ?? []]);
        node.insert(
          order.relation,
          rows.filter((row) => nodeProgram.checkRow(order.relation, row) === null),
        );
      }
    });
    process.on('disconnect', () => resolve({ code: exitCodes.trouble }));
    // The parent may be gone before anybody listened.
    if (!process.connected) resolve({ code: exitCodes.trouble });
  });
}

async function aborted(signal: AbortSignal): Promise<{ readonly code: number }> {
  if (signal.aborted) return { code: exitCodes.fine };
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ code: exitCodes.fine }), { once: true });
  });
}
