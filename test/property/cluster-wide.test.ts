/**
 * What `partition by` means: over any number of nodes, under any delays, orders, duplicates and boot
 * times, the parts of a relation together end as what one machine would hold without it.
 */
import { describe, expect, it } from 'vitest';
import { Prng } from '../../src/base/prng.js';
import type { CompiledProgram } from '../../src/compiler/compile-source.js';
import type { Outcome } from '../../src/simulator/outcome.js';
import { compileSound } from '../support/compile-text.js';
import {
  onOneMachine,
  randomClusterWide,
  type ClusterWideCase,
} from '../support/random-cluster-wide.js';
import { nodeNames, runSpread, shownBy } from '../support/run-spread.js';

const isNightly = process.env['TRELLIS_NIGHTLY'] === '1';
const cases = Number(process.env['TRELLIS_CASES'] ?? (isNightly ? 400 : 24));
const first = Number(process.env['TRELLIS_SEED'] ?? 1);

function outcomeOf(
  compiled: CompiledProgram,
  { inputs, given }: ClusterWideCase,
  nodeCount: number,
  seed: number,
): Outcome {
  const nodes = nodeNames(nodeCount);
  const prng = new Prng(seed);
  const anywhere = (): string => nodes[prng.int(0, nodes.length - 1)]!;
  return runSpread(
    compiled,
    nodes,
    {
      facts: given.map((row, i) => ({
        node: i % 2 === 0 ? null : anywhere(),
        relation: 'e1',
        rows: [row],
      })),
      inputs: inputs.map(({ relation, row }) => ({ node: anywhere(), relation, row, atMs: null })),
    },
    seed,
  );
}

describe('cluster-wide relations', () => {
  it('hold together what one machine holds', { timeout: 3_600_000 }, () => {
    for (let seed = first; seed < first + cases; seed++) {
      const one = randomClusterWide(new Prng(seed));
      const replay = `TRELLIS_SEED=${seed} TRELLIS_CASES=1\n${one.text}`;
      const whole = outcomeOf(compileSound(onOneMachine(one.text)), one, 1, seed);
      const compiled = compileSound(one.text);
      expect(whole.error, replay).toBeNull();
      for (const nodes of [1, 2, 3, 5]) {
        const spread = outcomeOf(compiled, one, nodes, seed + nodes);
        expect(spread.error, replay).toBeNull();
        expect(shownBy(spread), `${nodes} nodes, ${replay}`).toEqual(shownBy(whole));
      }
    }
  });
});
