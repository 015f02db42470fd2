/**
 * Runs a cluster by turns to its end: first as a schedule says, then in the plainest way there is.
 *
 * The plainest way boots every node and then lets them take turns in order of their names, each
 * over all that waits for it. So a written schedule need only hold where it deviates from that, and
 * shrinks by leaving out.
 *
 * A periodic never ends. A cluster at rest has come to its end when a round of firings, of every
 * periodic at every node, one at a time, and all that follows, leaves everything as it was, and so
 * does one before which so many firings were missed that no number of the program or its workload is
 * greater (far-count.ts): then so will every further round. (A fair schedule has no last firing; were the
 * run cut off anywhere else, a rule that waits for the next one would look as if it never fired.)
 * Where every round changes something, as under a count that is shown, there is no end. What such a
 * run has shown by the middle of its rounds may then be held against what another has shown by the
 * end of as many.
 */
import { rowKey } from '../base/value.js';
import type { RelationRows } from '../evaluator/evaluator.js';
import type { Outcome, SimulationSubject } from './outcome.js';
import { farCountOf } from './far-count.js';
import { TurnCluster } from './turn-cluster.js';
import type { Pick, PlayedRun, PlayedTurn, Turn } from './turns.js';

/** How long a run may go on. */
export interface PlayBounds {
  /** Turns of all nodes together. */
  readonly turns: number;
  /** Rounds of firings that may change something. */
  readonly rounds: number;
}

export const usualPlayBounds: PlayBounds = { turns: 2000, rounds: 40 };

/** Plays what is written, passing over what is not there, and then goes on in the plainest way. */
export function playTurns(
  subject: SimulationSubject,
  schedule: readonly Turn[],
  bounds: PlayBounds = usualPlayBounds,
): PlayedRun {
  const cluster = new TurnCluster(subject);
  for (const { node, picks } of schedule) {
    if (cluster.turns.length >= bounds.turns) break;
    if (subject.nodes.includes(node)) cluster.play(node, picks);
  }
  return finishRun(cluster, bounds);
}

/** Brings a cluster to rest in the plainest way. */
export function finishRun(cluster: TurnCluster, bounds: PlayBounds): PlayedRun {
  const end: End = settle(cluster, bounds) ? closeTimers(cluster, bounds) : { kind: 'cut' };
  const { subject, turns } = cluster;
  const quiescent = end.kind === 'rest';
  const early = end.kind === 'endless' ? end.early : null;
  return { subject, turns, outcome: cluster.outcome(quiescent), quiescent, early };
}

type End =
  | { readonly kind: 'rest' | 'cut' }
  | { readonly kind: 'endless'; readonly early: Outcome['ever'] };

/** Goes on until every node is quiet and nothing waits; false if the bound came first. */
function settle(cluster: TurnCluster, bounds: PlayBounds): boolean {
  for (const node of cluster.subject.nodes) if (!cluster.isBooted(node)) cluster.play(node, []);
  for (let isBusy = true; isBusy;) {
    isBusy = false;
    for (const node of cluster.subject.nodes) {
      if (cluster.turns.length >= bounds.turns) return false;
      const picks = cluster.waiting(node).map(({ pick }) => pick);
      isBusy = cluster.play(node, picks) !== null || isBusy;
    }
  }
  return true;
}

/** Rounds of firings until one of them changes nothing. */
function closeTimers(cluster: TurnCluster, bounds: PlayBounds): End {
  if (cluster.subject.program.periodics.length === 0) return { kind: 'rest' };
  let before = '';
  let early: Outcome['ever'] = new Map();
  const farCount = farCountOf(cluster.subject);
  let isFar = false;
  for (let round = 0; round < bounds.rounds; round++) {
    const first = cluster.turns.length;
    fireOneByOne(cluster, isFar ? farCount : 0);
    if (!settle(cluster, bounds)) return { kind: 'cut' };
    const turns = cluster.turns.slice(first);
    const outcome = cluster.outcome(true);
    const now = roundKey(turns, outcome);
    if (turns.length === 0) return { kind: 'rest' };
    const isSame = now === before;
    if (isSame && isFar) {
      // Nothing happened in it that anybody wants to read.
      cluster.turns.length = first;
      return { kind: 'rest' };
    }
    [before, isFar] = [now, isSame];
    if (round < bounds.rounds / 2) early = outcome.ever;
  }
  return { kind: 'endless', early };
}

/** Every timer of every node, up to a count at least, no two in one timestep: nothing makes timers meet. */
function fireOneByOne(cluster: TurnCluster, count: number): void {
  for (const node of cluster.subject.nodes) {
    for (const relation of cluster.timers(node)) {
      const missed = Math.max(0, count - cluster.nextCount(node, relation));
      cluster.play(node, [{ kind: 'timer', relation, missed }]);
    }
  }
}

/**
 * Every timer of every node, once, in one timestep with what is `ready` there; so many firings of each
 * are missed before.
 */
export function fireAll(
  cluster: TurnCluster,
  missed: number,
  ready: (node: string) => readonly Pick[],
): void {
  for (const node of cluster.subject.nodes) {
    const picks = cluster
      .timers(node)
      .map((relation): Pick => ({ kind: 'timer', relation, missed }));
    if (picks.length > 0) cluster.play(node, [...ready(node), ...picks]);
  }
}

/** What a round did and left, but for the counts and times of the firings themselves. */
function roundKey(turns: readonly PlayedTurn[], outcome: Outcome): string {
  const acts = turns.map(({ node, sent, shown, failures }) => [
    node,
    failures.length,
    ...sent.map(({ to, content }) => [to, contentKey(content)]),
    ...shown.map(({ relation, added, removed }) => [
      relation,
      added.map(rowKey).sort(),
      removed.map(rowKey).sort(),
    ]),
  ]);
  const ends = [outcome.stored, outcome.final, outcome.ever].map((contents) =>
    [...contents].map(([relation, rows]) => [relation, rows.map(rowKey)]),
  );
  return JSON.stringify([acts, ends]);
}

function contentKey(content: readonly RelationRows[]): string {
  return content.map(({ relation, rows }) => `${relation}:${rows.map(rowKey).join(';')}`).join('|');
}
