/** What becomes of `@next` tuples when their timestep fails: only the culprits are left out. */
import { describe, expect, it } from 'vitest';
import { createReferenceEvaluator } from '../../../src/reference/reference-evaluator.js';
import type { RelationRows } from '../../../src/evaluator/evaluator.js';
import { splitNextTuples } from '../../../src/node/split-next-tuples.js';
import { Timesteps } from '../../../src/node/timesteps.js';
import { compileSound } from '../../support/compile-text.js';

const numbers = (...values: number[]): RelationRows[] => [
  { relation: 'n', rows: values.map((value) => [value]) },
];
const sizeOf = (content: readonly RelationRows[]): number =>
  content.reduce((sum, { rows }) => sum + rows.length, 0);

describe('splitNextTuples', () => {
  it.each([
    [[1], [], [1]],
    [[1, 2, 3, 4, 5, 6, 7], [1, 2, 4, 5, 6, 7], [3]],
    [[3, 30, 300], [], [3, 30, 300]],
    [
      [1, 3, 2, 30],
      [1, 2],
      [3, 30],
    ],
  ])('of %j takes %j and leaves %j', (all, taken, left) => {
    const wouldCommit = (content: readonly RelationRows[]): boolean =>
      content.every(({ rows }) =>
        rows.every(([n]) => typeof n === 'number' && !`${n}`.startsWith('3')),
      );
    const split = splitNextTuples(numbers(...all), wouldCommit);
    expect(split.taken).toEqual(taken.length === 0 ? [] : numbers(...taken));
    expect(split.left).toEqual(left.length === 0 ? [] : numbers(...left));
  });

  it('takes the first of two that exclude each other', () => {
    const split = splitNextTuples(numbers(1, 2, 3), (content) => sizeOf(content) <= 1);
    expect(split).toEqual({ taken: numbers(1), left: numbers(2, 3) });
  });
});

describe('a timestep whose @next tuples fail', () => {
  it('goes on with the innocent ones', () => {
    const { program } = compileSound(`
      input   poke(x: int);
      scratch tick(n: int);
      scratch bad(x: int);
      view    seen(n: int);
      tick(1)@next :- boot(_);
      tick(n + 1)@next :- tick(n), n < 4;
      bad(x)@next :- poke(x);
      seen(10 / x) :- bad(x);
      seen(n) :- tick(n);`);
    const identity = { name: 'a', cluster: ['a'], facts: [] };
    const evaluator = createReferenceEvaluator(program, identity, { maxTuples: 1000 });
    const rejected: unknown[] = [];
    const timesteps = new Timesteps(evaluator, {
      committed: () => {},
      failedTogether: () => {},
      failedAlone: (_, part) => rejected.push(part),
      stoppedByHost: () => {},
      cannotBoot: () => {},
    });
    const poke = { content: [{ relation: 'poke', rows: [[0]] }] };
    timesteps.boot(true);
    timesteps.run([{ origin: { kind: 'input' }, ...poke } as never], 0);
    timesteps.run([], 1);
    expect(rejected).toEqual([{ kind: 'next', content: [{ relation: 'bad', rows: [[0]] }] }]);
    expect(evaluator.query('seen')).toEqual([[1]]);
    timesteps.run([], 2);
    expect(evaluator.query('seen')).toEqual([[2]]);
  });
});
