/** `trellis report FILE`: the monotonicity report. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { codeTable } from '../diagnostics/code-table.js';
import { didYouMean } from '../diagnostics/did-you-mean.js';
import { renderSarif } from '../diagnostics/render-sarif.js';
import { writeFile } from '../files/write-files.js';
import { assembleReport } from '../report/assemble-report.js';
import { confluenceGraph } from '../report/confluence-graph.js';
import type { WitnessBudget } from '../report/find-witness.js';
import { realClock } from '../host/clock.js';
import type { MonotonicityReport } from '../report/monotonicity-report.js';
import { renderAnnotatedText } from '../report/render-annotated-text.js';
import { renderDifferenceText } from '../report/render-difference-text.js';
import { renderExplanationText } from '../report/render-explanation-text.js';
import { renderReportText } from '../report/render-report-text.js';
import { reportDiagnostics } from '../report/report-diagnostics.js';
import { differenceJson, reportJson } from '../report/report-json.js';
import { witnessJson } from '../report/witness-file.js';
import type { NamedProgram } from '../report/witness-file.js';
import { renderConfluenceDot } from '../viz/confluence-dot.js';
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
import { compileWithRows, namesProgram, prepare, requireTarget } from './prepare.js';
import type { SubjectOptions } from './prepare.js';
import { bareSubject } from './subject.js';
import { warnOfData } from './workload-warnings.js';

const formats = ['text', 'json', 'html', 'dot', 'sarif'] as const;

interface ReportOptions extends SubjectOptions {
  readonly format: (typeof formats)[number];
  readonly require?: 'confluent';
  readonly explain?: string;
  readonly annotate?: boolean;
  readonly diff?: string;
  readonly witness: boolean;
  readonly witnessDir?: string;
  readonly budget: SearchBudget;
}

export function addReportCommand(program: Command): void {
  const command = program
    .command('report')
    .description('which outputs come out the same whatever the network does, which do not, and why')
    .argument('<file>', 'program, cluster file or folder')
    .addOption(new Option('--format <format>', 'output format').choices(formats).default('text'))
    .addOption(
      new Option(
        '--require <what>',
        'exit with 3 unless every obligation is met without coordination',
      ).choices(['confluent']),
    )
    .option('--explain <relation>', 'why this relation has its verdict: all that it rests on')
    .option('--annotate', 'the source, with the letter of each rule in the margin')
    .option(
      '--diff <older>',
      'what changed since an older version: program, cluster file or folder',
    )
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
  requireSensible(options);
  const report = await makeReport(path, options);
  requireRelation(report, options.explain);
  await show(report, options);
  const isMet = report.observables.every(({ met }) => met);
  if (options.require !== undefined && !isMet) throw new CommandExit(exitCodes.requirement);
}

/** Views that exclude each other, and what a view does not have: formats, witnesses. */
function requireSensible(options: ReportOptions): void {
  const { format, explain, annotate, diff } = options;
  const views = [
    ...(explain === undefined ? [] : ['--explain']),
    ...(annotate === true ? ['--annotate'] : []),
    ...(diff === undefined ? [] : ['--diff']),
  ];
  if (views.length > 1) usageError(`${views.join(' and ')} exclude each other`);
  const [view] = views;
  if (view !== undefined && view !== '--explain' && options.witnessDir !== undefined)
    usageError(`--witness-dir: there is none to write, for ${view} looks for no witness`);
  if (view === undefined || format === 'text' || format === 'json') return;
  usageError(`${view} has no --format ${format}: it is text or json`);
}

async function makeReport(path: string, options: ReportOptions): Promise<MonotonicityReport> {
  const prepared = await prepare(path, { ...options, coordinate: 'auto' }, 'report');
  warnOfData(prepared);
  const { compiled, nodes } = prepared;
  // A run without the mechanisms that the program asks for would be no witness of anything.
  const isRunnable = prepared.compilation.obstacles.length === 0;
  const showsWitness = options.annotate !== true && options.diff === undefined;
  const isSought = isRunnable && options.witness && showsWitness;
  const subject = bareSubject(prepared, prepared, options.evaluator);
  const search = isSought ? { subject, budget: witnessBudget(options.budget) } : null;
  // A single node is what nothing was said about: then costs are told for a cluster of any size.
  const nodeCount = nodes.length > 1 ? nodes.length : null;
  const report = assembleReport(compiled, search, nodeCount);
  if (options.witnessDir === undefined) return report;
  return writeWitnesses(report, options.witnessDir, (folder) =>
    nameProgram(prepared, compiled.onNodes, options, folder),
  );
}

function witnessBudget({ turns, limitMs }: SearchBudget): WitnessBudget {
  if (limitMs === null) return { turns };
  const startClock = (): (() => boolean) => {
    const endMs = realClock.nowMs() + limitMs;
    return () => realClock.nowMs() > endMs;
  };
  return { turns, startClock };
}

async function show(report: MonotonicityReport, options: ReportOptions): Promise<void> {
  const { format, explain, annotate, diff } = options;
  const color = useColor('stdout');
  if (diff !== undefined) {
    const older = compileOlder(diff, options);
    if (format === 'json') writeJson(differenceJson(older, report));
    else writeOut(renderDifferenceText(older, report, { color }));
    return;
  }
  switch (format) {
    case 'json':
      return writeJson(reportJson(report, explain ?? null));
    case 'sarif':
      return writeJson(renderSarif(reportDiagnostics(report), codeTable));
    case 'dot':
      return writeOut(renderConfluenceDot(confluenceGraph(report)));
    case 'html':
      return writeOut(
        (await import('../report/page/render-report-page.js')).renderReportPage(report),
      );
    case 'text':
      if (explain !== undefined) return writeOut(renderExplanationText(report, explain, { color }));
      if (annotate === true) return writeOut(renderAnnotatedText(report, { color }));
      return writeOut(renderReportText(report, { color }));
  }
}

/** The report of the older version, given the same rows, without witnesses: they are no part of a comparison. */
function compileOlder(path: string, options: ReportOptions): MonotonicityReport {
  const target = requireTarget(path, namesProgram(path) ? options.cluster : undefined);
  const { compiled, diagnostics } = compileWithRows(target, { ...options, coordinate: 'auto' });
  demand(diagnostics);
  if (compiled === null) throw new Error('a program without errors is compiled');
  return assembleReport(compiled, null);
}

function requireRelation(report: MonotonicityReport, explain: string | undefined): void {
  const names = report.relations.map(({ name }) => name);
  if (explain === undefined || names.includes(explain)) return;
  const guess = didYouMean(explain, names);
  const hint = guess === null ? `relations: ${names.join(', ')}` : `did you mean ${guess}?`;
  usageError(`--explain: there is no relation ${explain}; ${hint}`);
}

function writeWitnesses(
  report: MonotonicityReport,
  folder: string,
  nameFrom: (folder: string) => NamedProgram,
): MonotonicityReport {
  const program = nameFrom(folder);
  const observables = report.observables.map((observable) => {
    const { relation, witness } = observable;
    if (witness === null) return observable;
    const file = join(folder, `witness-${relation}.json`);
    const document = witnessJson(program, relation, witness);
    demand(writeFile(file, `${JSON.stringify(document, null, 2)}\n`));
    return { ...observable, witness: { ...witness, file } };
  });
  return { ...report, observables };
}
