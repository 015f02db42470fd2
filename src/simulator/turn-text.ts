/** Turns in words: what a timestep takes, and what comes of it. */
import { batchText, observationText } from './trace.js';
import type { Pick, PlayedTurn } from './turns.js';

/** The turn as lines without line ends: the first says who takes what, the others are indented. */
export function turnLines(turn: PlayedTurn, width: number): readonly string[] {
  const { node, atMs, number, picks, taken, sent, shown, failures, halted } = turn;
  const margin = `${String(atMs).padStart(5)} ms  ${node.padEnd(width)}  `;
  const takes = picks.map((pick, i) => `${pickText(pick)}: ${batchText(taken[i] ?? [])}`);
  const [first = 'goes on', ...others] =
    number === 1 ? (takes.length === 0 ? ['boots'] : ['boots', ...takes]) : takes;
  const inner = ' '.repeat(margin.length);
  return [
    `${margin}${first}`,
    ...others.map((text) => `${inner}${text}`),
    ...sent.map(({ to, nth, content }) => {
      const receiver = to === node ? 'itself' : to;
      return `${inner}  sends ${receiver} message ${nth}: ${batchText(content)}`;
    }),
    ...shown.map((observation) => `${inner}  shows ${observationText(observation)}`),
    ...failures.map((text) => `${inner}  fails: ${text}`),
    ...(halted ? [`${inner}  halts`] : []),
  ];
}

/** A firing, and how many it takes the place of. */
export function timerText({ relation, missed }: Extract<Pick, { kind: 'timer' }>): string {
  return `timer ${relation}${missed === 0 ? '' : ` after ${missed} missed`}`;
}

function pickText(pick: Pick): string {
  switch (pick.kind) {
    case 'input':
      return `input ${pick.index + 1}`;
    case 'message':
      return `message ${pick.nth} from ${pick.from}${pick.again ? ' again' : ''}`;
    case 'loop':
      return `message ${pick.nth} from itself`;
    case 'timer':
      return timerText(pick);
  }
}
