/**
 * `node --import tsx test/bench/analysis.ts`: how the time of the confluence analysis grows with the
 * number of rules, for programs of several shapes, without witness search and after parsing. CPU time,
 * the best of three, in milliseconds, and what doubling the program costs: near 2 is linear.
 */
import { analyzeConfluence } from '../../src/analysis/confluence.js';
import { compileSource, defaultCompileOptions } from '../../src/compiler/compile-source.js';
import { shapes } from '../support/large-programs.js';

const sizes = [250, 500, 1000, 2000, 4000];

function milliseconds(text: string): number {
  const options = { ...defaultCompileOptions, coordinate: 'none' } as const;
  const { compiled } = compileSource({ path: 'bench.bloom', text }, options);
  if (compiled === null) throw new Error('the program compiles');
  const times = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage();
    analyzeConfluence(compiled.program);
    return process.cpuUsage(before).user / 1000;
  });
  return Math.min(...times);
}

console.log(['shape', ...sizes.map((size) => `${size} rules`), 'last doubling'].join('\t'));
for (const [name, make] of Object.entries(shapes)) {
  const times = sizes.map((size) => milliseconds(make(size)));
  const ratio = times.at(-1)! / times.at(-2)!;
  console.log([name, ...times.map((time) => time.toFixed(0)), ratio.toFixed(1)].join('\t'));
}
