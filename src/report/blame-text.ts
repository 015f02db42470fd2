/**
 * A blame for a terminal: who is to blame and for what, the source with every station of the way
 * numbered in the order in which the trouble travels, and the way in one line.
 */
import type picocolors from 'picocolors';
import type { Blame } from '../analysis/confluence-report.js';
import { reasonText } from '../analysis/reason-text.js';
import { traceBlame } from '../analysis/trace-blame.js';
import type { BlameStep } from '../analysis/trace-blame.js';
import { positionAt } from '../base/span.js';
import { codeFrame, gutterWidth } from '../diagnostics/code-frame.js';
import type { Label } from '../diagnostics/diagnostic.js';
import { displayMessage } from '../diagnostics/display-text.js';
import { sourceText, stationText } from '../analysis/made-up-relations.js';
import type { Program } from '../semantics/program.js';

type Colors = ReturnType<typeof picocolors.createColors>;

/** Stations shown; of a longer way the middle is left out. */
const mostSteps = 9;

/** Blames of one place, which differ in the way that leads there, together. */
export function groupBlames(blames: readonly Blame[]): readonly (readonly [Blame, ...Blame[]])[] {
  const groups = new Map<string, [Blame, ...Blame[]]>();
  for (const blame of blames) {
    const { rule, reason, span } = blame;
    const key = [rule, reason, span.file.path, span.start, span.end].join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [blame]);
    else group.push(blame);
  }
  return [...groups.values()];
}

/** The first of the blames in full, and by which other ways the trouble comes. */
export function blameLines(
  program: Program,
  [blame, ...others]: readonly [Blame, ...Blame[]],
  colors: Colors,
): readonly string[] {
  const steps = traceBlame(program, blame);
  const numbered = steps.map((step, i) => ({ step, label: labelOf(step, i, steps.length) }));
  const shown = numbered.filter(({ step }, i) => isShown(step, i, steps.length));
  const blamed = shown.find(({ step }) => step.role === 'blamed')!.label;
  const rest = shown.filter(({ label }) => label !== blamed).map(({ label }) => label);
  const labels = [blamed, ...mergeSamePlaces(blamed, rest)];
  const style = { gutter: colors.blue, primary: colors.red, secondary: colors.blue };
  const frame = codeFrame(labels[0]!, labels.slice(1), gutterWidth(labels), style);
  return [
    '',
    ...headingLines(program, blame, colors),
    ...frame.map((row) => `  ${row}`),
    `  path: ${pathText(blame)}`,
    ...others.map((other) => `  also: ${pathText(other)}`),
  ];
}

/** A place that is shown for another observable, or beside too many others. */
export function shortBlameLines(
  program: Program,
  [blame, ...others]: readonly [Blame, ...Blame[]],
  before: string | undefined,
  colors: Colors,
): readonly string[] {
  const { file, start } = blame.span;
  const place = `${displayMessage(file.path)}:${positionAt(file, start).line}`;
  const where = before === undefined ? place : `see \`${before}\` above`;
  return [
    '',
    ...headingLines(program, blame, colors),
    `  ${reasonText(blame.reason)}: ${where}`,
    `  path: ${pathText(blame)}`,
    ...others.map((other) => `  also: ${pathText(other)}`),
  ];
}

/** Names at each end of a long path that are shown. */
const mostNames = 6;

export function pathText({ stations }: Blame): string {
  const path = stations.map(stationText);
  const rest = path.length - 2 * mostNames;
  const names =
    rest <= 1 ? path : [...path.slice(0, mostNames), `(${rest} more)`, ...path.slice(-mostNames)];
  return names.join(' -> ');
}

function headingLines(
  program: Program,
  { rule, reason }: Blame,
  colors: Colors,
): readonly string[] {
  const isOwn = rule !== null && program.relations.get(rule)?.madeFrom !== undefined;
  const named = isOwn ? sourceText(program, rule) : `rule \`${rule}\``;
  const who = rule === null ? 'the declaration' : named;
  return [`  ${colors.bold('because of')} ${who}: ${reason}`];
}

function labelOf({ span, text }: BlameStep, index: number, count: number): Label {
  return { span, text: count === 1 ? text : `${index + 1}. ${text}` };
}

function isShown({ role }: BlameStep, index: number, count: number): boolean {
  if (count <= mostSteps || role === 'blamed') return true;
  return index < mostSteps / 2 || index >= count - mostSteps / 2;
}

/** Where the way passes one place twice, the place has one mark. */
function mergeSamePlaces(blamed: Label, labels: readonly Label[]): readonly Label[] {
  const byPlace = new Map<string, Label>();
  for (const label of labels) {
    const key = `${label.span.file.path} ${label.span.start} ${label.span.end}`;
    if (label.span.start === blamed.span.start && label.span.file === blamed.span.file) continue;
    const known = byPlace.get(key);
    byPlace.set(
      key,
      known === undefined ? label : { ...known, text: `${known.text}; ${label.text}` },
    );
  }
  return [...byPlace.values()];
}
