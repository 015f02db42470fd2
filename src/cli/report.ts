/** `trellis report FILE`: the monotonicity report. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { makeNodeProgram } from '../compiler/node-program.js';
import { didYouMean } from '../diagnostics/did-you-mean.js';
import { writeFile } from '../files/write-files.js';
import { assembleReport } from '../report/assemble-report.js';
import type { WitnessBudget } from '../report/find-witness.js';
import { realClock } from '../host/clock.js';
import type { MonotonicityReport } from '../report/monotonicity-report.js';
import { renderReportText } from '../report/render-report-text.js';
import { reportJson } from '../report/report-json.js';
import { witnessJson } from '../report/witness-file.js';
import type { NamedProgram } from '../report/witness-file.js';
import {
  CommandExit,
  demand,
  exitCodes,
  useColor,
  usageError,
  writeJson,
  writeOut,
} from './console.js';
import { nameProgram } from './name-program.js';
import { addWorkloadOptions, searchBudget, usualSearchBudget } from './options.js';
import type { SearchBudget } from './options.js';
import { prepare } from './prepare.js';
import type { SubjectOptions } from './prepare.js';
import { simulationSubject } from './subject.js';

interface ReportOptions extends SubjectOptions {
  readonly format: 'text' | 'json';
  readonly require?: 'confluent';
  readonly explain?: string;
  readonly witness: boolean;
  readonly witnessDir?: string;
  readonly budget: SearchBudget;
}

export function addReportCommand(program: Command): void {
  const command = program
    .command('report')
    .description('which outputs come out the same whatever the network does, which do not, and why')
    .argument('<file>', 'program, cluster file or folder')
    .addOption(
      new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'),
    )
    .addOption(
      new Option(
        '--require <what>',
        'exit with 3 unless every obligation is met without coordination',
      ).choices(['confluent']),
    )
    .option('--explain <relation>', 'this observable alone')
    .option('--no-witness', 'do not look for witnesses')
    .option('--witness-dir <dir>', 'write each witness to a file in this folder')
    .addOption(
      new Option(
        '--budget <amount>',
        'what the search for one witness may take: a time (30s) or a number of timesteps (5000)',
      )
        .argParser(searchBudget)
        .default(usualSearchBudget, '10s, and 10000 timesteps'),
    );
  addWorkloadOptions(command).action(showReport);
}

async function showReport(path: string, options: ReportOptions): Promise<void> {
  const prepared = await prepare(path, { ...options, coordinate: 'auto' }, 'report');
  const { compiled, members } = prepared;
  requireObservable(compiled.program.observables, options.explain);
  const bare = makeNodeProgram(
    { ...compiled, coordinated: compiled.onNodes, plan: { ...compiled.plan, orderedLog: null } },
    members,
  );
  // A run without the mechanisms that the program asks for would be no witness of anything.
  const isRunnable = prepared.compilation.obstacles.length === 0;
  const subject = { ...simulationSubject({ ...prepared, nodeProgram: bare }), invariants: null };
  const assembled = assembleReport(
    compiled,
    isRunnable && options.witness ? { subject, budget: witnessBudget(options.budget) } : null,
  );
  const written =
    options.witnessDir === undefined
      ? assembled
      : writeWitnesses(assembled, options.witnessDir, (folder) =>
          nameProgram(prepared, compiled.onNodes, options, folder),
        );
  if (options.format === 'json') writeJson(reportJson(written));
  else
    writeOut(
      renderReportText(written, { color: useColor('stdout'), explain: options.explain ?? null }),
    );
  const isMet = written.observables.every(({ met }) => met);
  if (options.require !== undefined && !isMet) throw new CommandExit(exitCodes.requirement);
}

function witnessBudget({ turns, limitMs }: SearchBudget): WitnessBudget {
  if (limitMs === null) return { turns };
  const startClock = (): (() => boolean) => {
    const endMs = realClock.nowMs() + limitMs;
    return () => realClock.nowMs() > endMs;
  };
  return { turns, startClock };
}

function requireObservable(observables: readonly string[], explain: string | undefined): void {
  if (explain === undefined || observables.includes(explain)) return;
  const guess = didYouMean(explain, observables);
  usageError(
    `--explain: ${explain} is not observable; ${guess === null ? `observables: ${observables.join(', ')}` : `did you mean ${guess}?`}`,
  );
}

function writeWitnesses(
  report: MonotonicityReport,
  folder: string,
  nameFrom: (folder: string) => NamedProgram,
): MonotonicityReport {
  const program = nameFrom(folder);
  const observables = report.observables.map((observable) => {
    if (observable.witness === null) return observable;
    const file = join(folder, `witness-${observable.relation}.json`);
    demand(
      writeFile(
        file,
        JSON.stringify(witnessJson(program, observable.relation, observable.witness), null, 2) +
          '\n',
      ),
    );
    return { ...observable, witness: { ...observable.witness, file } };
  });
  return { ...report, observables };
}
