/**
 * Verdicts in words: what an observable comes to, and what kind of difference an unmet one makes.
 * Replicas that disagree for good and a single owner whose runs vary are different troubles, with
 * different remedies, and are never called by one name.
 */
import type {
  Completeness,
  ObservableReport,
  RelationReport,
} from '../analysis/confluence-report.js';
import { declaredMark } from './declared-overrides.js';
import { insertedPhrase, mechanismName } from './mechanism-words.js';
import { sourceText } from '../analysis/made-up-relations.js';
import type { Program } from '../semantics/program.js';
import { disagreementIn } from '../simulator/find-pair.js';
import type { MonotonicityReport, ReportedObservable, Witness } from './monotonicity-report.js';

/**
 * What can come out differently. `replicas`: nodes that should hold the same end with different
 * contents. `passing`: they, or two runs, show different tuples on the way and end the same.
 * `runs`: whoever decides is one node, and each run is consistent with itself.
 */
export type Difference = 'replicas' | 'passing' | 'runs';

/** The difference that an observable can make; null if none. */
export function differenceOf(observable: ObservableReport): Difference | null {
  const { verdict, blame, replicated, agrees } = observable;
  if (verdict === 'confluent') return null;
  if (verdict === 'convergent') return 'passing';
  if (agrees) return 'runs';
  return replicated || blame.some((b) => b.replicated) ? 'replicas' : 'runs';
}

/**
 * The difference as a sentence for people who have not read about any of this. Replicas are said to
 * disagree where a run shows it; the analysis alone knows only that nothing keeps them from it.
 */
export function differenceText(
  observable: ObservableReport & { readonly witness?: Witness | null },
): string {
  const { relation, replicated, agrees, witness = null } = observable;
  switch (differenceOf(observable)) {
    case 'replicas': {
      if (replicated && witness !== null && !showsDisagreement(relation, witness))
        return `Runs can end differently in what several nodes hold of \`${relation}\`: in the witness these agree within each run. Whether two of them can disagree for good is not known.`;
      const can = witness === null ? 'may' : 'can';
      return replicated
        ? `Replicas ${can} disagree for good: nodes that should hold the same of \`${relation}\` hear in different orders and end with different contents.`
        : `Replicas ${can} disagree for good: \`${relation}\` rests on state that several nodes should hold alike, and that depends on the order in which each hears.`;
    }
    case 'passing':
      return replicated
        ? `Replicas end alike, but on the way one may show tuples of \`${relation}\` that another never shows, and that are taken back.`
        : `Every run ends alike, but on the way tuples of \`${relation}\` may be shown that are taken back.`;
    case 'runs':
      if (observable.blame.every(({ reason }) => reason === 'closes-epoch'))
        return `Each epoch shows what one machine would show of \`${relation}\` for the inputs so far; which inputs an epoch takes varies from run to run.`;
      if (agrees)
        return `It varies from run to run: at the end of each run all replicas hold the same of \`${relation}\`, but another run may end otherwise.`;
      return `It varies from run to run: one node decides, so nobody disagrees with it, but another run may decide otherwise.`;
    case null:
      return `Every run shows the same tuples of \`${relation}\`.`;
  }
}

function showsDisagreement(relation: string, { divergence: { a, b } }: Witness): boolean {
  return [a, b].some((run) => disagreementIn(relation, run) !== null);
}

const searchTexts: Readonly<Record<MonotonicityReport['search'], string>> = {
  none: 'no witness was looked for',
  done: 'no witness was found',
};

/** When all that will ever be shown is there, which is another matter than being right so far. */
const completeTexts: Readonly<Record<Completeness, string>> = {
  'at-start': 'at the start',
  'on-first': 'with the first',
  'once-sealed': 'once sealed',
  'at-quiescence': 'at quiescence',
};

/** What the columns of a verdict are called, beside the last, which says what it comes to. */
export const verdictHeadings = [
  'shown',
  'kind',
  'verdict',
  'status',
  'complete',
  'replicated',
  'Blazes',
] as const;

/** The columns of an observable's verdict. */
export function verdictCells(observable: ReportedObservable): readonly string[] {
  const { relation, kind, verdict, status, complete, replicated, blazes } = observable;
  const held = replicated ? 'yes' : 'no';
  return [relation, kind, verdict, status, completeTexts[complete], held, blazes];
}

/** What an observable's verdict comes to, in one line. */
export function summaryOf(observable: ReportedObservable, report: MonotonicityReport): string {
  const { status, met } = observable;
  const notes = [
    ...(met || status === 'refuted' ? [] : [searchTexts[report.search]]),
    ...(observable.modulo === null ? [] : ['confluent modulo fresh ids']),
  ];
  const noted = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
  return summaryText(observable, report) + noted + declaredMark(report, observable);
}

function summaryText(observable: ReportedObservable, report: MonotonicityReport): string {
  const { met, verdict, mechanism, metWithCoordination, agrees, waitsFor } = observable;
  if (waitsFor.length > 0)
    return `met by what is inserted: ${insertedPhrase(observable, report.plan)}`;
  if (met)
    return verdict === 'confluent'
      ? `${observable.waitsForAll ? 'waits until all nodes have worked off what is there' : 'needs no coordination'}; final on emission`
      : 'fine for a view: it ends the same in every run';
  const agreeing = agrees && verdict === 'divergent' ? '; replicas agree' : '';
  if (mechanism.provider === 'owner') return `not met: varies from run to run${agreeing}`;
  return metWithCoordination
    ? `met by what is inserted: ${insertedPhrase(observable, report.plan)}`
    : `not met: needs ${mechanismName(mechanism)}${agreeing}`;
}

/** What is proved of an observable that is divergent only by what its ids are called. */
export const freshIdsText =
  'Confluent modulo fresh ids: all runs show the same but for what the ids from the clock are called, as long as no two events get one.';

const determinismTexts: Readonly<Record<RelationReport['determinism'], string>> = {
  D0: 'the same in every timestep',
  D1: 'confluent',
  D2: 'convergent',
  D3: 'divergent',
};

/** A class of determinism by the name of the verdict that it gives. */
export function determinismText(determinism: RelationReport['determinism']): string {
  return determinismTexts[determinism];
}

/** Who holds a relation. */
/** `table`, `durable table`. */
export function kindText({ kind, durable }: Pick<RelationReport, 'kind' | 'durable'>): string {
  return durable ? `durable ${kind}` : kind;
}

export function holdersText(
  { replicated, replicatedThrough }: RelationReport,
  program: Program,
): string {
  if (!replicated) return 'not replicated: each node has its own';
  return replicatedThrough.length === 0
    ? 'replicated over several nodes, some of which may rightly hold something else'
    : `replicated over all receivers of ${replicatedThrough.map((c) => sourceText(program, c)).join(', ')}`;
}
