/**
 * Random small programs with a barrier whose few inputs may come in several epochs, so that schedules
 * make a difference: what an epoch found leads to the next one, events meet what is stored, inputs
 * that nothing waits for come in between, and some timesteps fail.
 */
import type { Prng } from '../../src/base/prng.js';
import type { ClusterWideCase } from './random-cluster-wide.js';

export function randomEpochs(prng: Prng): ClusterWideCase {
  const one = <T>(items: readonly T[]): T => items[prng.int(0, items.length - 1)]!;
  const chance = (of: number): boolean => prng.int(0, of - 1) === 0;
  const split = (): string => ` partition by (${one(['a', 'b', 'a, b'])})`;
  const number = (): number => prng.int(0, 2);
  const lines = [
    'input in0(a: int, b: int);',
    'input in1(a: int, b: int);',
    `table e(a: int, b: int)${split()};`,
    `table f(a: int, b: int)${split()};`,
    'e(a, b) :- in0(a, b);',
    chance(4) ? 'f(a, b) :- e(a, b), a < b;' : 'f(b, a) :- in1(a, b);',
    ...(chance(2) ? [`e(${number()}, ${number()});`] : []),
    ...(chance(3) ? ['f(x, z) :- e(x, y), f(y, z);'] : []),
  ];
  const waiting = [
    'got(x, count<y>) :- e(x, y);',
    'got(x, y) :- e(x, y), notin f(y, x);',
    'got(x, y) :- f(x, y), notin e(x, _);',
    'got(count<*>, 0) :- e(_, _), f(_, _);',
    'got(x, 6 / y) :- e(x, y), notin f(y, _);',
  ];
  lines.push(`${one(['output', 'view'])} got(a: int, b: int);`, one(waiting));
  const beside = [
    'table seen(a: int, b: int) partition by (a);\nseen(x, y)@next :- e(x, y), notin f(y, x);\nview kept(a: int, b: int);\nkept(x, y) :- seen(x, y);',
    'delete e(x, y) :- e(x, y), notin f(x, _);',
    'channel told(@to: addr, a: int);\ntold(n, x)@async :- cluster(n), e(x, y), notin f(y, _);\noutput heard(a: int);\nheard(x) :- told(_, x);',
    'channel plain(@to: addr, a: int);\nplain(n, x)@async :- cluster(n), in1(x, _);\noutput said(a: int);\nsaid(6 / x) :- plain(_, x);',
    'output asked(a: int, b: int);\nasked(x, y) :- in1(x, _), got(x, y);',
    'table last(a: int => b: int) partition by (a);\nupsert last(x, max<y>) :- e(x, y), notin f(x, y);\nview top(a: int, b: int);\ntop(x, y) :- last(x, y);',
  ];
  for (let i = prng.int(0, 2); i > 0; i--) {
    const part = one(beside);
    if (!lines.includes(part)) lines.push(part);
  }
  const inputs = Array.from({ length: 2 }, () => ({
    relation: one(['in0', 'in0', 'in1']),
    row: [number(), number()],
  }));
  return { text: `${lines.join('\n')}\n`, inputs, given: [] };
}
