/**
 * Rule order, body order and arrival order within a timestep never change a result: random
 * programs run over random events, as they are and with everything in another order.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Prng } from '../../src/base/prng.js';
import type { Commit, Failure } from '../../src/evaluator/evaluator.js';
import {
  programText,
  randomEvents,
  randomProgram,
  reordered,
  shuffled,
} from '../support/random-programs.js';
import { startNode } from '../support/reference-node.js';

const cases = process.env['TRELLIS_NIGHTLY'] === '1' ? 20_000 : 200;
const relations = ['e', 't', 'k', 'n', 'a', 'b', 'c', 'd', 'f', 'h', 'o', 'v'];

function outcome(result: Commit | Failure): unknown {
  return result.kind === 'failure' ? { failure: result.diagnostic.code } : result;
}

/** All that can be seen of a run. */
function observe(
  text: string,
  timesteps: readonly (readonly (readonly [number, number])[])[],
): unknown {
  const node = startNode(text, { maxTuples: 10_000 });
  return [[], ...timesteps].map((rows) => {
    const result = outcome(node.step({ i: rows }));
    return { result, content: relations.map((name) => node.query(name)) };
  });
}

it('gives one result for every order of rules, bodies and events', () => {
  fc.assert(
    fc.property(randomProgram, randomEvents, fc.nat(), (program, events, seed) => {
      const prng = new Prng(seed);
      const random = (): number => prng.next();
      const again = reordered(program, random);
      const otherEvents = events.map((rows) => shuffled(rows, random));
      expect(observe(programText(again), otherEvents)).toEqual(
        observe(programText(program), events),
      );
    }),
    { numRuns: cases },
  );
});

it('is repeated exactly by the same node and by a restored one', () => {
  fc.assert(
    fc.property(randomProgram, randomEvents, randomEvents, (program, events, others) => {
      const node = startNode(programText(program), { maxTuples: 10_000 });
      node.step({ i: events[0]! });
      const snapshot = node.evaluator.snapshot();
      const input = {
        events: [{ relation: 'i', rows: others[0]! }],
        nextTuples: [],
        nowMs: 7,
        boot: null,
      };
      const first = node.evaluator.timestep(input);
      for (const rows of others) node.step({ i: rows });
      node.evaluator.restore(snapshot);
      expect(node.evaluator.timestep(input)).toEqual(first);
    }),
    { numRuns: cases / 4 },
  );
});

it('meets programs that commit, that fail and that change tables', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(randomProgram, randomEvents, (program, events) => {
      const node = startNode(programText(program), { maxTuples: 10_000 });
      for (const rows of [[], ...events]) {
        const result = node.step({ i: rows });
        if (result.kind === 'failure') seen.add(result.diagnostic.code);
        else if (result.stateChanged && result.released.length > 0)
          seen.add('changed and released');
        else seen.add('committed');
      }
    }),
    { numRuns: 200, seed: 1 },
  );
  expect([...seen].sort()).toEqual(
    expect.arrayContaining(['TRL0801', 'TRL0807', 'changed and released', 'committed']),
  );
});
