/**
 * `npm run bench:analysis`: how the time of the confluence analysis grows with the number of rules,
 * for programs of several shapes (`test/support/time-analysis.ts` says what is timed). Milliseconds of
 * processor time, the best of three, and the power of the size with which they grow: 1 is linear.
 * Exits with 1 if 2,000 rules of some shape take a second, or grow with a power beyond 1.6.
 */
import { shapes } from '../support/large-programs.js';
import { timeAnalysis } from '../support/time-analysis.js';

const sizes = [500, 1000, 2000, 4000] as const;
const limit = { rules: 2000, milliseconds: 1000, power: 1.6 };

let isWithin = true;
console.log(['shape', ...sizes.map((size) => `${size} rules`), 'power'].join('\t'));
for (const [name, make] of Object.entries(shapes)) {
  const times = sizes.map((size) => Math.min(...[0, 1, 2].map(() => timeAnalysis(make(size)))));
  const power = Math.log(times.at(-1)! / times[0]!) / Math.log(sizes.at(-1)! / sizes[0]);
  isWithin &&= times[sizes.indexOf(limit.rules as 2000)]! < limit.milliseconds;
  isWithin &&= power < limit.power;
  console.log([name, ...times.map((time) => time.toFixed(0)), power.toFixed(1)].join('\t'));
}
if (!isWithin) process.exitCode = 1;
