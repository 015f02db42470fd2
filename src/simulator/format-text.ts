/**
 * What an exploration came to, for people: what all outcomes have in common in a line a relation,
 * and what differs in full, tuple by tuple, with the outcomes that show it.
 */
import { compareRows, rowKey } from '../base/value.js';
import type { Row } from '../base/value.js';
import { rowText } from '../base/value-text.js';
import type { Exploration, ExploredOutcome } from './explore.js';
import type { Outcome } from './outcome.js';

/** Rows of one relation shown in full; more are counted. */
const longestList = 50;
const mostOutcomes = 10;
const mostViolations = 5;

/** The text of `simulate`. Ends with a line end. */
export function explorationText(exploration: Exploration): string {
  const lines = [
    ...headLines(exploration),
    '',
    ...outcomeLines(exploration),
    '',
    ...relationLines(
      exploration.observables,
      exploration.outcomes.map(({ outcome }) => outcome),
    ),
    ...violationLines(exploration),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function headLines({
  seeds,
  outcomes,
  timesteps,
  dataFrames,
  coordinationMessages,
  unknownAddresses,
}: Exploration): readonly string[] {
  const [first, last] = [seeds[0], seeds.at(-1)];
  const which = seeds.length === 1 ? `seed ${first}` : `seeds ${first} to ${last}`;
  const coordination = plural(coordinationMessages, 'coordination message');
  const head = `${plural(seeds.length, 'run')} (${which}), ${plural(outcomes.length, 'distinct outcome')}`;
  const work = `${plural(timesteps, 'timestep')}, ${plural(dataFrames, 'data frame')}, ${coordination}`;
  const parted = outcomes.filter(({ replicasAgree }) => !replicasAgree).length;
  const agreement = parted === 0 ? [] : [`replicas disagree in ${plural(parted, 'outcome')}`];
  const dropped =
    unknownAddresses === 0
      ? []
      : [`${plural(unknownAddresses, 'batch', 'batches')} for unknown nodes dropped`];
  return [head, work, ...agreement, ...dropped];
}

function outcomeLines({ outcomes }: Exploration): readonly string[] {
  const shown = outcomes
    .slice(0, mostOutcomes)
    .map((outcome, index) => outcomeLine(outcome, index));
  const rest = outcomes.length - shown.length;
  return rest > 0 ? [...shown, `and ${plural(rest, 'more outcome')}`] : shown;
}

function outcomeLine(explored: ExploredOutcome, index: number): string {
  const { count, seed, outcome, quiescent } = explored;
  const remarks = [
    `outcome ${index + 1}: ${plural(count, 'run')}, first with seed ${seed}`,
    ...(outcome.error === null ? [] : [`error: ${outcome.error}${moreFailures(outcome)}`]),
    ...(quiescent ? [] : ['did not come to rest']),
    agreementText(explored),
  ];
  return remarks.join('; ');
}

function agreementText(explored: ExploredOutcome): string {
  const { replicasAgree, disagreementSeed, releasesDifferSeed } = explored;
  if (!replicasAgree) return `REPLICAS DISAGREE, first with seed ${disagreementSeed}`;
  if (releasesDifferSeed === null) return 'replicas agree';
  return `replicas agree at the end, but HAVE RELEASED DIFFERENT TUPLES, first with seed ${releasesDifferSeed}`;
}

function moreFailures({ failures }: Outcome): string {
  return failures.length < 2 ? '' : ` (and ${plural(failures.length - 1, 'more failure')})`;
}

/** The text of a single outcome: a paragraph a relation. Ends with a line end. */
export function outcomeText(
  observables: Exploration['observables'],
  outcome: Pick<Outcome, 'ever' | 'final'>,
): string {
  return relationLines(observables, [outcome])
    .map((line) => `${line}\n`)
    .join('');
}

function relationLines(
  observables: Exploration['observables'],
  outcomes: readonly Pick<Outcome, 'ever' | 'final'>[],
): readonly string[] {
  const relations = [...observables.keys()].sort();
  return relations.flatMap((relation) => {
    const kind = observables.get(relation)!;
    const contents = outcomes.map(
      (outcome) => (kind === 'output' ? outcome.ever : outcome.final).get(relation) ?? [],
    );
    const title = `${kind} ${relation}, ${kind === 'output' ? 'ever released' : 'at the end'}`;
    return contents.length === 1
      ? soleContent(title, relation, contents[0]!)
      : comparedContents(title, relation, contents);
  });
}

function soleContent(title: string, relation: string, rows: readonly Row[]): readonly string[] {
  return [
    `${title}: ${plural(rows.length, 'tuple')}`,
    ...listed(rows.map((row) => `  ${rowText(relation, row)}`)),
  ];
}

/** What all outcomes share is counted, what only some have is shown with their numbers. */
function comparedContents(
  title: string,
  relation: string,
  contents: readonly (readonly Row[])[],
): readonly string[] {
  const holders = new Map<string, { readonly row: Row; readonly outcomes: number[] }>();
  for (const [index, rows] of contents.entries()) {
    for (const row of rows) {
      const key = rowKey(row);
      const holder = holders.get(key) ?? { row, outcomes: [] };
      holder.outcomes.push(index);
      holders.set(key, holder);
    }
  }
  const all = [...holders.values()].sort((a, b) => compareRows(a.row, b.row));
  const partial = all.filter(({ outcomes }) => outcomes.length < contents.length);
  const common = plural(all.length - partial.length, 'tuple');
  if (partial.length === 0) return [`${title}: the same ${common} in every outcome`];
  const lines = partial.map(
    ({ row, outcomes }) => `  ${rowText(relation, row)}  ${holdersText(outcomes)}`,
  );
  return [`${title}: ${common} in every outcome, and`, ...listed(lines)];
}

/** Which outcomes have a tuple; those that are not shown themselves are counted. */
function holdersText(outcomes: readonly number[]): string {
  const shown = outcomes.filter((index) => index < mostOutcomes).map((index) => String(index + 1));
  const rest = outcomes.length - shown.length;
  if (rest > 0) shown.push(`${rest} more`);
  return `only in ${shown.length === 1 && rest === 0 ? 'outcome' : 'outcomes'} ${shown.join(', ')}`;
}

function violationLines({ violations }: Exploration): readonly string[] {
  if (violations.length === 0) return [];
  const shown = violations.slice(0, mostViolations).map(({ node, timestep, seed, diagnostic }) => {
    return `  seed ${seed}, node ${node}, timestep ${timestep}: ${diagnostic.code} ${diagnostic.message}`;
  });
  const rest = violations.length - shown.length;
  return [
    '',
    `${plural(violations.length, 'violation')}:`,
    ...shown,
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
}

function listed(lines: readonly string[]): readonly string[] {
  if (lines.length <= longestList) return lines;
  return [...lines.slice(0, longestList), `  and ${lines.length - longestList} more`];
}

function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}
