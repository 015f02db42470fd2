/**
 * `trellis replay FILE`: runs a witness or a trace again, turn by turn, and says whether it came out
 * as the file has it. A run that does not is an error: then the file proves nothing any more.
 */
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { compareRows } from '../base/value.js';
import type { Row } from '../base/value.js';
import { encodeRow } from '../base/value-json.js';
import { rowText } from '../base/value-text.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { readSource } from '../files/read-source.js';
import { LineReader } from '../host/line-reader.js';
import { readReplay } from '../report/read-replay.js';
import type { ReplayedTrace, ReplayedWitness } from '../report/read-replay.js';
import type { SimulationSubject } from '../simulator/outcome.js';
import { relationsJson } from '../simulator/format-json.js';
import { outcomeText } from '../simulator/format-text.js';
import { simulateRun } from '../simulator/simulate-run.js';
import { traceText } from '../simulator/trace.js';
import { TurnCluster } from '../simulator/turn-cluster.js';
import { turnLines } from '../simulator/turn-text.js';
import { samePick } from '../simulator/turns.js';
import type { PlayedTurn } from '../simulator/turns.js';
import { demand, usageError, writeJson, writeOut } from './console.js';
import { wholeNumber } from './options.js';
import { prepareReplay } from './prepare-replay.js';

interface ReplayOptions {
  readonly program?: string;
  readonly run?: number;
  readonly until?: number;
  readonly step?: true;
  readonly format: 'text' | 'json';
}

export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .description('run a witness or a trace again and check that it comes out as the file says')
    .argument('<file>', 'a witness of `report --witness-dir`, or a trace of `simulate --trace`')
    .option('--program <file>', 'the program, if it is no longer where the file says')
    .option('--run <n>', 'of a witness, the first or the second run alone', wholeNumber(1, 2))
    .option('--until <n>', 'stop after so many steps', wholeNumber(0))
    .option(
      '--step',
      'wait for a line of input after every step: empty goes on, a relation shows its content, q ends',
    )
    .addOption(
      new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'),
    )
    .action(replay);
}

async function replay(path: string, options: ReplayOptions): Promise<void> {
  if (options.step === true && options.format === 'json')
    usageError('--step shows its steps as text: leave --format json out');
  const source = readSource(path);
  demand(source.diagnostics);
  const { value: file, diagnostics } =
    source.value === null ? { value: null, diagnostics: [] } : readReplay(source.value);
  demand(diagnostics);
  if (file === null) return;
  if (options.run !== undefined && file.kind === 'trace')
    usageError('--run goes with witnesses: a trace holds one run');
  const subject = await prepareReplay(file, options.program ?? join(dirname(path), file.program));
  const lines = options.step === true ? new LineReader(process.stdin) : null;
  try {
    const differences =
      file.kind === 'witness'
        ? await replayWitness(file, subject, options, lines)
        : await replayTrace(file, subject, options, lines);
    if (options.format === 'json') writeJson(replayJson(file, differences));
    demand(differences);
  } finally {
    lines?.close();
  }
}

function replayJson(
  file: ReplayedWitness | ReplayedTrace,
  differences: readonly Diagnostic[],
): unknown {
  const { program, kind } = file;
  const outcomes =
    file.kind === 'witness'
      ? {
          observable: file.observable,
          outcomes: file.runs.map(({ outcome }) => outcome.map(encodeRow)),
        }
      : {
          outcome: {
            ever: relationsJson(file.outcome.ever),
            final: relationsJson(file.outcome.final),
          },
        };
  return {
    schema: 'trellis/replay/1',
    program,
    kind,
    reproduced: differences.length === 0,
    differences: differences.map(({ message }) => message),
    ...outcomes,
  };
}

/** Plays both runs; what came out differently than the file says. */
export async function replayWitness(
  file: ReplayedWitness,
  subject: SimulationSubject,
  options: Pick<ReplayOptions, 'run' | 'until' | 'format'>,
  lines: LineReader | null,
): Promise<readonly Diagnostic[]> {
  const say = options.format === 'text' ? writeOut : (): void => {};
  say(`${file.observable} of ${basename(file.program)}\n`);
  for (const [index, { node, relation, row }] of file.workload.inputs.entries())
    say(`  input ${index + 1}${node === null ? '' : ` at ${node}`}: ${rowText(relation, row)}\n`);
  const differences: Diagnostic[] = [];
  for (const [index, run] of file.runs.entries()) {
    if (options.run !== undefined && options.run !== index + 1) continue;
    say(`\nrun ${index + 1}\n`);
    const width = Math.max(...subject.nodes.map((node) => node.length));
    const played = await playRun(run, subject, options, lines, (turn) =>
      say(
        turnLines(turn, width)
          .map((line) => `${line}\n`)
          .join(''),
      ),
    );
    if (played === 'left') break;
    if (played === 'stopped') continue;
    if (typeof played === 'object' && 'code' in played) {
      differences.push(played);
      continue;
    }
    const rows = played.outcome(true)[file.compared].get(file.observable) ?? [];
    const what = file.compared === 'ever' ? 'ever shown' : 'at quiescence';
    const texts = rows.map((row) => `  ${rowText(file.observable, row)}\n`);
    say(`${what}:\n${texts.length === 0 ? '  nothing\n' : texts.join('')}`);
    if (!sameRows(rows, run.outcome))
      differences.push(cameOutDifferently(index + 1, file.observable, run.outcome));
  }
  const [a, b] = file.runs;
  if (a !== undefined && b !== undefined && sameRows(a.outcome, b.outcome))
    differences.push(differently('its two outcomes are the same: it is a witness of nothing'));
  return differences;
}

/** The cluster at the end of the run; or what did not go as written; or why it was left. */
async function playRun(
  run: ReplayedWitness['runs'][number],
  subject: SimulationSubject,
  { until }: Pick<ReplayOptions, 'until'>,
  lines: LineReader | null,
  show: (turn: PlayedTurn) => void,
): Promise<TurnCluster | Diagnostic | 'stopped' | 'left'> {
  const cluster = new TurnCluster(subject);
  for (const [index, { node, picks, atMs }] of run.turns.entries()) {
    if (index === until) return 'stopped';
    const turn = subject.nodes.includes(node) ? cluster.play(node, picks) : null;
    const isAsWritten =
      turn !== null &&
      turn.atMs === atMs &&
      turn.picks.length === picks.length &&
      turn.picks.every((pick, i) => samePick(pick, picks[i]!));
    if (!isAsWritten)
      return differently(`step ${index + 1}, at ${node}, cannot be taken as written`);
    show(turn);
    if (lines !== null && !(await waitForLine(lines, cluster, node))) return 'left';
  }
  return cluster;
}

/** False when whoever steps has seen enough. */
async function waitForLine(
  lines: LineReader,
  cluster: TurnCluster,
  node: string,
): Promise<boolean> {
  for (;;) {
    const line = (await lines.next())?.trim();
    if (line === undefined || line === 'q') return false;
    if (line === '') return true;
    const rows = cluster.content(node, line);
    if (rows === null) writeOut(`  ${line} is neither stored nor shown\n`);
    else if (rows.length === 0) writeOut(`  ${line} at ${node}: nothing\n`);
    else writeOut(rows.map((row) => `  ${rowText(line, row)} at ${node}\n`).join(''));
  }
}

async function replayTrace(
  file: ReplayedTrace,
  subject: SimulationSubject,
  { until, format }: ReplayOptions,
  lines: LineReader | null,
): Promise<readonly Diagnostic[]> {
  const run = simulateRun(subject, { ...file.options, trace: true });
  const shown = run.trace.slice(0, until);
  if (lines !== null) {
    for (const step of shown) {
      writeOut(traceText([step]));
      const line = await lines.next();
      if (line === undefined || line.trim() === 'q') return [];
    }
  } else if (format === 'text') writeOut(traceText(shown));
  if (format === 'text' && shown.length === run.trace.length)
    writeOut(`\n${outcomeText(subject.program.observables, run.outcome)}`);
  const { steps } = file;
  const at = Array.from({ length: Math.max(steps.length, run.trace.length) }).findIndex(
    (_, i) => JSON.stringify(steps[i]) !== JSON.stringify(run.trace[i]),
  );
  if (at >= 0) return [differently(`step ${at + 1} is not as the trace has it`)];
  const differing = (['ever', 'final'] as const).flatMap((part) =>
    [...file.outcome[part]].filter(
      ([relation, rows]) => !sameRows(rows, run.outcome[part].get(relation) ?? []),
    ),
  );
  return differing.map(([relation]) => differently(`\`${relation}\` came out differently`));
}

function sameRows(a: readonly Row[], b: readonly Row[]): boolean {
  return a.length === b.length && a.every((row, i) => compareRows(row, b[i]!) === 0);
}

function cameOutDifferently(run: number, relation: string, rows: readonly Row[]): Diagnostic {
  const texts = rows.map((row) => rowText(relation, row));
  const expected = texts.length === 0 ? 'nothing' : texts.join(', ');
  return differently(
    `run ${run} of \`${relation}\` came out differently: the file has ${expected}`,
  );
}

function differently(message: string): Diagnostic {
  return {
    code: 'TRL0910',
    severity: 'error',
    message: `the replay is not what the file says: ${message}`,
    help: 'write the file again with this version of Trellis',
  };
}
