/** A run by turns as a space-time diagram: which timestep sent what each timestep took. */
import { rowText } from '../base/value-text.js';
import type { Program } from '../semantics/program.js';
import { timerText } from '../simulator/turn-text.js';
import type { Pick, PlayedRun, PlayedTurn } from '../simulator/turns.js';
import type { SpaceTime, SpaceTimeTake } from '../viz/space-time-svg.js';
import { batchWords } from './batch-words.js';
import type { BatchWords } from './batch-words.js';

/** Turns drawn; a witness is small, and beyond this nobody follows the lines. */
const mostTurns = 60;

export function spaceTimeOfRun(program: Program, { subject, turns }: PlayedRun): SpaceTime {
  const words = batchWords(program, subject);
  const drawn = turns.filter((turn) => isEventful(turn, words)).slice(0, mostTurns);
  return {
    nodes: [...subject.nodes].filter((name) => drawn.some(({ node }) => node === name)),
    steps: drawn.map((turn) => ({
      node: turn.node,
      number: turn.number,
      takes: turn.picks.flatMap((pick, i) => takeOf(turn, pick, i, drawn, words) ?? []),
      shows: turn.shown.flatMap(({ relation, added, removed }) => [
        ...added.map((row) => `+${rowText(relation, row)}`),
        ...removed.map((row) => `-${rowText(relation, row)}`),
      ]),
      failures: turn.failures,
    })),
  };
}

/** Turns of the schedule that the diagram leaves out, having nothing to show. */
function isEventful(
  { picks, taken, sent, shown, failures }: PlayedTurn,
  words: BatchWords,
): boolean {
  const takes = picks.filter((_, i) => words(taken[i] ?? []) !== null);
  const sends = sent.filter(({ content }) => words(content) !== null);
  return takes.length + sends.length + shown.length + failures.length > 0;
}

function takeOf(
  { node, taken }: PlayedTurn,
  pick: Pick,
  index: number,
  drawn: readonly PlayedTurn[],
  words: BatchWords,
): SpaceTimeTake | null {
  const text = pick.kind === 'timer' ? timerText(pick) : words(taken[index] ?? []);
  if (text === null) return null;
  if (pick.kind === 'input' || pick.kind === 'timer') return { text, from: null, again: false };
  const sender = pick.kind === 'loop' ? node : pick.from;
  const from = drawn.findIndex(
    (turn) =>
      turn.node === sender && turn.sent.some(({ to, nth }) => to === node && nth === pick.nth),
  );
  const again = pick.kind === 'message' && pick.again;
  return { text, from: from === -1 ? null : from, again };
}
