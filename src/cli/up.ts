/** `trellis up CLUSTER`: every node of a cluster file as a local process, their output prefixed by name. */
import type { Command } from 'commander';
import { rowText } from '../base/value-text.js';
import { durableBesideLog } from '../compiler/durable-beside-log.js';
import { LaunchError, launchCluster } from '../host/launch-cluster.js';
import type { ClusterEvent, LaunchedCluster } from '../host/launch-cluster.js';
import { realScheduler } from '../host/clock.js';
import { nodeOfInput } from '../node/workload.js';
import { CommandExit, demand, exitCodes, lineOf, writeError, writeOut } from './console.js';
import { dataOfCluster, missingData } from './data-directories.js';
import {
  addProgramOptions,
  collect,
  coordinateOption,
  evaluatorOption,
  wholeNumber,
} from './options.js';
import { prepare } from './prepare.js';
import type { Prepared, SubjectOptions } from './prepare.js';
import { interrupted } from './signals.js';
import { warnUnseenAssertions } from './workload-warnings.js';

interface UpOptions extends SubjectOptions {
  readonly delayMs: number;
  readonly seed: number;
  readonly for?: number;
}

export function addUpCommand(program: Command): void {
  const command = program
    .command('up')
    .description('run every node of a cluster file as a local process')
    .argument('<cluster>', 'cluster file, or a folder with a cluster.toml')
    .option(
      '--facts <dir|rel=path>',
      'facts, instead of those of the cluster file (repeatable)',
      collect,
    )
    .option(
      '--input <path|rel=path>',
      'inputs, instead of those of the cluster file (repeatable)',
      collect,
    )
    .option('--delay-ms <n>', 'delay every frame by up to n milliseconds', wholeNumber(0), 0)
    .option('--seed <n>', 'seed of the delays', wholeNumber(0), 1)
    .option('--for <ms>', 'stop after so many milliseconds, instead of at a signal', wholeNumber(1))
    .addOption(coordinateOption())
    .addOption(evaluatorOption());
  addProgramOptions(command).action(up);
}

async function up(path: string, options: UpOptions): Promise<void> {
  const prepared = await prepare(path, options);
  warnUnseenAssertions(prepared);
  if (prepared.target.cluster === null) {
    const help = 'write a cluster file that names the program and its nodes';
    demand(
      [
        {
          code: 'TRL1006',
          severity: 'error',
          message: `${path} is a program, not a cluster`,
          help,
        },
      ],
      exitCodes.usage,
    );
  }
  const without = prepared.nodes.filter((name) => dataOfCluster(prepared.target, name) === null);
  demand(missingData(prepared, without), exitCodes.usage);
  demand(durableBesideLog(prepared.compiled));
  const words = new Map(prepared.nodes.map((name) => [name, nodeWords(path, name, options)]));
  const signal = interrupted();
  const cluster = await launch(words);
  const timers = feedInputs(prepared, cluster);
  await Promise.race([cluster.ended(), stopAsked(signal, options.for, timers)]);
  // A timer that still runs would keep this process alive.
  for (const callOff of timers) callOff();
  const codes = [...(await cluster.stop()).values()];
  throw new CommandExit(
    codes.reduce<number>((worst, code) => Math.max(worst, code ?? exitCodes.trouble), 0),
  );
}

async function launch(
  argumentsByNode: ReadonlyMap<string, readonly string[]>,
): Promise<LaunchedCluster> {
  try {
    return await launchCluster({ script: process.argv[1]!, argumentsByNode, onEvent: showEvent });
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    demand(
      [
        {
          code: 'TRL1014',
          severity: 'error',
          message: error.message,
          help: 'the lines above say why',
        },
      ],
      exitCodes.trouble,
    );
    throw error;
  }
}

function nodeWords(path: string, name: string, options: UpOptions): readonly string[] {
  const repeated = (flag: string, values: readonly string[] | undefined): readonly string[] =>
    (values ?? []).flatMap((value) => [flag, value]);
  return [
    'node',
    path,
    '--name',
    name,
    '--delay-ms',
    String(options.delayMs),
    '--seed',
    String(options.seed),
    '--coordinate',
    options.coordinate ?? 'auto',
    ...repeated('--evaluator', options.evaluator === undefined ? [] : [options.evaluator]),
    ...repeated('--set', options.set),
    ...repeated('--facts', options.facts),
    ...repeated('--observe', options.observe),
  ];
}

/** Inputs with a time enter when it has come, the others at once. */
function feedInputs(
  { workload, nodes, nodeProgram }: Prepared,
  cluster: LaunchedCluster,
): (() => void)[] {
  return workload.inputs.map((input) => {
    const node = nodeOfInput(input, nodes, nodeProgram.locationByRelation);
    const insert = (): void => cluster.insert(node, input.relation, [input.row]);
    return realScheduler.after(input.atMs ?? 0, insert);
  });
}

/** Resolves at a signal or when the time is over; its timer is added to `timers`. */
async function stopAsked(
  signal: AbortSignal,
  forMs: number | undefined,
  timers: (() => void)[],
): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (forMs !== undefined) timers.push(realScheduler.after(forMs, resolve));
  });
}

function showEvent(node: string, event: ClusterEvent): void {
  if (event.kind === 'line') writeError(`${node} | ${event.text}\n`);
  else if (event.kind === 'observe' && event.relation !== 'stderr') {
    for (const row of event.removed) writeOut(`${node} | - ${rowText(event.relation, row)}\n`);
    for (const row of event.added)
      writeOut(
        `${node} | ${event.relation === 'stdout' ? lineOf(row) : `+ ${rowText(event.relation, row)}`}\n`,
      );
  }
}
