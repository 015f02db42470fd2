/**
 * A node that lives long: each timestep puts strings that were never seen before into a few keys of
 * tables, with views over them, and what was there goes. What it holds stays the same in size, so
 * the memory that it takes has to.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { compileSource, defaultCompileOptions } from '../../src/compiler/compile-source.js';
import { makeEvaluatorFactory } from '../../src/compiler/node-program.js';

const text = `input put(k: int, v: string); input said(line: string);
  table kv(k: int => v: string); upsert kv(k, v) :- put(k, v);
  table log(line: string); log(line) :- said(line); delete log(line) :- log(line), notin said(line);
  view content(k: int, v: string); content(k, v ++ "!") :- kv(k, v);
  view by_ten(g: int, n: int); by_ten(k / 10, count<v>) :- kv(k, v);
  output heard(line: string); heard(line) :- said(line);
  scratch near(x: int, y: int); near(x, y) :- kv(x, a), kv(y, a), x < y;`;
const keys = 1000;

/** Bytes in use at some point of a run. */
export interface SoakSample {
  readonly timesteps: number;
  readonly heapBytes: number;
  /** Outside the heap: what relations are kept in. */
  readonly arrayBytes: number;
}

/** Runs so many timesteps and looks at the memory `samples` times, evenly spread. */
export function soak(
  timesteps: number,
  samples: number,
  onSample: (sample: SoakSample) => void,
): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const { compiled } = compileSource({ path: 'soak.bloom', text }, defaultCompileOptions);
  if (compiled === null) throw new Error('the program compiles');
  const factory = makeEvaluatorFactory(compiled, { maxTuples: 1_000_000 }, { kind: 'engine' });
  const evaluator = factory({ name: 'n1', cluster: ['n1'], facts: [] });
  const every = Math.floor(timesteps / samples);
  for (let t = 0; t < every * samples; t++) {
    const result = evaluator.timestep({
      events: [
        { relation: 'put', rows: [[(t * 7919) % keys, `${t % 10} value of timestep ${t}`]] },
        { relation: 'said', rows: [[`line ${t}, which nobody has said before`]] },
      ],
      nextTuples: [],
      nowMs: t,
      boot: t === 0 ? { first: true } : null,
    });
    if (result.kind === 'failure') throw new Error(result.diagnostic.message);
    if ((t + 1) % every !== 0) continue;
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    onSample({ timesteps: t + 1, heapBytes: heapUsed, arrayBytes: arrayBuffers });
  }
}
