import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

import { simulationSubject } from '../../../src/cli/subject.js';
import { compileSource, defaultCompileOptions } from '../../../src/compiler/compile-source.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../../../src/compiler/node-program.js';
import { diskLoader } from '../../../src/files/disk-loader.js';
import { explore } from '../../../src/simulator/explore.js';
import { explorationText } from '../../../src/simulator/format-text.js';
import { standardLibraryUrl } from '../../../src/std/standard-library.js';

const nodes = ['a', 'b', 'c'];

/** The text of twelve simulated runs, with late and repeated batches. */
function simulated(
  text: string,
  rows: readonly (readonly [string, string, ...(string | number)[]])[],
): string {
  const loader = diskLoader(fileURLToPath(standardLibraryUrl));
  const source = { path: 'app.bloom', text };
  const { compiled, diagnostics } = compileSource(
    source,
    { ...defaultCompileOptions, coordinate: 'none' },
    loader,
  );
  if (compiled === null) throw new Error(diagnostics.map((d) => d.message).join('\n'));
  const nodeProgram = makeNodeProgram(compiled, nodes);
  const makeEvaluator = makeEvaluatorFactory(compiled, { maxTuples: 10_000 });
  const inputs = rows.map(([node, relation, ...row]) => ({ node, relation, row, atMs: null }));
  const subject = simulationSubject({
    compiled,
    nodeProgram,
    makeEvaluator,
    nodes,
    workload: { facts: [], inputs },
  });
  const found = explore(subject, {
    maxDelayMs: 120,
    duplicate: 0.3,
    bootJitterMs: 50,
    untilMs: 1500,
    maxTimesteps: 3000,
    runs: 12,
    firstSeed: 1,
    sequential: false,
  });
  return explorationText(found);
}

it('std/delivery delivers each message once, whatever is late or comes twice', () => {
  const text = simulated(
    `import "std/delivery.bloom";
use ReliableDelivery as rd (every = 50ms);
input say(to: addr, id: int, text: string);
output heard(from: addr, text: any);
table times(from: addr, id: int, at: int);
output again(from: addr, id: int);
rd.send(n, i, p) :- say(n, i, p);
heard(f, p) :- rd.delivered(f, _, p);
times(f, i, ms) :- rd.delivered(f, i, _), now(ms);
again(f, i) :- times(f, i, x), times(f, i, y), x < y;
`,
    [
      ['a', 'say', 'b', 1, 'hi'],
      ['a', 'say', 'c', 1, 'ho'],
      ['b', 'say', 'a', 7, 'he'],
    ],
  );
  expect(text).toContain('output heard, ever released: 3 tuples');
  expect(text).toMatch(
    /again, ever released: (?:0 tuples|none|nothing)|output again[^\n]*0 tuples/,
  );
});
