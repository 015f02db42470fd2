/** Cluster-wide relations that are durable: their copies and what carries them outlive crashes, too. */
import { expect, it } from 'vitest';
import { Prng } from '../../src/base/prng.js';
import { CrashingCluster } from '../support/crashing-cluster.js';

const program = `
durable table link(src: int, dst: int) partition by (src);
durable table path(src: int, dst: int) partition by (src);
input edge(src: int, dst: int);
link(x, y) :- edge(x, y);
path(x, y) :- link(x, y);
path(x, z) :- path(x, y), link(y, z);
`;
const names = ['a', 'b', 'c'];
const edges = [
  [1, 2],
  [2, 3],
  [3, 4],
] as const;
const closure = ['1,2', '1,3', '1,4', '2,3', '2,4', '3,4'];

it('a closure over three nodes is complete, and each tuple is at one node, whichever crash', () => {
  for (let seed = 1; seed <= 15; seed++) {
    const cluster = new CrashingCluster(program, names, seed);
    const prng = new Prng(seed).fork('outside');
    const draw = (): string => names[prng.int(0, names.length - 1)]!;
    const backAt = new Map<string, number>();
    for (let now = 0; now < 5000; now++) {
      const victim = draw();
      if (now % 40 === 39 && now < 400 && cluster.isUp(victim)) {
        cluster.crash(victim);
        backAt.set(victim, now + prng.int(0, 30));
      }
      for (const [node, at] of backAt) {
        if (at > now) continue;
        cluster.start(node);
        backAt.delete(node);
      }
      // Inputs are nobody's to keep: they come until no node crashes any more.
      if (now < 600 && now % 10 === 0)
        cluster.insert(draw(), 'edge', edges[prng.int(0, edges.length - 1)]!);
      if (!cluster.step() && backAt.size === 0 && now > 600) break;
    }
    const held = names.flatMap((node) => cluster.query(node, 'path').map(String));
    expect(held.sort(), `seed ${seed}`).toEqual(closure);
  }
}, 60_000);
