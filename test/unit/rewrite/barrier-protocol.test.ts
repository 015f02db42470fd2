/**
 * The rules by which nodes find out that everything is worked off, at the node that leads them: what it
 * makes of reports that come at different times, twice, late, or from processes that have lost something.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Row } from '../../../src/base/value.js';
import { protocolNames, protocolText } from '../../../src/rewrite/barrier-protocol.js';
import { programOf, startNode, texts, type TestNode } from '../../support/reference-node.js';

const names = protocolNames([]);
const program = programOf(protocolText(names, 0));

/** One node's report: its step and round, and how much it has sent, received and holds back. */
type Report = readonly [
  from: string,
  step: number,
  round: number,
  sent: number,
  received: number,
  held?: number,
  spoilt?: boolean,
];

describe('the node that leads', () => {
  let node: TestNode;
  beforeEach(() => {
    node = startNode(program, { name: 'a', cluster: ['a', 'b', 'c'] });
    settle();
  });

  /** What it says to `b` until it is quiet. */
  function settle(events: Readonly<Record<string, readonly Row[]>> = {}): string[] {
    const said: string[] = [];
    for (let input = events, turns = 0; turns < 8; input = {}, turns++)
      said.push(...texts(node.commit(input).sends).filter((text) => text.includes('("b"')));
    return said;
  }

  function hear(...reports: readonly Report[]): string[] {
    return settle({
      barrier_report: reports.map(
        ([from, step, round, sent, received, held = 0, spoilt = false]) => [
          'a',
          from,
          step,
          round,
          sent,
          received,
          held,
          0,
          spoilt,
        ],
      ),
    });
  }

  it('asks again once all have told and the counts add up', () => {
    expect(hear(['a', 0, 0, 1, 0], ['b', 0, 0, 0, 1])).toEqual([]);
    expect(hear(['c', 0, 0, 1, 0])).toEqual([]);
    expect(hear(['b', 0, 0, 0, 2])).toEqual(['barrier_probe("b", 0, 1)']);
  });

  it('goes on when all answer what they had told', () => {
    hear(['a', 0, 0, 1, 0], ['b', 0, 0, 0, 1], ['c', 0, 0, 0, 0]);
    expect(hear(['a', 0, 1, 1, 0], ['c', 0, 1, 0, 0])).toEqual([]);
    expect(hear(['b', 0, 1, 0, 1])).toEqual(['barrier_pass("b", 1)']);
  });

  it('does not go on when counts add up that were never there at one time', () => {
    hear(['a', 0, 0, 1, 0], ['b', 0, 0, 0, 1], ['c', 0, 0, 1, 1]);
    // `b` has answered before it took one more message and sent another, which `a` has taken.
    expect(hear(['a', 0, 1, 1, 1], ['b', 0, 1, 0, 1], ['c', 0, 1, 2, 1])).toEqual([
      'barrier_probe("b", 0, 2)',
    ]);
  });

  it('is not misled by what comes again, or late', () => {
    hear(['a', 0, 0, 0, 0], ['b', 0, 0, 0, 0], ['c', 0, 0, 0, 0]);
    expect(hear(['a', 0, 0, 0, 0], ['b', 0, 0, 0, 0], ['c', 0, 0, 0, 0])).toEqual([]);
    expect(hear(['a', 0, 1, 0, 0], ['b', 0, 1, 0, 0], ['c', 0, 1, 0, 0])).toEqual([
      'barrier_pass("b", 1)',
    ]);
    expect(hear(['b', 0, 1, 0, 0], ['c', 0, 0, 0, 0])).toEqual([]);
  });

  it('never goes on once a count is spoilt', () => {
    hear(['a', 0, 0, 0, 0], ['b', 0, 0, 0, 0, 0, true], ['c', 0, 0, 0, 0]);
    expect(hear(['a', 0, 1, 0, 0], ['b', 0, 1, 0, 0], ['c', 0, 1, 0, 0])).toEqual([]);
  });

  it('opens the next epoch when one is over and somebody waits for it', () => {
    const all = (step: number, round: number, held: number): Report[] =>
      ['a', 'b', 'c'].map((name) => [name, step, round, 0, 0, name === 'b' ? held : 0]);
    hear(...all(0, 0, 0));
    expect(hear(...all(0, 1, 0))).toEqual(['barrier_pass("b", 1)']);
    hear(...all(1, 0, 0));
    // The epoch is over.
    expect(hear(...all(1, 1, 0))).toEqual([]);
    expect(hear(['b', 1, 1, 0, 0, 1])).toEqual(['barrier_open("b", 2, true)']);
  });
});

describe('every node', () => {
  it('goes from its step to the next one only, and once', () => {
    const node = startNode(program, { name: 'b', cluster: ['a', 'b'] });
    node.commit();
    const go = (relation: string, step: number): string[] => {
      const row = relation === 'barrier_open' ? ['b', step, true] : ['b', step];
      node.commit({ [relation]: [row] });
      const fired = node.query('barrier_done');
      node.commit();
      return fired;
    };
    expect(go('barrier_open', 2)).toEqual([]);
    expect(go('barrier_pass', 1)).toEqual(['barrier_done()']);
    expect(go('barrier_pass', 1)).toEqual([]);
    expect(go('barrier_open', 2)).toEqual([]);
    expect(go('barrier_pass', 1)).toEqual([]);
    expect(node.query('barrier_step')).toEqual(['barrier_step(0, 2)']);
  });
});

describe('names', () => {
  it('are none that the program has', () => {
    expect(protocolNames(['barrier_step', 'barrier2_x']).prefix).toBe('barrier3');
    expect(protocolNames(['barrier']).prefix).toBe('barrier');
  });
});
