/**
 * What is done to the nodes of a session, and how it is carried out: round by round, in each of which
 * whoever has something to do runs one timestep over all that waits for it. What is sent in a round
 * arrives in the next.
 */
import type { WorkloadInput } from '../node/workload.js';
import type { TurnCluster } from '../simulator/turn-cluster.js';
import type { PlayedTurn } from '../simulator/turns.js';

/** What has been done, beside typing the program. */
export type Deed =
  | { readonly kind: 'enter'; readonly inputs: readonly WorkloadInput[] }
  | { readonly kind: 'fire'; readonly relation: string; readonly nodes: readonly string[] }
  | { readonly kind: 'rounds'; readonly times: number }
  /** Rounds until all nodes are quiet, or there have been too many. */
  | { readonly kind: 'settle' };

export interface Played {
  readonly turns: readonly PlayedTurn[];
  /** The deeds as far as they were carried out. */
  readonly done: readonly Deed[];
  /** Whether nodes had more to do than they were given time for. */
  readonly isCut: boolean;
  /** Whether the user has broken it off. */
  readonly isInterrupted: boolean;
}

/** Asked now and then whether to go on. */
export type Patience = () => Promise<boolean>;

/** Rounds that a line may run before it is called endless. */
const mostRounds = 1000;
/** Rounds between two questions whether to go on. */
const roundsAtOnce = 32;

/** Whether the node has something to do. */
export function hasWork(cluster: TurnCluster, node: string): boolean {
  if (cluster.isHalted(node)) return false;
  return cluster.isRestless(node) || cluster.waiting(node).length > 0;
}

export async function carryOut(
  cluster: TurnCluster,
  deeds: readonly Deed[],
  mayGoOn: Patience,
): Promise<Played> {
  const before = cluster.turns.length;
  const done: Deed[] = [];
  let [isCut, isInterrupted] = [false, false];
  for (const deed of deeds) {
    if (deed.kind === 'enter') deed.inputs.forEach((input) => cluster.enter(input));
    else if (deed.kind === 'fire') fire(cluster, deed.relation, deed.nodes);
    else {
      const most = deed.kind === 'settle' ? mostRounds : deed.times;
      const { rounds, isStopped } = await playRounds(cluster, most, mayGoOn);
      isCut =
        deed.kind === 'settle' && cluster.subject.nodes.some((node) => hasWork(cluster, node));
      isInterrupted = isStopped;
      if (isStopped) {
        done.push({ kind: 'rounds', times: rounds });
        break;
      }
    }
    done.push(deed);
  }
  return { turns: cluster.turns.slice(before), done, isCut, isInterrupted };
}

/** At most so many rounds, as long as somebody has something to do. */
async function playRounds(
  cluster: TurnCluster,
  most: number,
  mayGoOn: Patience,
): Promise<{ readonly rounds: number; readonly isStopped: boolean }> {
  for (let rounds = 0; rounds < most; rounds++) {
    if (rounds % roundsAtOnce === roundsAtOnce - 1 && !(await mayGoOn()))
      return { rounds, isStopped: true };
    if (!playRound(cluster)) return { rounds, isStopped: false };
  }
  return { rounds: most, isStopped: false };
}

/** Each node takes what waits for it now; whether any did something. */
function playRound(cluster: TurnCluster): boolean {
  const plan = cluster.subject.nodes.map(
    (node) => [node, cluster.waiting(node).map(({ pick }) => pick)] as const,
  );
  return plan.filter(([node, picks]) => cluster.play(node, picks) !== null).length > 0;
}

/** The timer comes with whatever waits. */
function fire(cluster: TurnCluster, relation: string, nodes: readonly string[]): void {
  for (const node of nodes) {
    const waiting = cluster.waiting(node).map(({ pick }) => pick);
    cluster.play(node, [...waiting, { kind: 'timer', relation, missed: 0 }]);
  }
}
