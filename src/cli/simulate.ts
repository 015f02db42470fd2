/** `trellis simulate FILE`: the same node code under many seeded schedules, and what they came to. */
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { durableBesideLog } from '../compiler/durable-beside-log.js';
import { hasErrors } from '../diagnostics/diagnostic.js';
import { explore } from '../simulator/explore.js';
import type { Exploration } from '../simulator/explore.js';
import type { SimulationOptions } from '../simulator/outcome.js';
import { programJson, workloadJson } from '../report/witness-file.js';
import { explorationJson } from '../simulator/format-json.js';
import { explorationText } from '../simulator/format-text.js';
import { simulateRun } from '../simulator/simulate-run.js';
import { traceLines } from '../simulator/trace.js';
import { writeFile } from '../files/write-files.js';
import {
  CommandExit,
  demand,
  exitCodes,
  showDiagnostics,
  usageError,
  writeJson,
  writeOut,
} from './console.js';
import { nameProgram } from './name-program.js';
import { addWorkloadOptions, coordinateOption, probability, wholeNumber } from './options.js';
import { prepare } from './prepare.js';
import type { Prepared, SubjectOptions } from './prepare.js';
import { simulationSubject } from './subject.js';
import { warnOfData } from './workload-warnings.js';

interface SimulateOptions extends SubjectOptions {
  readonly seed: number;
  readonly runs: number;
  readonly maxDelay: number;
  readonly duplicate: number;
  readonly bootJitter: number;
  readonly drop: number;
  readonly partition?: boolean;
  readonly crash?: boolean;
  readonly until: number;
  readonly ticks: number;
  readonly eot?: number;
  readonly trace?: string;
  readonly format: 'text' | 'json';
}

export function addSimulateCommand(program: Command): void {
  const command = program
    .command('simulate')
    .description('run the nodes under seeded schedules and compare the outcomes')
    .argument('<file>', 'program, cluster file or folder')
    .option('--seed <n>', 'first seed', wholeNumber(0), 1)
    .option(
      '--runs <k>',
      'how many runs, each under a seed of its own',
      wholeNumber(1, 1_000_000),
      100,
    )
    .option('--max-delay <ms>', 'longest delay of a message', wholeNumber(0), 50)
    .addOption(
      new Option('--duplicate [p]', 'probability that a batch arrives twice; without P a half')
        .argParser(probability)
        .preset('0.5')
        .default(0.1),
    )
    .addOption(
      new Option(
        '--drop <p>',
        'probability that a frame is lost with its connection; what was not acknowledged is sent again',
      )
        .argParser(probability)
        .default(0),
    )
    .option('--partition', 'part the nodes into groups that do not reach each other, for a while')
    .option('--crash', 'let nodes crash and come back with what is durable')
    .option('--boot-jitter <ms>', 'longest delay of a boot', wholeNumber(0), 50)
    .option(
      '--until <ms>',
      'virtual horizon: then periodics stop and the run drains',
      wholeNumber(0),
      10_000,
    )
    .option('--ticks <n>', 'timesteps that one node may run', wholeNumber(1), 1000)
    .option(
      '--eot <n>',
      "of a .ded program: the last time of every node's own clock",
      wholeNumber(1),
    )
    .option('--trace <file>', 'write the schedule of the first seed as JSON Lines')
    .addOption(
      new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'),
    )
    .addOption(coordinateOption());
  addWorkloadOptions(command).action(simulate);
}

async function simulate(path: string, options: SimulateOptions): Promise<void> {
  const prepared = await prepare(path, options);
  warnOfData(prepared);
  // Nodes that crash keep what is durable, as those with a data directory do.
  if (options.crash === true) demand(durableBesideLog(prepared.compiled));
  if (options.eot !== undefined && prepared.compilation.dedalus === null)
    usageError('--eot goes with .ded programs; --ticks bounds the timesteps of others');
  const subject = simulationSubject(prepared);
  const simulation = {
    maxDelayMs: options.maxDelay,
    duplicate: options.duplicate,
    bootJitterMs: options.bootJitter,
    ...(options.drop === 0 ? {} : { drop: options.drop }),
    ...(options.partition === true ? { partition: true } : {}),
    ...(options.crash === true ? { crash: true } : {}),
    untilMs: options.until,
    maxTimesteps: options.eot ?? options.ticks,
  };
  const exploration = explore(subject, {
    ...simulation,
    runs: options.runs,
    firstSeed: options.seed,
    sequential: true,
  });
  if (options.trace !== undefined) {
    const run = simulateRun(subject, { ...simulation, seed: options.seed, trace: true });
    const about = traceHead(prepared, options, simulation);
    demand(
      writeFile(
        options.trace,
        traceLines(run, about)
          .map((line) => `${line}\n`)
          .join(''),
      ),
    );
  }
  if (options.format === 'json') writeJson(explorationJson(exploration));
  else writeOut(explorationText(exploration));
  showWarnings(exploration, options.eot !== undefined);
  const failed = exploration.violations.filter(({ diagnostic }) => hasErrors([diagnostic]));
  if (failed.length > 0)
    throw new CommandExit(failed.every(({ bound }) => bound) ? exitCodes.bound : exitCodes.failed);
}

/** What the trace of a run says beside its steps, so that it can be replayed. */
function traceHead(
  prepared: Prepared,
  options: SimulateOptions,
  simulation: Omit<SimulationOptions, 'seed'>,
): object {
  const { trace = '', coordinate = 'auto' } = options;
  const { compiled, nodes, members, workload } = prepared;
  return {
    ...programJson(nameProgram(prepared, compiled.coordinated, options, dirname(trace))),
    coordinate,
    members,
    nodes,
    ...workloadJson(workload),
    options: simulation,
  };
}

/** `--eot` asks for the end that the bound on timesteps brings. */
function showWarnings({ warnings }: Exploration, isEndAskedFor: boolean): void {
  const shown = warnings.filter(
    ({ diagnostic }) => !isEndAskedFor || diagnostic.code !== 'TRL0902',
  );
  showDiagnostics(
    shown.map(({ diagnostic, node, count }) => ({
      ...diagnostic,
      message: `${diagnostic.message} (${node}, ${count} times)`,
    })),
  );
}
