/** Small systems with a known dependence on order, or none. */
import type { Row } from '../../../src/base/value.js';
import type { SimulationSubject } from '../../../src/simulator/outcome.js';
import { scriptedSubject, union } from './scripted-subject.js';
import type { ScriptedProgram } from './scripted-subject.js';

export const trio = ['n1', 'n2', 'n3'];

/** Facts told everywhere, gathered and shown: confluent whatever the network does. */
export function gossip(more: Partial<ScriptedProgram> = {}): SimulationSubject {
  return scriptedSubject({
    nodes: trio,
    located: { tell: 0 },
    observables: { heard: 'output', board: 'view' },
    replicated: ['known'],
    inputs: trio.flatMap((node) =>
      [1, 2, 3].map((n) => ({ node, relation: 'learn', row: [`${node}-${n}`] })),
    ),
    script: ({ node, cluster, read }) => {
      const told = read('tell').map((row) => [row[1]!]);
      const before = read('known');
      const known = union(before, told, read('learn'));
      const fresh = known.filter((row) => !before.some((old) => old[0] === row[0]));
      const others = cluster.filter((peer) => peer !== node);
      return {
        tables: { known },
        outputs: { heard: fresh },
        views: { board: known },
        sends: { tell: others.flatMap((peer) => fresh.map((row): Row => [peer, ...row])) },
      };
    },
    ...more,
  });
}

/** Every node puts a value under one key at every node; the last one in wins: replicas part. */
export function overwrite(more: Partial<ScriptedProgram> = {}): SimulationSubject {
  return scriptedSubject({
    nodes: trio,
    located: { set: 0 },
    observables: { current: 'view' },
    replicated: ['cell'],
    inputs: ['x', 'y'].map((value, index) => ({
      node: trio[index]!,
      relation: 'put',
      row: [value],
    })),
    script: ({ cluster, read }) => {
      const set = read('set').map((row): Row => [row[1]!]);
      const cell = set.length > 0 ? [union(set)[0]!] : read('cell');
      return {
        tables: { cell },
        views: { current: cell },
        sends: { set: cluster.flatMap((peer) => read('put').map((row): Row => [peer, ...row])) },
      };
    },
    ...more,
  });
}

/** Sends the least of what has come so far to a collector that releases whatever it is told. */
export function earlyMinimum(inputs: readonly number[]): SimulationSubject {
  return scriptedSubject({
    nodes: ['asker', 'desk'],
    located: { bid: 0, best: 0 },
    observables: { winner: 'output' },
    inputs: inputs.map((amount) => ({ node: 'asker', relation: 'offer', row: [amount] })),
    script: ({ read }) => {
      const bids = union(
        read('bids'),
        read('bid').map((row): Row => [row[1]!]),
      );
      const least = bids[0];
      return {
        tables: { bids },
        outputs: { winner: read('best').map((row): Row => [row[1]!]) },
        sends: {
          bid: read('offer').map((row): Row => ['desk', ...row]),
          best: least === undefined || read('bid').length === 0 ? [] : [['asker', ...least]],
        },
      };
    },
  });
}
