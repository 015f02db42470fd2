/**
 * A witness for a terminal: the two outcomes side by side, what one shows and the other does not,
 * and below them the two schedules, or the two replicas of one, with what each took and when.
 */
import type picocolors from 'picocolors';
import { rowText } from '../base/value-text.js';
import type { Row } from '../base/value.js';
import type { Program } from '../semantics/program.js';
import { timerText } from '../simulator/turn-text.js';
import type { PlayedRun, PlayedTurn } from '../simulator/turns.js';
import { batchWords } from './batch-words.js';
import type { BatchWords } from './batch-words.js';
import type { Witness } from './monotonicity-report.js';
import { sideBySide } from './side-by-side.js';
import type { TextColumn } from './side-by-side.js';

type Colors = ReturnType<typeof picocolors.createColors>;

/** The outcomes first, then how they came about. */
export function witnessLines(
  program: Program,
  relation: string,
  witness: Witness,
  colors: Colors,
): readonly string[] {
  const { outcomes, divergence, file } = witness;
  const { a, b, disagreement } = divergence;
  const words = batchWords(program, divergence.subject);
  const lines =
    disagreement === null
      ? [
          ...outcomeColumns(relation, ['the first', 'the second'], outcomes),
          ...scheduleColumns(
            ['first schedule', 'second schedule'],
            [runItems(a, words), runItems(b, words)],
          ),
        ]
      : [
          ...outcomeColumns(
            relation,
            [`node ${disagreement.nodes[0]}`, `node ${disagreement.nodes[1]}`],
            disagreement.contents,
          ),
          'under another schedule all replicas agree',
          ...scheduleColumns(
            [`node ${disagreement.nodes[0]}`, `node ${disagreement.nodes[1]}`],
            [
              nodeItems(a, disagreement.nodes[0], words),
              nodeItems(a, disagreement.nodes[1], words),
            ],
          ),
        ];
  const title = `${colors.bold('witness')}: ${witnessTitle(witness)}`;
  const written = file === null ? [] : [`written to ${file}: \`trellis replay\` plays it again`];
  return ['', `  ${title}`, ...[...lines, ...written].map((line) => `    ${line}`.trimEnd())];
}

/** What was found, in one line. */
export function witnessTitle({ compared, divergence, madeUp }: Witness): string {
  const count = divergence.subject.workload.inputs.length;
  const inputs = `${count === 1 ? 'one input' : `${count} inputs`}${madeUp ? ' made up for it' : ''}`;
  if (divergence.disagreement !== null)
    return `a schedule of ${inputs} in which two replicas ${compared === 'ever' ? 'show different tuples' : 'end differently'}`;
  const endless = [divergence.a, divergence.b].some((run) => run.early !== null);
  const when = endless
    ? 'shown by as many firings of timers, which never come to rest'
    : compared === 'ever'
      ? 'ever shown'
      : 'at quiescence';
  return `two schedules of ${inputs}, two outcomes (${when})`;
}

/** What a run's nodes took, turn by turn; turns without anything from outside are left out. */
function runItems({ turns }: PlayedRun, words: BatchWords): readonly string[] {
  return turns.flatMap((turn) => takenItems(turn, words).map((item) => `${turn.node} ${item}`));
}

function nodeItems({ turns }: PlayedRun, node: string, words: BatchWords): readonly string[] {
  return turns.filter((turn) => turn.node === node).flatMap((turn) => takenItems(turn, words));
}

function takenItems(
  { number, picks, taken, failures }: PlayedTurn,
  words: BatchWords,
): readonly string[] {
  const takes = picks.flatMap((pick, i) => {
    const what = words(taken[i] ?? []);
    if (what === null) return [];
    if (pick.kind === 'message') return `${what} from ${pick.from}${pick.again ? ', again' : ''}`;
    if (pick.kind === 'loop') return `${what} from itself`;
    return pick.kind === 'timer' ? timerText(pick) : what;
  });
  const items = takes.length === 0 ? [] : [`${number}: ${takes.join(' and ')}`];
  return [...items, ...failureTexts(failures).map((failure) => `${number} FAILS: ${failure}`)];
}

/** The failures without their codes; the cause that several have is told once. */
function failureTexts(failures: readonly string[]): readonly string[] {
  const told = new Set<string>();
  return failures.map((failure) => {
    const [, message = failure, cause = ''] = /^TRL\d+ (.*?): (.*)$/s.exec(failure) ?? [];
    const what = message.replace(/^(a timestep of )?node \S+ (failed and )?/, '');
    if (told.has(cause)) return what;
    told.add(cause);
    return cause === '' ? what : `${what}: ${cause}`;
  });
}

/** Items of a schedule beyond which what both begin with is left out. */
const longSchedule = 10;

function scheduleColumns(
  headings: readonly [string, string],
  [left, right]: readonly [readonly string[], readonly string[]],
): readonly string[] {
  const differ = left.findIndex((item, i) => item !== right[i]);
  const isLong = Math.max(left.length, right.length) > longSchedule;
  const alike = isLong ? Math.max(0, differ) : 0;
  const note = alike === 0 ? '' : ` (after ${alike} of which both begin alike)`;
  const column = (heading: string, items: readonly string[]): TextColumn => ({
    heading: `${heading} takes, by timestep${note}:`,
    items: items.slice(alike),
  });
  return ['', ...sideBySide(column(headings[0], left), column(headings[1], right))];
}

/** What distinguishes two outcomes, and how much they have in common. */
function outcomeColumns(
  relation: string,
  headings: readonly [string, string],
  [left, right]: readonly [readonly Row[], readonly Row[]],
): readonly string[] {
  const texts = [left, right].map((rows) => rows.map((row) => rowText(relation, row)));
  const [mine = [], others = []] = texts;
  const inBoth = mine.filter((text) => others.includes(text)).length;
  const only = (rows: readonly string[], known: readonly string[]): readonly string[] => {
    const own = rows.filter((text) => !known.includes(text));
    return own.length === 0 ? [inBoth === 0 ? '(nothing)' : '(nothing more)'] : own;
  };
  const columns = sideBySide(
    { heading: `only ${headings[0]}:`, items: only(mine, others) },
    { heading: `only ${headings[1]}:`, items: only(others, mine) },
  );
  return inBoth === 0 ? columns : [...columns, `both: ${inBoth} tuple${inBoth === 1 ? '' : 's'}`];
}
