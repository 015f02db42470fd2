/** A node of a simulated cluster: the production node, with facts of its own and nothing real around it. */
import { createNode } from '../node/node.js';
import type { Node } from '../node/node.js';
import type { NodeEvent } from '../node/events.js';
import { factsOf } from '../node/workload.js';
import type { SimulationSubject } from './outcome.js';

/** Data frames that wait for an acknowledgement; far more than any simulated run has. */
const outboxFrames = 1_000_000;

/** A node's event without its time, which is that of the moment at which it is fed in. */
export type TimelessEvent = NodeEvent extends infer E
  ? E extends NodeEvent
    ? Omit<E, 'nowMs'>
    : never
  : never;

/** A node of the subject that has not started. */
export function makeNode(subject: SimulationSubject, name: string, hasStorage = false): Node {
  const { program, workload, log } = subject;
  const cluster = [...subject.nodes].sort();
  const facts = factsOf(workload, name, cluster, program);
  const evaluator = subject.makeEvaluator({ name, cluster, facts });
  const configuration = {
    name,
    cluster,
    program,
    log,
    outboxFrames,
    unknownAddress: 'drop',
    hasStorage,
  } as const;
  return createNode(configuration, evaluator);
}

/** `life`: how many processes of the node there have been, this one included. */
export function incarnationOf(node: string, life = 1): string {
  return `${node}#${life}`;
}
