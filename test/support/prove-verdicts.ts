/**
 * What bears out the verdicts of a program: for each observable one line of `test/golden/proofs.txt`.
 *
 * A confluent one is held against all schedules of its inputs, and of small ones made up for it;
 * beyond the bounds of the checker against random schedules, and the line says so. One that is not
 * is refuted by a witness, which is written to a file and replayed as `trellis replay` does it.
 */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { rowKey } from '../../src/base/value.js';
import type { ObservableReport } from '../../src/analysis/confluence-report.js';
import { nameProgram } from '../../src/cli/name-program.js';
import { prepare } from '../../src/cli/prepare.js';
import type { Prepared } from '../../src/cli/prepare.js';
import { prepareReplay } from '../../src/cli/prepare-replay.js';
import { replayWitness } from '../../src/cli/replay.js';
import { bareSubject } from '../../src/cli/subject.js';
import { makeComparableFactory } from '../../src/compiler/node-program.js';
import { writeFile } from '../../src/files/write-files.js';
import { findWitness } from '../../src/report/find-witness.js';
import { makeInputs, makeSetting } from '../../src/report/make-inputs.js';
import type { Witness } from '../../src/report/monotonicity-report.js';
import { readReplay } from '../../src/report/read-replay.js';
import { witnessJson } from '../../src/report/witness-file.js';
import { checkSchedules } from '../../src/simulator/check-schedules.js';
import type { CheckedSchedules, ScheduleBounds } from '../../src/simulator/check-schedules.js';
import { defaultSimulationOptions } from '../../src/simulator/outcome.js';
import type { Outcome, SimulationSubject } from '../../src/simulator/outcome.js';
import { simulateRun } from '../../src/simulator/simulate-run.js';
import { analysisCases } from './analysis-case.js';
import { exampleFolders } from './example-folders.js';
import { temporaryFolder } from './temporary-folder.js';
import { repositoryRoot } from './trellis-command.js';

/** A program with the nodes and inputs that it is proved on; null: as its cluster file says. */
export interface ProofSubject {
  readonly name: string;
  readonly path: string;
  readonly given: { readonly nodes: readonly string[]; readonly input: readonly string[] } | null;
}

/** Every program of `test/golden/analysis`, and every example. */
export function proofSubjects(): readonly ProofSubject[] {
  const cases = analysisCases().map(({ name, folder, path, nodes, inputs }): ProofSubject => {
    const input = inputs.length === 0 ? [] : [join(folder, 'inputs.jsonl')];
    return { name: `analysis/${name}`, path, given: { nodes, input } };
  });
  const examples = exampleFolders().map((folder): ProofSubject => ({
    name: relative(repositoryRoot, folder),
    path: folder,
    given: null,
  }));
  return [...cases, ...examples];
}

const bounds: ScheduleBounds = {
  states: 12_000,
  duplicates: 1,
  firings: 1,
  advances: 0,
  probes: 24,
};
/** Of a made-up workload, and how many of them are tried. */
const [mostMadeUp, madeUpWorkloads] = [3, 4];
/** Workloads beyond which the naive evaluator takes too long for thousands of schedules. */
const [mostInputs, mostFacts] = [16, 200];
const randomSchedules = 40;
const witnessTurns = 10_000;

/** How the line of each observable begins, in the order of the report. */
export async function verdictsOf(subject: ProofSubject): Promise<readonly string[]> {
  const { observables } = (await prepareSubject(subject)).compiled.confluence;
  return observables.map((observable) => beginningOf(subject, observable));
}

function beginningOf({ name }: ProofSubject, { relation, verdict }: ObservableReport): string {
  return `${name} ${relation}: ${verdict}`;
}

async function prepareSubject({ path, given }: ProofSubject): Promise<Prepared> {
  return prepare(path, { ...given, coordinate: 'auto' }, 'report');
}

/** A line for each observable, in the order of the report. */
export async function proofLines(subject: ProofSubject): Promise<readonly string[]> {
  const prepared = await prepareSubject(subject);
  const { observables } = prepared.compiled.confluence;
  const [obstacle] = prepared.compilation.obstacles;
  const lines: string[] = [];
  for (const observable of observables) {
    const proof =
      obstacle !== undefined
        ? `unknown: this version does not run the program (${obstacle.code})`
        : observable.verdict === 'confluent'
          ? confirmationOf(prepared, observable)
          : await refutationOf(prepared, observable);
    lines.push(`${beginningOf(subject, observable)}, ${proof}`);
  }
  return lines;
}

function confirmationOf(prepared: Prepared, { relation }: ObservableReport): string {
  const own = confirmedOn(prepared, prepared.workload, relation);
  const madeUp = smallWorkloads(prepared, relation).map((workload) =>
    confirmedOn(prepared, workload, relation),
  );
  const isComplete = own.isComplete && madeUp.every((one) => one.isComplete);
  const isShown = own.isShown || madeUp.some((one) => one.isShown);
  const whole = madeUp.filter((one) => one.isComplete).length;
  const beside = madeUp.length === 0 ? '' : `, ${whole} of ${madeUp.length} made up`;
  const how = own.isComplete
    ? `all schedules of its inputs${beside}`
    : `${randomSchedules} random schedules of its inputs${whole === 0 ? '' : `; all schedules of ${whole} made up`}`;
  return `confirmed by ${how}${isComplete || own.isComplete ? '' : ' (beyond the bound)'}${isShown ? '' : '; it shows nothing'}`;
}

interface Confirmation {
  readonly isComplete: boolean;
  /** Whether anything was shown at all. */
  readonly isShown: boolean;
}

function confirmedOn(
  prepared: Prepared,
  workload: SimulationSubject['workload'],
  relation: string,
): Confirmation {
  const checked = checkedOn(prepared, workload);
  if (checked !== null) assertOne(checked.outcomes, relation);
  const isShown = (outcomes: readonly Pick<Outcome, 'ever'>[]): boolean =>
    outcomes.some(({ ever }) => (ever.get(relation) ?? []).length > 0);
  if (checked?.isComplete === true) return { isComplete: true, isShown: isShown(checked.outcomes) };
  const options = { ...defaultSimulationOptions, duplicate: 0.3, bootJitterMs: 300 };
  const subject = bareSubject({ ...prepared, workload }, prepared);
  // Each run by itself: of views `explore` compares the ends alone.
  const outcomes = Array.from(
    { length: randomSchedules },
    (_, i) => simulateRun(subject, { ...options, trace: false, seed: i + 1 }).outcome,
  );
  assertOne(
    outcomes.filter(({ broken }) => !broken),
    relation,
  );
  return { isComplete: false, isShown: isShown(outcomes) };
}

/** What was found on a workload, which most observables of a program share. */
const checkedByWorkload = new WeakMap<SimulationSubject['workload'], CheckedSchedules | null>();

function checkedOn(
  prepared: Prepared,
  workload: SimulationSubject['workload'],
): CheckedSchedules | null {
  const known = checkedByWorkload.get(workload);
  if (known !== undefined) return known;
  const checked = checkAll(prepared, workload);
  checkedByWorkload.set(workload, checked);
  return checked;
}

/** Null for a workload that is too large. */
function checkAll(
  prepared: Prepared,
  workload: SimulationSubject['workload'],
): CheckedSchedules | null {
  const { compiled, functions, maxTuples } = prepared;
  const facts = workload.facts.reduce((sum, { rows }) => sum + rows.length, 0);
  if (workload.inputs.length > mostInputs || facts > mostFacts) return null;
  const subject = bareSubject({ ...prepared, workload }, { maxTuples }, 'reference');
  const evaluators = makeComparableFactory(compiled, { maxTuples }, functions);
  const readsClock = [...compiled.program.relations.values()].some(
    ({ builtin }) => builtin === 'now',
  );
  return checkSchedules(subject, evaluators, { ...bounds, advances: readsClock ? 1 : 0 });
}

/** Small inputs from which something of the observable follows. */
function smallWorkloads(
  { compiled: { program }, nodes, workload }: Prepared,
  relation: string,
): readonly SimulationSubject['workload'][] {
  const setting = makeSetting(program, { nodes, workload });
  const made: SimulationSubject['workload'][] = [];
  for (const inputs of makeInputs(program, { ...setting, nodes }, relation, [], 1)) {
    if (inputs.length <= mostMadeUp) made.push({ facts: setting.workload.facts, inputs });
    if (made.length === madeUpWorkloads) break;
  }
  return made;
}

function assertOne(outcomes: readonly Pick<Outcome, 'ever' | 'final'>[], relation: string): void {
  const texts = new Set(
    outcomes.map(({ ever, final }) =>
      [ever, final].map((part) => (part.get(relation) ?? []).map(rowKey).join(';')).join('|'),
    ),
  );
  if (texts.size > 1)
    throw new Error(`${relation} is called confluent:\n${[...texts].sort().join('\n')}`);
}

async function refutationOf(prepared: Prepared, observable: ObservableReport): Promise<string> {
  const { compiled } = prepared;
  const subject = bareSubject(prepared, prepared);
  const witness = findWitness(compiled.program, subject, observable, { turns: witnessTurns });
  if (witness === null) return 'unknown: no witness was found';
  const differences = await replayed(prepared, observable.relation, witness);
  if (differences.length > 0) throw new Error(`a witness does not replay: ${differences.join()}`);
  const { length } = witness.divergence.subject.workload.inputs;
  const inputs = `${length} input${length === 1 ? '' : 's'}${witness.madeUp ? ', made up' : ''}`;
  return `refuted by a witness that replays (${witness.kind}, ${inputs})`;
}

/** Writes the witness, reads it again and plays it; what came out differently, or is no witness. */
async function replayed(
  prepared: Prepared,
  relation: string,
  witness: Witness,
): Promise<readonly string[]> {
  const folder = temporaryFolder({});
  const path = join(folder, 'witness.json');
  const program = nameProgram(prepared, prepared.compiled.onNodes, {}, folder);
  writeFile(path, JSON.stringify(witnessJson(program, relation, witness)));
  const { value: file, diagnostics } = readReplay({ path, text: readFileSync(path, 'utf8') });
  if (file?.kind !== 'witness') return ['it cannot be read', ...diagnostics.map((d) => d.message)];
  const subject = await prepareReplay(file, join(folder, file.program));
  const differences = await replayWitness(file, subject, { format: 'json' }, null);
  return differences.map(({ message }) => message);
}
