/** The count of firings at which runs may end. */
import { describe, expect, it } from 'vitest';
import { float, list } from '../../../src/base/value.js';
import { farCountOf, greatestIn } from '../../../src/simulator/far-count.js';
import { subjectOf } from './compiled-subject.js';

const waiting = (period: string, bound: number): string =>
  `periodic beat(${period}); input put(n: int); output o(n: int); table t(n: int); t(n) :- put(n);
   o(n) :- t(n), beat(k, _), k > ${bound};`;

describe('the far count', () => {
  it('is beyond the numbers of the program and of the workload', () => {
    expect(farCountOf(subjectOf(waiting('1s', 5), []))).toBeGreaterThanOrEqual(1000);
    expect(farCountOf(subjectOf(waiting('1s', 7000), []))).toBeGreaterThan(7000);
    const put = [['n1', 'put', [40_000]]] as const;
    expect(farCountOf(subjectOf(waiting('1s', 5), put))).toBeGreaterThan(40_000);
  });

  it('comes at a time that is an int, however long the period', () => {
    const subject = subjectOf(waiting('10000h', 2_000_000), []);
    const [{ periodMs } = { periodMs: 0 }] = subject.program.periodics;
    expect(Number.isSafeInteger(farCountOf(subject) * periodMs)).toBe(true);
  });

  it('counts numbers within values, and none that is not finite', () => {
    expect(greatestIn([list([1, list([9])]), float(10.5), float(Infinity), 'text', -3])).toBe(11);
  });
});
