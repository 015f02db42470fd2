/**
 * A witness for a terminal: the two outcomes side by side, what one shows and the other does not,
 * and above them the two schedules, or the two replicas of one, with what each took and when.
 */
import type picocolors from 'picocolors';
import { rowText } from '../base/value-text.js';
import type { Row } from '../base/value.js';
import { batchText } from '../simulator/trace.js';
import type { PlayedRun, PlayedTurn } from '../simulator/turns.js';
import type { Witness } from './monotonicity-report.js';
import { sideBySide } from './side-by-side.js';

type Colors = ReturnType<typeof picocolors.createColors>;

export function witnessLines(
  relation: string,
  witness: Witness,
  colors: Colors,
): readonly string[] {
  const { outcomes, divergence, file } = witness;
  const { a, b, disagreement } = divergence;
  const title = `${colors.bold('witness')}: ${witnessTitle(witness)}`;
  const lines =
    disagreement === null
      ? [
          ...scheduleColumns(['first schedule', 'second schedule'], [runLines(a), runLines(b)]),
          ...outcomeColumns(relation, ['the first', 'the second'], outcomes),
        ]
      : [
          ...scheduleColumns(
            [`node ${disagreement.nodes[0]}`, `node ${disagreement.nodes[1]}`],
            [nodeLines(a, disagreement.nodes[0]), nodeLines(a, disagreement.nodes[1])],
          ),
          ...outcomeColumns(
            relation,
            [`node ${disagreement.nodes[0]}`, `node ${disagreement.nodes[1]}`],
            disagreement.contents,
          ),
          'under another schedule all replicas agree',
        ];
  const written = file === null ? [] : [`written to ${file}: \`trellis replay\` plays it again`];
  return ['', `  ${title}`, ...[...lines, ...written].map((line) => `    ${line}`.trimEnd())];
}

/** What was found, in one line. */
export function witnessTitle({ compared, divergence, madeUp }: Witness): string {
  const count = divergence.subject.workload.inputs.length;
  const inputs = `${count === 1 ? 'one input' : `${count} inputs`}${madeUp ? ' made up for it' : ''}`;
  if (divergence.disagreement !== null)
    return `a schedule of ${inputs} in which two replicas ${compared === 'ever' ? 'show different tuples' : 'end differently'}`;
  return `two schedules of ${inputs}, two outcomes (${compared === 'ever' ? 'ever shown' : 'at quiescence'})`;
}

/** What a run's nodes took, turn by turn; turns without anything from outside are left out. */
function runLines({ turns }: PlayedRun): readonly string[] {
  return turns.flatMap((turn) => takenLines(turn).map((line) => `${turn.node} ${line}`));
}

function nodeLines({ turns }: PlayedRun, node: string): readonly string[] {
  return turns.filter((turn) => turn.node === node).flatMap(takenLines);
}

function takenLines({ number, picks, taken, failures }: PlayedTurn): readonly string[] {
  const takes = picks.map((pick, i) => {
    const what = batchText(taken[i] ?? []);
    if (pick.kind === 'message') return `${what} from ${pick.from}${pick.again ? ', again' : ''}`;
    if (pick.kind === 'loop') return `${what} from itself`;
    return pick.kind === 'timer' ? `timer ${pick.relation}` : what;
  });
  const lines = takes.length === 0 ? [] : [`${number}: ${takes.join(' and ')}`];
  return [...lines, ...failures.map((failure) => `${number}: FAILS: ${failure}`)];
}

function scheduleColumns(
  headings: readonly [string, string],
  [left, right]: readonly [readonly string[], readonly string[]],
): readonly string[] {
  return [
    ...sideBySide(
      { heading: `${headings[0]} takes, by timestep:`, lines: left },
      { heading: `${headings[1]} takes, by timestep:`, lines: right },
    ),
    '',
  ];
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
    { heading: `only ${headings[0]}:`, lines: only(mine, others) },
    { heading: `only ${headings[1]}:`, lines: only(others, mine) },
  );
  return inBoth === 0 ? columns : [...columns, `both: ${inBoth} tuple${inBoth === 1 ? '' : 's'}`];
}
