import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

import { simulationSubject } from '../../../src/cli/subject.js';
import { compileSource, defaultCompileOptions } from '../../../src/compiler/compile-source.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../../../src/compiler/node-program.js';
import { diskLoader } from '../../../src/files/disk-loader.js';
import { explore } from '../../../src/simulator/explore.js';
import { explorationText } from '../../../src/simulator/format-text.js';
import { standardModules } from '../../../src/semantics/standard-modules.js';
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

it('std/multicast brings a message to every member, and the reliable kind once', () => {
  const program = (module: string): string => `import "std/multicast.bloom";
use ${module} as group;
static peer(node: addr);
peer("a");
peer("b");
peer("c");
input say(id: int, text: string);
output heard(from: addr, id: int, text: any);
group.member(n) :- peer(n);
group.send(i, t) :- say(i, t);
heard(f, i, t) :- group.delivered(f, i, t);
table times(from: addr, id: int, at: int);
output again(from: addr, id: int);
times(f, i, ms) :- group.delivered(f, i, _), now(ms);
again(f, i) :- times(f, i, x), times(f, i, y), x < y;
`;
  const rows = [
    ['a', 'say', 1, 'hi'],
    ['b', 'say', 1, 'ho'],
    ['c', 'say', 2, 'he'],
  ] as const;
  // Three messages at each of three members, in every run; some of them twice, as they come.
  const plain = simulated(program('Multicast'), rows);
  expect(plain).toContain('output heard, ever released: the same 9 tuples in every outcome');
  expect(plain).toMatch(/again\("[abc]"/);
  const reliable = simulated(program('ReliableMulticast'), rows);
  expect(reliable).toContain('output heard, ever released: 9 tuples');
  expect(reliable).toMatch(
    /again, ever released: (?:0 tuples|none|nothing)|output again[^\n]*0 tuples/,
  );
});

it('std/quorum counts each member once, whatever comes twice or late', () => {
  const text = simulated(
    `import "std/quorum.bloom";
use Quorum as q (size = 2);
input ballot(subject: string, choice: string);
channel vote(@to: addr, subject: string, choice: string, voter: addr);
vote(n, s, c, me)@async :- ballot(s, c), cluster(n), self(me);
q.vote(s, c, v) :- vote(_, s, c, v);
output won(subject: any, choice: any);
won(s, c) :- q.reached(s, c);
`,
    [
      ['a', 'ballot', 'lunch', 'soup'],
      ['b', 'ballot', 'lunch', 'soup'],
      ['c', 'ballot', 'lunch', 'rice'],
      // The same vote again is no second one.
      ['c', 'ballot', 'lunch', 'rice'],
      ['a', 'ballot', 'dinner', 'rice'],
    ],
  );
  // One outcome: soup won lunch at all three nodes, and nothing else was decided anywhere.
  expect(text).toContain('output won, ever released: 3 tuples');
  expect(text).not.toContain('dinner');
  expect(text).toContain('12 runs (seeds 1 to 12), 1 distinct outcome');
});

it('std modules are known by name and by path, with and without the ending', () => {
  const folder = fileURLToPath(standardLibraryUrl);
  const modules = readdirSync(folder)
    .filter((file) => file.endsWith('.bloom'))
    .flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/^module (\w+) \{$/gm)].map(
        ([, name]) => [name!, `std/${file}`] as const,
      ),
    );
  expect(standardModules).toEqual(new Map(modules));
  const check = (text: string): readonly string[] =>
    compileSource(
      { path: 'app.bloom', text },
      defaultCompileOptions,
      diskLoader(folder),
    ).diagnostics.map(({ code, help }) => `${code} ${help ?? ''}`);
  const use = 'use GSet as s;\nview v(x: int);\nv(1);\n';
  expect(check(`import "std/crdt";\n${use}`)).toEqual([]);
  expect(check(`import "std/crdt.bloom";\n${use}`)).toEqual([]);
  expect(check(use)).toEqual([
    'TRL0220 it is in the standard library: write `import "std/crdt.bloom";`',
  ]);
  // What was not found is told once, and not once more for each module that might have been in it.
  expect(check(`import "std/sets";\n${use}`)).toEqual([
    'TRL0227 it has "std/crdt.bloom", "std/delivery.bloom", "std/multicast.bloom", "std/quorum.bloom"',
  ]);
});
