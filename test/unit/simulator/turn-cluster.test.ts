/** A cluster moved by turns: what waits, what a turn takes, and how a run ends. */
import { describe, expect, it } from 'vitest';
import { playTurns } from '../../../src/simulator/play-turns.js';
import type { SimulationSubject } from '../../../src/simulator/outcome.js';
import { TurnCluster } from '../../../src/simulator/turn-cluster.js';
import { subjectOf } from './compiled-subject.js';

const relay = `
input say(x: int); static peer(n: addr); peer("n2");
channel c(@to: addr, x: int); table heard(x: int); output got(x: int);
c(n, x)@async :- say(x), peer(n);
heard(x) :- c(_, x);
got(x) :- c(_, x);
`;
const [first, second] = [
  ['n1', 'say', [1]],
  ['n1', 'say', [2]],
] as const;

describe('a turn', () => {
  it('takes what it picks and leaves the rest waiting', () => {
    const cluster = new TurnCluster(subjectOf(relay, [first, second]));
    expect(cluster.isRestless('n1')).toBe(true);
    expect(cluster.play('n1', [])).toMatchObject({ number: 1, picks: [], sent: [] });
    const turn = cluster.play('n1', [{ kind: 'input', index: 1 }])!;
    expect(turn.taken).toEqual([[{ relation: 'say', rows: [[2]] }]]);
    expect(turn.sent).toEqual([
      { to: 'n2', nth: 1, content: [{ relation: 'c', rows: [['n2', 2]] }] },
    ]);
    expect(cluster.waiting('n1').map(({ pick }) => pick)).toEqual([{ kind: 'input', index: 0 }]);
    expect(cluster.waiting('n2').map(({ pick }) => pick)).toEqual([
      { kind: 'message', from: 'n1', nth: 1, again: false },
    ]);
  });

  it('that does nothing is none, and a pick that is not there is passed over', () => {
    const cluster = new TurnCluster(subjectOf(relay, [first]));
    expect(cluster.play('n1', [])).not.toBeNull();
    expect(cluster.play('n1', [])).toBeNull();
    expect(cluster.play('n1', [{ kind: 'input', index: 7 }])).toBeNull();
    expect(cluster.play('n1', [{ kind: 'message', from: 'n2', nth: 1, again: true }])).toBeNull();
  });

  it('may give a message a second time, as a batch of its own that the program sees', () => {
    const cluster = new TurnCluster(subjectOf(relay, [first]));
    cluster.play('n1', [{ kind: 'input', index: 0 }]);
    const message = { kind: 'message', from: 'n1', nth: 1, again: false } as const;
    cluster.play('n2', [message]);
    const again = cluster.play('n2', [{ ...message, again: true }])!;
    expect(again.shown).toMatchObject([{ relation: 'got', added: [[1]] }]);
    expect(cluster.outcome(true).ever.get('got')).toEqual([['n2', 1]]);
  });

  it('loses its picks when it fails, as a node does', () => {
    const failing = `input i(x: int); output o(x: int); o(1 / x) :- i(x);`;
    const subject = subjectOf(failing, [
      ['n1', 'i', [0]],
      ['n1', 'i', [1]],
    ]);
    const { outcome, turns } = playTurns(subject, []);
    expect(turns.flatMap(({ failures }) => failures).length).toBeGreaterThan(0);
    expect(outcome.ever.get('o')).toEqual([['n1', 1]]);
    expect(outcome.error).toContain('TRL');
  });
});

describe('a run by turns', () => {
  it('goes on in the plainest way after what is written', () => {
    const subject = subjectOf(relay, [first, second]);
    const plain = playTurns(subject, []);
    expect(plain.quiescent).toBe(true);
    expect(plain.turns.map(({ node }) => node)).toEqual(['n1', 'n2', 'n1', 'n2', 'n2']);
    const written = playTurns(subject, [{ node: 'n1', picks: [{ kind: 'input', index: 1 }] }]);
    expect(written.outcome.ever.get('got')).toEqual(plain.outcome.ever.get('got'));
    expect(written.turns[0]!.picks).toEqual([{ kind: 'input', index: 1 }]);
  });

  it('ends with periodics once a round of firings changes nothing', () => {
    const waiting = `periodic tick(50ms); input i(x: int); table t(x: int); output o(x: int);
      t(x) :- i(x); o(x) :- t(x), tick(_, _);`;
    const run = playTurns(subjectOf(waiting, [['n2', 'i', [3]]]), []);
    expect(run.quiescent).toBe(true);
    expect(run.outcome.ever.get('o')).toEqual([['n2', 3]]);
    const counting = `periodic tick(50ms); view v(n: int); table t(k: int => n: int); t(0, 0);
      upsert t(k, n + 1) :- t(k, n), tick(_, _); v(n) :- t(_, n);`;
    const { quiescent, early } = playTurns(subjectOf(counting, []), []);
    expect([quiescent, early?.get('v')?.length]).toEqual([false, 2 * 21]);
  });

  it('may miss firings, for which a later one stands', () => {
    const counted = `periodic tick(50ms); output o(n: int); o(n) :- tick(n, _);`;
    const cluster = new TurnCluster(subjectOf(counted, []));
    cluster.play('n1', []);
    const late = { kind: 'timer', relation: 'tick', missed: 2 } as const;
    expect(cluster.play('n1', [late])!.shown).toMatchObject([{ relation: 'o', added: [[3]] }]);
    const next = cluster.play('n1', [{ ...late, missed: 0 }])!;
    expect(next.shown).toMatchObject([{ relation: 'o', added: [[4]] }]);
  });

  it('stops a cluster that is never at rest', () => {
    const restless: SimulationSubject = subjectOf(
      `view v(n: int); table t(k: int => n: int); t(0, 0); upsert t(k, n + 1) :- t(k, n); v(n) :- t(_, n);`,
      [],
    );
    const cut = playTurns(restless, [], { turns: 50, rounds: 3 });
    expect([cut.quiescent, cut.early]).toEqual([false, null]);
  });
});
