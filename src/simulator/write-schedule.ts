/**
 * A schedule that the checker of all schedules found, written out as turns of real nodes: the
 * checker knows batches by what they hold, a turn by who sent them and as which.
 */
import { rowKey } from '../base/value.js';
import type { RelationRows } from '../evaluator/evaluator.js';
import type { Move, TakenBatch } from './system-states.js';
import type { SimulationSubject } from './outcome.js';
import { TurnCluster } from './turn-cluster.js';
import type { Waiting } from './turn-cluster.js';
import type { Pick, Turn } from './turns.js';

/** The same schedule; `playTurns` comes to its outcome. Contract: of a program without log and barrier. */
export function writeSchedule(subject: SimulationSubject, moves: readonly Move[]): readonly Turn[] {
  const cluster = new TurnCluster(subject);
  for (const { node, batches } of moves) {
    const used: Waiting[] = [];
    const picks = batches.flatMap((taken): readonly Pick[] => {
      const { origin } = taken.batch;
      if (origin.kind === 'periodic')
        return [{ kind: 'timer', relation: origin.relation, missed: 0 }];
      const from = taken.again ? cluster.repeatable(node) : cluster.waiting(node);
      const found = from.find((waiting) => !used.includes(waiting) && holds(waiting, taken));
      if (found === undefined) return [];
      used.push(found);
      return [
        taken.again && found.pick.kind === 'message' ? { ...found.pick, again: true } : found.pick,
      ];
    });
    cluster.play(node, picks);
  }
  return cluster.turns.map(({ node, picks }) => ({ node, picks }));
}

function holds({ pick, content }: Waiting, { batch, input }: TakenBatch): boolean {
  const { origin } = batch;
  if (pick.kind === 'input') return pick.index === input;
  const isFrom =
    pick.kind === 'message'
      ? origin.kind === 'peer' && origin.peer === pick.from
      : origin.kind === 'loop';
  return isFrom && contentKey(content) === contentKey(batch.content);
}

function contentKey(content: readonly RelationRows[]): string {
  return JSON.stringify(content.map(({ relation, rows }) => [relation, rows.map(rowKey)]));
}
