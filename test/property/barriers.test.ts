/**
 * What waits for a barrier is right: over any number of nodes, under any delays, orders, duplicates and
 * boot times, outputs that rule out, count and reveal end as on one machine, and where all is there at
 * the start they never show anything else.
 */
import { describe, expect, it } from 'vitest';
import { Prng } from '../../src/base/prng.js';
import type { CompiledProgram } from '../../src/compiler/compile-source.js';
import type { Outcome } from '../../src/simulator/outcome.js';
import { compileText } from '../support/compile-text.js';
import { onOneMachine } from '../support/random-cluster-wide.js';
import { randomBarriers } from '../support/random-barriers.js';
import { nodeNames, runSpread, shownBy } from '../support/run-spread.js';

const isNightly = process.env['TRELLIS_NIGHTLY'] === '1';
const cases = Number(process.env['TRELLIS_CASES'] ?? (isNightly ? 400 : 16));
const first = Number(process.env['TRELLIS_SEED'] ?? 1);

/** Every tuple that the outputs have ever released. */
function releasedBy(
  { program }: CompiledProgram,
  { ever }: Outcome,
): Readonly<Record<string, readonly string[]>> {
  const outputs = [...ever].filter(([name]) => program.relations.get(name)?.kind === 'output');
  return shownBy({ final: new Map(outputs) });
}

describe('what waits for a barrier', () => {
  it('ends as on one machine', { timeout: 3_600_000 }, () => {
    let compared = 0;
    for (let seed = first; seed < first + cases; seed++) {
      const one = randomBarriers(new Prng(seed));
      const { compiled } = compileText(one.text, { coordinate: 'auto' });
      const alone = compileText(onOneMachine(one.text)).compiled;
      if (compiled === null || alone === null) continue;
      const replay = `TRELLIS_SEED=${seed} TRELLIS_CASES=1\n${one.text}`;
      const run = (program: typeof alone, count: number) => {
        const prng = new Prng(seed);
        const nodes = nodeNames(count);
        return runSpread(
          program,
          nodes,
          {
            facts: [{ node: null, relation: 'e1', rows: one.given }],
            inputs: one.inputs.map(({ relation, row }) => ({
              node: nodes[prng.int(0, count - 1)]!,
              relation,
              row,
              atMs: null,
            })),
          },
          seed + count,
        );
      };
      const whole = run(alone, 1);
      // Some programs never come to rest.
      if (whole.error !== null) continue;
      for (const count of [1, 2, 3, 5]) {
        const spread = run(compiled, count);
        expect(spread.error, `${count} nodes, ${replay}`).toBeNull();
        expect(shownBy(spread), `${count} nodes, ${replay}`).toEqual(shownBy(whole));
        // With no inputs to come there is one way from epoch to epoch, as there is from timestep to timestep.
        if (one.inputs.length === 0)
          expect(releasedBy(compiled, spread), `${count} nodes, ${replay}`).toEqual(
            releasedBy(alone, whole),
          );
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(2 * cases);
  });
});
