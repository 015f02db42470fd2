/**
 * A member that has forgotten is not a member.
 *
 * The rule has two ends, and each has tests that fail without it:
 * - the voter's: a member votes only when admitted (`standing` in log-voting.ts). Without it, the
 *   story of five fails: two nodes decide differently for one slot.
 * - the counter's: a vote of any incarnation but the registered one is not counted (`mayVoteAs` in
 *   log-state.ts). Without it, 'a vote of another incarnation' fails.
 *
 * In a group of three every member has registered every other, so either end alone suffices there;
 * without both, the two stories of three fail, and so does the simulation 'crashing, three'.
 */
import { describe, expect, it } from 'vitest';
import {
  countJoined,
  createAdmission,
  registrationQuorum,
} from '../../../src/coordination/admission.js';
import { startLog, stepLog, type LogMessage } from '../../../src/coordination/ordered-log.js';
import { LogCluster } from './log-cluster.js';

const three = ['a', 'b', 'c'];
const five = ['a', 'b', 'c', 'd', 'e'];

describe('the registration quorum', () => {
  it('is all others in a group of three, and more than a majority of them from six on', () => {
    const quorums = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(registrationQuorum);
    expect(quorums).toEqual([0, 1, 2, 2, 3, 4, 5, 5, 6]);
  });

  it('makes two quorums share a member that remembers, whenever a minority forgets', () => {
    for (let members = 2; members <= 50; members += 1) {
      const mayForget = Math.floor((members - 1) / 2);
      // One of those that forget is the member itself, so fewer than mayForget of the shared ones.
      const shared = 2 * registrationQuorum(members) - (members - 1);
      expect(shared).toBeGreaterThanOrEqual(mayForget);
      expect(registrationQuorum(members)).toBeLessThanOrEqual(members - 1);
    }
  });

  it('counts a member once, and only for who has asked', () => {
    const configuration = {
      self: 'a',
      incarnation: 'a#1',
      members: three,
      nodes: three,
      timing: { retryMs: 100, catchUpMs: 20 },
    };
    const unasked = createAdmission(configuration);
    expect(countJoined(unasked, 'b', configuration)).toBe(unasked);
    const asking = { ...unasked, standing: 'asking' } as const;
    const once = countJoined(countJoined(asking, 'b', configuration), 'b', configuration);
    expect(once.standing).toBe('asking');
    expect(countJoined(once, 'c', configuration).standing).toBe('admitted');
  });
});

describe('an acceptor that restarts', () => {
  it('after its vote, does not help to choose a second value (three members)', () => {
    const cluster = new LogCluster({ members: three });
    const first = cluster.propose('a');
    cluster.run();
    // x is chosen by a and b; only a knows.
    cluster.setLink('a', 'c', false);
    cluster.drop = ({ message }) => message.kind === 'decisions';
    const x = cluster.propose('a');
    cluster.runFor(3);
    expect(cluster.decided('a')).toEqual([first, x]);
    cluster.drop = () => false;
    cluster.isolate('a');
    // With the new b, c would have a majority that has never heard of x.
    cluster.restart('b');
    const y = cluster.propose('c');
    cluster.runFor(20_000);
    expect(cluster.decided('c')).toEqual([first]);
    expect(cluster.role('b')).toBe('learner');
    cluster.heal();
    cluster.run();
    for (const name of three) expect(cluster.decided(name)).toEqual([first, x, y]);
  });

  it('between its promise and the accept of an older leader, does not break the promise', () => {
    const cluster = new LogCluster({ members: three });
    const first = cluster.propose('a');
    cluster.run();
    // b promises c a higher ballot than that of a; what c then proposes is held back.
    cluster.isolate('a');
    cluster.drop = ({ message }) => message.kind === 'accept';
    const y = cluster.propose('c');
    cluster.runFor(350);
    expect(cluster.role('c')).toBe('leader');
    // The new b knows nothing of that promise, and a still leads for all that a knows.
    cluster.isolate('c');
    cluster.restart('b');
    cluster.drop = () => false;
    cluster.setLink('a', 'b', true);
    const x = cluster.propose('a');
    cluster.runFor(5_000);
    expect(cluster.decided('a')).toEqual([first]);
    // Now a votes for the higher ballot of c.
    cluster.isolate('a');
    cluster.setLink('a', 'c', true);
    cluster.runFor(20_000);
    cluster.heal();
    cluster.run();
    for (const name of three) expect(cluster.decided(name)).toEqual([first, y, x]);
  });

  it('and of which the candidate has never heard, is stopped by a member that has (five)', () => {
    const cluster = new LogCluster({ members: five });
    // c hears nothing from b, so it registers no incarnation of b; a, d and e do.
    cluster.drop = ({ from, to }) => from === 'b' && to === 'c';
    const first = cluster.propose('a');
    cluster.run();
    // x is chosen by a, b and d; only a knows.
    cluster.drop = ({ message, to }) =>
      message.kind === 'decisions' || (message.kind === 'accept' && 'ce'.includes(to));
    const x = cluster.propose('a');
    cluster.runFor(3);
    expect(cluster.decided('a')).toEqual([first, x]);
    cluster.drop = () => false;
    cluster.isolate('a');
    cluster.isolate('d');
    // c, e and the new b would be a majority that has never heard of x.
    cluster.restart('b');
    const y = cluster.propose('c');
    cluster.runFor(20_000);
    expect(cluster.decided('c')).toEqual([first]);
    expect(cluster.role('b')).toBe('learner');
    cluster.heal();
    cluster.run();
    for (const name of five) expect(cluster.decided(name)).toEqual([first, x, y]);
  });

  it('learns the whole log again, and goes on proposing', () => {
    const cluster = new LogCluster({ members: three });
    for (let count = 0; count < 70; count += 1) cluster.propose('c');
    cluster.run();
    cluster.restart('a');
    cluster.run();
    expect(cluster.decided('a')).toHaveLength(70);
    const id = cluster.propose('a');
    cluster.run();
    expect(cluster.role('a')).toBe('learner');
    for (const name of three) expect(cluster.decided(name)).toContain(id);
  });

  it('leaves a group that has forgotten as a majority blocked, never wrong', () => {
    const cluster = new LogCluster({ members: three });
    cluster.propose('a');
    cluster.run();
    cluster.restart('a');
    cluster.restart('b');
    cluster.propose('c');
    cluster.propose('a');
    cluster.runFor(100_000);
    for (const name of three) expect(cluster.decided(name)).toHaveLength(1);
  });

  it('may start again before anybody has registered it', () => {
    const cluster = new LogCluster({ members: three });
    for (const name of three) cluster.restart(name);
    const id = cluster.propose('b');
    cluster.run();
    for (const name of three) expect(cluster.decided(name)).toEqual([id]);
  });
});

describe('messages of other incarnations', () => {
  /**
   * Feeds messages to one member of three and gives the messages that the last one makes it send.
   */
  function answers(self: string, messages: readonly (readonly [string, LogMessage])[]): unknown[] {
    let state = startLog({
      self,
      incarnation: `${self}#2`,
      members: three,
      nodes: three,
      timing: { retryMs: 100, catchUpMs: 20 },
    });
    const entry = { id: `${self}.1`, sender: self, payload: null };
    let effects = stepLog(state, { kind: 'propose', entry }).effects;
    state = stepLog(state, { kind: 'propose', entry }).state;
    for (const [from, message] of messages) {
      ({ state, effects } = stepLog(state, { kind: 'message', from, message }));
    }
    return effects.flatMap((effect) => (effect.kind === 'send' ? [effect.message.kind] : []));
  }

  const joined = (incarnation: string): LogMessage => ({
    kind: 'joined',
    registered: 'a#2',
    incarnation,
  });
  const promise = (incarnation: string): LogMessage => ({
    kind: 'promise',
    ballot: { round: 1, member: 'a' },
    next: 0,
    accepted: [],
    incarnation,
  });

  it('a joined for an earlier incarnation of this member does not admit it', () => {
    const stale: LogMessage = { kind: 'joined', registered: 'a#1', incarnation: 'c#1' };
    expect(
      answers('a', [
        ['b', joined('b#1')],
        ['c', stale],
      ]),
    ).toEqual([]);
    expect(
      answers('a', [
        ['b', joined('b#1')],
        ['c', joined('c#1')],
      ]),
    ).toEqual(['prepare', 'prepare']);
  });

  it('a stranger for an earlier incarnation of this member does not exclude it', () => {
    const stale: LogMessage = { kind: 'stranger', refused: 'a#1', incarnation: 'c#1' };
    const messages = [
      ['b', joined('b#1')],
      ['c', stale],
      ['c', joined('c#1')],
    ] as const;
    expect(answers('a', messages)).toEqual(['prepare', 'prepare']);
  });

  it('a vote of another incarnation than the registered one is not counted', () => {
    const admitted = [
      ['b', { kind: 'join', incarnation: 'b#1' }],
      ['b', joined('b#1')],
      ['c', joined('c#1')],
    ] as const;
    expect(answers('a', [...admitted, ['b', promise('b#2')]])).toEqual([]);
    expect(answers('a', [...admitted, ['b', promise('b#1')]])).toEqual(['accept', 'accept']);
  });

  it('a join of a second incarnation is answered with stranger', () => {
    const join = (incarnation: string): LogMessage => ({ kind: 'join', incarnation });
    expect(
      answers('a', [
        ['b', join('b#1')],
        ['b', join('b#1')],
      ]),
    ).toEqual(['joined']);
    expect(
      answers('a', [
        ['b', join('b#1')],
        ['b', join('b#2')],
      ]),
    ).toEqual(['stranger']);
  });
});

describe('a group that has never been complete', () => {
  const toldBy = (cluster: LogCluster): readonly string[] =>
    cluster.unregistered.map(
      ({ name, silent, needed }) => `${name}: ${needed} of ${silent.join(' ')}`,
    );

  it('decides nothing, and each member that waits says once for whom', () => {
    const cluster = new LogCluster({ members: three, learners: ['w'] });
    cluster.crash('c');
    cluster.propose('w');
    cluster.propose('a');
    cluster.runFor(500);
    expect(toldBy(cluster)).toEqual([]);
    cluster.runFor(60_000);
    expect(cluster.decided('a')).toEqual([]);
    expect([...toldBy(cluster)].sort()).toEqual(['a: 1 of c', 'b: 1 of c']);
    cluster.restart('c');
    cluster.run();
    expect(cluster.decided('a')).toHaveLength(2);
    expect(cluster.unregistered).toHaveLength(2);
  });

  it('says how many it needs where not all are needed', () => {
    const cluster = new LogCluster({ members: five });
    for (const name of ['c', 'd', 'e']) cluster.crash(name);
    cluster.propose('a');
    cluster.runFor(60_000);
    expect([...toldBy(cluster)].sort()).toEqual(['a: 2 of c d e', 'b: 2 of c d e']);
  });

  it('that is complete in time says nothing', () => {
    const cluster = new LogCluster({ members: three });
    cluster.propose('a');
    cluster.run();
    cluster.crash('c');
    cluster.propose('a');
    cluster.runFor(60_000);
    expect(cluster.decided('a')).toHaveLength(2);
    expect(cluster.unregistered).toEqual([]);
  });
});
