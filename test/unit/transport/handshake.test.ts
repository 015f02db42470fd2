/** Who talks to whom, and which of two connections stays. */
import { describe, expect, it } from 'vitest';
import type { Introduction } from '../../../src/transport/frames.js';
import { isBetter, judge } from '../../../src/transport/handshake.js';
import type { Self } from '../../../src/transport/handshake.js';

const program = { language: 'l', program: 'p', params: 'q', coordination: 'c' };
const self: Self = { node: 'a', incarnation: 'a1', program, cluster: ['a', 'b', 'c'] };
const other = (change: Partial<Introduction> = {}): Introduction => ({
  v: 1,
  program,
  node: 'b',
  to: 'a',
  incarnation: 'b1',
  lastSeq: 0,
  lastOf: null,
  ...change,
});

describe('an introduction', () => {
  it('of a node of the cluster with the same program is fine', () => {
    expect(judge(self, other(), null)).toBeNull();
    expect(judge(self, other(), 'b')).toBeNull();
  });

  it.each([
    ['my own name', { node: 'a' }, null, { reason: 'same-name', detail: 'a' }],
    [
      'another name than the one dialled',
      { node: 'c' },
      'b',
      { reason: 'wrong-node', detail: 'c' },
    ],
    ['another name for me', { to: 'c' }, null, { reason: 'wrong-node', detail: 'a' }],
    ['a name outside the cluster', { node: 'z' }, null, { reason: 'unknown-node', detail: 'z' }],
    [
      'another program and params',
      { program: { ...program, program: 'P', params: 'Q' } },
      'b',
      { reason: 'fingerprint', detail: 'program, params' },
    ],
  ] as const)('with %s is refused', (_, change, expected, refusal) => {
    expect(judge(self, other(change), expected)).toEqual(refusal);
  });
});

describe('of two connections', () => {
  it('the one that the lesser name dialled stays, whichever came first', () => {
    const byA = { dialledBy: 'a', incarnation: 'x' };
    const byB = { dialledBy: 'b', incarnation: 'x' };
    expect(isBetter(byA, byB)).toBe(true);
    expect(isBetter(byB, byA)).toBe(false);
  });

  it('the newer of one dialler, or of a new process, stays', () => {
    const old = { dialledBy: 'a', incarnation: 'x' };
    expect(isBetter({ ...old }, old)).toBe(true);
    expect(isBetter({ dialledBy: 'b', incarnation: 'y' }, old)).toBe(true);
  });
});
