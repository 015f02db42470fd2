/** `trellis run FILE`: all nodes in one process, to the end of the run; then what they showed. */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Row } from '../base/value.js';
import { didYouMean } from '../diagnostics/did-you-mean.js';
import { outputFormats } from '../files/render-rows.js';
import type { OutputFormat } from '../files/render-rows.js';
import { realClock } from '../host/clock.js';
import { interruptible, type Interruptible } from '../host/interruptible.js';
import { runLocal } from '../host/run-local.js';
import type { LocalEnd, LocalRun } from '../host/run-local.js';
import { factsOf, nodeOfInput } from '../node/workload.js';
import {
  CommandExit,
  exitCodes,
  lineOf,
  showDiagnostics,
  usageError,
  writeError,
  writeOut,
} from './console.js';
import {
  addWatchOptions,
  addWorkloadOptions,
  coordinateOption,
  nameList,
  wholeNumber,
} from './options.js';
import { prepare } from './prepare.js';
import type { Prepared, SubjectOptions } from './prepare.js';
import { checkCostOptions, showCosts, type CostOptions } from './run-costs.js';
import { dedalusTarget, runDedalus } from './run-dedalus.js';
import type { LockstepResult } from './run-dedalus.js';
import { showRelations } from './show-relations.js';
import { ShownRelations } from './shown-relations.js';
import { interruption } from './signals.js';
import { watchOf, type WatchBounds } from './watch.js';
import { warnOfData } from './workload-warnings.js';

interface RunOptions extends SubjectOptions, WatchBounds, CostOptions {
  readonly stream?: boolean;
  readonly out?: string;
  readonly print?: readonly string[];
  readonly format: OutputFormat;
  readonly all?: boolean;
  readonly ticks?: number;
  readonly eot?: number;
}

export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .description(
      'run a program on one node, or on several in this process, and print what it shows',
    )
    .argument('<file>', 'program, cluster file or folder')
    .option('--stream', 'one timestep per input row, instead of one batch at boot')
    .option('--out <dir>', 'write every shown relation to a file of its own')
    .option('--print <relations|none>', 'relations to print instead of the observables', nameList)
    .addOption(
      new Option('--format <format>', 'how relations are printed and written')
        .choices(outputFormats)
        .default('table'),
    )
    .option('--all', 'print every row of a table')
    .option('--ticks <n>', 'stop after so many timesteps at each node', wholeNumber(1))
    .option('--eot <n>', 'of a .ded program: the last time, counted from 1', wholeNumber(1))
    .option('--stats', 'end with a line of figures on stderr')
    .option('--profile', 'tell on stderr what rules and relations have cost')
    .option('--profile-out <file>', 'write the profile as a page (.html) or as JSON (.json)')
    .addOption(coordinateOption());
  addWatchOptions(addWorkloadOptions(command)).action((path: string, options: RunOptions) =>
    run(path, { ...options, ...watchOf(options, 'told') }),
  );
}

async function run(path: string, options: RunOptions & ReturnType<typeof watchOf>): Promise<void> {
  const dialect = dedalusTarget(path);
  if (dialect !== null) return runInLockstep(dialect, options);
  if (options.eot !== undefined)
    usageError('--eot goes with .ded programs; --ticks bounds the timesteps of others');
  const isProfiled = options.profile === true || options.profileOut !== undefined;
  const prepared = await prepare(path, { ...options, isProfiled });
  warnOfData(prepared);
  checkCostOptions(options, prepared.evaluator);
  const interrupt = interruption();
  const evaluators: Interruptible[] = [];
  const names = printedNames(prepared.compiled.coordinated, options);
  if (prepared.compiled.coordinated.observables.length === 0 && options.print === undefined)
    writeError(
      `${path}: nothing to print: it has no output or view; name relations with --print\n`,
    );
  const startMs = realClock.nowMs();
  const { relations } = prepared.compiled.coordinated;
  const shown = new ShownRelations(prepared.compiled.coordinated, prepared.nodes);
  const { locationByRelation } = prepared.nodeProgram;
  const local = await runLocal({
    nodes: prepared.nodes.map((name) => {
      const facts = factsOf(prepared.workload, name, prepared.nodes, prepared.nodeProgram);
      const made = prepared.makeEvaluator({ name, cluster: prepared.nodes, facts });
      const evaluator = interruptible(made, options.timestepWatch, () => {
        writeError(`interrupted within a timestep of ${name}, of which nothing is kept\n`);
        interrupt.abort();
      });
      evaluators.push(evaluator);
      return { name, evaluator };
    }),
    program: prepared.nodeProgram,
    listener: {
      observe: (observation) => {
        if (!writeStandardStream(observation.relation, observation.added))
          shown.observe(observation);
      },
      report: (_, diagnostic) => showDiagnostics([diagnostic]),
    },
    inputs: prepared.workload.inputs.map((input) => ({
      ...input,
      node: nodeOfInput(input, prepared.nodes, locationByRelation),
    })),
    isStream: options.stream === true,
    stdin: relations.has('stdin') && !(options.input ?? []).includes('-') ? process.stdin : null,
    ...(options.ticks === undefined ? {} : { mostTimesteps: options.ticks }),
    abort: interrupt.signal,
  });
  const times = { startMs, ranMs: realClock.nowMs() };
  showFailure(local.end);
  const isBroken = evaluators.some((evaluator) => evaluator.isBroken);
  const known = isBroken
    ? names.filter((name) => (relations.get(name)?.observable ?? null) !== null)
    : names;
  const query: LocalRun['query'] = (node, relation) => local.query(node, relation);
  showRelations(
    known.map((name) => shown.rowsOf(name, query)),
    options,
  );
  const statistics = evaluators.flatMap((evaluator) => evaluator.statistics?.() ?? []);
  showCosts({ prepared, shown, local, times, statistics, isBroken }, options);
  local.close();
  throw new CommandExit(exitCodeOf(local.end));
}

async function runInLockstep(
  target: NonNullable<ReturnType<typeof dedalusTarget>>,
  options: RunOptions,
): Promise<void> {
  if (options.stream === true) usageError('--stream does not go with .ded programs');
  if (options.profile === true || options.profileOut !== undefined)
    usageError(
      '--profile: `run` takes .ded programs through the reference evaluator, which keeps no accounts; `trellis compile FILE --emit program` prints a .bloom program that can be profiled',
    );
  if (options.evaluator === 'engine')
    usageError('--evaluator engine: `run` takes .ded programs through the reference evaluator');
  const result = await runDedalus(target, options, (program) => printedNames(program, options));
  const { shown, run: lockstep, names } = result;
  const { end } = lockstep;
  if (end.kind === 'failed') showDiagnostics([end.failure.diagnostic]);
  const ranMs = realClock.nowMs();
  showRelations(
    names.map((name) => shown.rowsOf(name, (_, relation) => result.query(relation))),
    options,
  );
  const writeMs = realClock.nowMs() - ranMs;
  if (options.stats === true)
    writeError(`${JSON.stringify(lockstepStatistics(result, writeMs))}\n`);
  if (end.kind !== 'failed') throw new CommandExit(exitCodes.fine);
  throw new CommandExit(end.failure.bound ? exitCodes.bound : exitCodes.failed);
}

function lockstepStatistics(
  { program, run: { rounds }, times, query }: LockstepResult,
  writeMs: number,
): object {
  const tuples = program.observables.map((name) => [name, query(name).length] as const);
  return {
    schema: 'trellis/stats/1',
    ...times,
    writeMs,
    ticks: rounds,
    tuples: Object.fromEntries(tuples),
    rssMb: Math.round(process.memoryUsage().rss / 1e6),
  };
}

/** Lines go to the process's own streams as they are released. */
function writeStandardStream(relation: string, rows: readonly Row[]): boolean {
  if (relation === 'stdout') rows.forEach((row) => writeOut(`${lineOf(row)}\n`));
  else if (relation === 'stderr') rows.forEach((row) => writeError(`${lineOf(row)}\n`));
  else return relation === 'halt';
  return true;
}

function exitCodeOf(end: LocalEnd): number {
  if (end.kind === 'failed') return end.failure.bound ? exitCodes.bound : exitCodes.failed;
  return end.kind === 'halted' ? end.code : exitCodes.fine;
}

function showFailure(end: LocalEnd): void {
  if (end.kind === 'failed') showDiagnostics([end.failure.diagnostic]);
}

/** The relations to print; unknown names end the command. */
function printedNames(
  { relations, observables }: Prepared['compiled']['coordinated'],
  { print }: RunOptions,
): readonly string[] {
  if (print === undefined)
    return observables.filter((name) => relations.get(name)?.builtin === null);
  if (print.length === 1 && print[0] === 'none') return [];
  const unknown = print.find((name) => !relations.has(name));
  if (unknown === undefined) return [...new Set(print)];
  const guess = didYouMean(unknown, relations.keys());
  usageError(
    `--print: the program has no relation ${unknown}${guess === null ? '' : `; did you mean ${guess}?`}`,
  );
}
