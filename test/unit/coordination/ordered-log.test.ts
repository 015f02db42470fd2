/** Stories of the ordered log, each with the schedule that makes it interesting. */
import { describe, expect, it } from 'vitest';
import {
  startLog,
  stepLog,
  type AcceptedSlot,
  type LogEffect,
  type LogEvent,
  type LogMessageBody,
  type LogState,
} from '../../../src/coordination/ordered-log.js';
import { LogCluster } from './log-cluster.js';

const three = ['a', 'b', 'c'];

/** A group that has decided one entry, so that its members are admitted and `a` leads. */
function warmCluster(members: readonly string[], learners: readonly string[] = []): LogCluster {
  const cluster = new LogCluster({ members, learners });
  cluster.propose('a');
  cluster.run();
  expect(cluster.role('a')).toBe('leader');
  cluster.sentByKind.clear();
  return cluster;
}

function expectAgreement(cluster: LogCluster, names = cluster.names): readonly (string | null)[] {
  const log = cluster.decided(names[0]!);
  for (const name of names) expect(cluster.decided(name), name).toEqual(log);
  return log;
}

/** One node alone, for stories told message by message. */
class Actor {
  state: LogState;

  constructor(self: string, members: readonly string[] = three) {
    this.state = startLog({
      self,
      incarnation: `${self}#1`,
      members,
      nodes: [...members, 'w'],
      timing: { retryMs: 100, catchUpMs: 20 },
    });
  }

  step(event: LogEvent): readonly LogEffect[] {
    const { state, effects } = stepLog(this.state, event);
    this.state = state;
    return effects;
  }

  /** Receives a message and gives what it makes the node send. */
  hear(from: string, body: LogMessageBody): readonly LogMessageBody[] {
    const message = { ...body, incarnation: `${from}#1` };
    return sentIn(this.step({ kind: 'message', from, message }));
  }

  /** Proposes an entry and gets admitted. */
  admit(): void {
    const { self, members } = this.state.configuration;
    const entry = { id: `${self}.1`, sender: self, payload: null };
    this.step({ kind: 'propose', entry });
    for (const member of members) {
      if (member !== self) this.hear(member, { kind: 'joined', registered: `${self}#1` });
    }
  }
}

function sentIn(effects: readonly LogEffect[]): readonly LogMessageBody[] {
  return effects.flatMap((effect) => (effect.kind === 'send' ? [effect.message] : []));
}

function kindsOf(bodies: readonly LogMessageBody[]): readonly string[] {
  return bodies.map(({ kind }) => kind);
}

describe('the steady state', () => {
  it('costs one round to the members and one message to each node', () => {
    const cluster = warmCluster(three, ['w', 'x']);
    cluster.propose('a');
    cluster.run();
    expect(Object.fromEntries(cluster.sentByKind)).toEqual({
      accept: 2,
      accepted: 2,
      decisions: 4,
    });
    cluster.propose('w');
    cluster.run();
    expect(cluster.sentByKind.get('forward')).toBe(1);
    expect(cluster.sent()).toBe(2 * 8 + 1);
    expect(expectAgreement(cluster)).toHaveLength(3);
  });

  it('takes three delays from a proposal at the leader, four from elsewhere', () => {
    const cluster = warmCluster(three);
    const atLeader = cluster.propose('a');
    cluster.runFor(3);
    expect(cluster.decided('c')).toContain(atLeader);
    const elsewhere = cluster.propose('c');
    cluster.runFor(3);
    expect(cluster.decided('c')).not.toContain(elsewhere);
    cluster.runFor(1);
    expect(cluster.decided('c')).toContain(elsewhere);
  });

  it('keeps many slots in flight', () => {
    const cluster = warmCluster(three);
    const ids = Array.from({ length: 50 }, () => cluster.propose('a'));
    expect(Object.fromEntries(cluster.sentByKind)).toEqual({ accept: 100 });
    cluster.runFor(3);
    expect(expectAgreement(cluster).slice(1)).toEqual(ids);
  });

  it('decides at once in a group of one', () => {
    const cluster = new LogCluster({ members: ['a'], learners: ['w'] });
    const id = cluster.propose('a');
    expect(cluster.decided('a')).toEqual([id]);
    cluster.propose('w');
    cluster.run();
    expect(expectAgreement(cluster)).toHaveLength(2);
  });
});

describe('quiescence', () => {
  it('sends nothing and sets no timer for a log that nobody uses', () => {
    const cluster = new LogCluster({ members: three, learners: ['w'] });
    cluster.setLink('a', 'b', false);
    cluster.setLink('a', 'b', true);
    cluster.restart('c');
    cluster.restart('w');
    cluster.run();
    expect(cluster.sent()).toBe(0);
    expect(cluster.armedTimers()).toEqual([]);
  });

  it('is silent again as soon as everything is decided', () => {
    const cluster = warmCluster(three, ['w']);
    cluster.propose('b');
    cluster.runFor(5);
    expect(cluster.armedTimers()).toEqual([]);
    const sent = cluster.sent();
    cluster.runFor(1_000_000);
    expect(cluster.sent()).toBe(sent);
  });

  it('costs a used log one message per member and end when a link comes up', () => {
    const cluster = warmCluster(three, ['w']);
    cluster.setLink('a', 'w', false);
    cluster.run();
    cluster.sentByKind.clear();
    cluster.setLink('a', 'w', true);
    cluster.run();
    expect(Object.fromEntries(cluster.sentByKind)).toEqual({ decisions: 1 });
  });

  it('gives up a join that nothing needs any more', () => {
    const cluster = new LogCluster({ members: three });
    cluster.isolate('c');
    cluster.react('b', {
      kind: 'message',
      from: 'a',
      message: { kind: 'join', incarnation: 'a#1' },
    });
    cluster.run();
    expect(cluster.armedTimers()).toEqual([]);
  });
});

describe('a leader that fails', () => {
  it('is replaced by the next member when somebody waits', () => {
    const cluster = warmCluster(three, ['w']);
    cluster.crash('a');
    cluster.runFor(1_000_000);
    expect(cluster.role('b'), 'nobody suspects it unasked').toBe('follower');
    const id = cluster.propose('w');
    cluster.run();
    expect(cluster.role('b')).toBe('leader');
    expect(expectAgreement(cluster, ['b', 'c', 'w'])).toContain(id);
  });

  it('has its decision kept when it dies before telling anybody', () => {
    const cluster = warmCluster(three, ['w']);
    cluster.drop = ({ message }) => message.kind === 'decisions';
    const id = cluster.propose('a');
    cluster.runFor(3);
    expect(cluster.decided('a')).toContain(id);
    expect(cluster.decided('b')).not.toContain(id);
    cluster.crash('a');
    cluster.drop = () => false;
    cluster.run();
    expect(expectAgreement(cluster, ['b', 'c', 'w'])).toContain(id);
    expect(cluster.armedTimers()).toEqual([]);
  });

  it('has its decision spread when it dies after telling one node', () => {
    const cluster = warmCluster(three, ['w']);
    cluster.drop = ({ message, to }) => to !== 'b' && message.kind === 'decisions';
    const id = cluster.propose('a');
    cluster.runFor(4);
    expect(cluster.decided('b')).toContain(id);
    expect(cluster.decided('w')).not.toContain(id);
    cluster.drop = () => false;
    cluster.crash('a');
    cluster.run();
    expect(expectAgreement(cluster, ['b', 'c', 'w'])).toContain(id);
  });

  it('leaves a gap that its successor fills with a no-op', () => {
    const cluster = warmCluster(three);
    cluster.drop = () => true;
    const lost = cluster.propose('a');
    // Slot 1 reaches nobody; slot 2 reaches b, and its vote is lost.
    cluster.drop = ({ message, to }) => to === 'c' || message.kind === 'accepted';
    const kept = cluster.propose('a');
    cluster.runFor(5);
    cluster.crash('a');
    cluster.drop = () => false;
    cluster.run();
    const log = expectAgreement(cluster, ['b', 'c']);
    expect(log.slice(1)).toEqual([null, kept]);
    expect(log).not.toContain(lost);
  });

  it('steps down when it comes back from behind a partition', () => {
    const cluster = warmCluster(three);
    cluster.isolate('a');
    const stale = cluster.propose('a');
    const fresh = cluster.propose('b');
    cluster.runFor(2_000);
    expect(cluster.decided('b')).toContain(fresh);
    expect(cluster.decided('a')).not.toContain(stale);
    expect(cluster.role('a')).toBe('leader');
    cluster.setLink('a', 'b', true);
    cluster.setLink('a', 'c', true);
    cluster.run();
    expect(cluster.role('a')).toBe('follower');
    expect(expectAgreement(cluster)).toEqual(expect.arrayContaining([stale, fresh]));
  });
});

describe('candidates', () => {
  it('that all start at once settle on one leader', () => {
    const members = ['a', 'b', 'c', 'd', 'e'];
    const cluster = warmCluster(members);
    cluster.crash('a');
    // Nobody hears of the others' entries, so each of the four has to suspect for itself.
    cluster.drop = ({ message }) => message.kind === 'forward';
    const ids = ['b', 'c', 'd', 'e'].map((name) => cluster.propose(name));
    cluster.runFor(4_000);
    cluster.drop = () => false;
    cluster.run();
    const log = expectAgreement(cluster, ['b', 'c', 'd', 'e']);
    expect(log).toEqual(expect.arrayContaining(ids));
    const leaders = ['b', 'c', 'd', 'e'].filter((name) => cluster.role(name) === 'leader');
    expect(leaders).toHaveLength(1);
  });

  it('that duel with delays beyond their timers settle by backing off', () => {
    let tick = 0;
    // Delays of up to 240 ms, against timers that start at 100 ms.
    const delayMs = (): number => 60 + ((tick += 97) % 180);
    const cluster = new LogCluster({ members: three, delayMs });
    const ids = three.map((name) => cluster.propose(name));
    cluster.run();
    expect(expectAgreement(cluster)).toEqual(expect.arrayContaining(ids));
    expect(cluster.armedTimers()).toEqual([]);
  });
});

describe('an unreachable majority', () => {
  it('decides nothing, retries ever more rarely, and decides when it is back', () => {
    const cluster = warmCluster(three);
    cluster.isolate('a');
    const id = cluster.propose('a');
    cluster.runFor(20_000);
    expect(cluster.decided('a')).toHaveLength(1);
    cluster.sentByKind.clear();
    cluster.runFor(32_000);
    // Two accepts at every expiry, which at the cap are 3.2 s apart.
    expect(cluster.sentByKind.get('accept')).toBeLessThanOrEqual(2 * 10);
    expect(cluster.sentByKind.get('accept')).toBeGreaterThanOrEqual(2 * 9);
    cluster.setLink('a', 'b', true);
    cluster.runFor(3);
    expect(cluster.decided('b'), 'the link itself is the prompt').toContain(id);
  });

  it('of an unfinished first registration is decided by when the group is complete once', () => {
    const cluster = new LogCluster({ members: three });
    cluster.isolate('c');
    const id = cluster.propose('a');
    cluster.runFor(60_000);
    expect(cluster.decided('a')).toEqual([]);
    cluster.setLink('a', 'c', true);
    cluster.setLink('b', 'c', true);
    cluster.run();
    expect(expectAgreement(cluster)).toEqual([id]);
  });
});

describe('an entry that is proposed again', () => {
  it('is decided once when it is waiting, in flight or decided already', () => {
    const cluster = warmCluster(three, ['w']);
    const entry = { id: 'w.1.7', sender: 'w', payload: { x: 1 } };
    cluster.proposeEntry('w', entry);
    cluster.proposeEntry('w', entry);
    cluster.proposeEntry('a', entry);
    cluster.run();
    cluster.proposeEntry('w', entry);
    cluster.proposeEntry('a', entry);
    cluster.run();
    expect(expectAgreement(cluster)).toHaveLength(2);
    expect(cluster.armedTimers()).toEqual([]);
  });

  it('is a no-op in the second of two slots', () => {
    // Learner w hears from two leaders, who both chose the entry.
    const entry = { id: 'w.1.0', sender: 'w', payload: null };
    const decisions = {
      kind: 'decisions',
      ballot: { round: 1, member: 'a' },
      from: 0,
      entries: [entry, null, entry],
      next: 3,
      incarnation: 'a#1',
    } as const;
    const { effects } = stepLog(new Actor('w').state, {
      kind: 'message',
      from: 'a',
      message: decisions,
    });
    expect(effects).toEqual([
      { kind: 'decided', slot: 0, entry },
      { kind: 'decided', slot: 1, entry: null },
      { kind: 'decided', slot: 2, entry: null },
    ]);
  });

  it('by a node that missed its decision brings that decision', () => {
    const cluster = warmCluster(three, ['w']);
    cluster.drop = ({ to, message }) => to === 'w' && message.kind === 'decisions';
    const id = cluster.propose('w');
    cluster.runFor(50);
    cluster.drop = () => false;
    expect(cluster.decided('w')).not.toContain(id);
    cluster.runFor(100);
    expect(cluster.decided('w')).toContain(id);
    expect(cluster.armedTimers()).toEqual([]);
  });
});

describe('catching up', () => {
  it('brings a node that was cut off a long log in bounded batches', () => {
    const cluster = warmCluster(three, ['w']);
    cluster.isolate('w');
    for (let count = 0; count < 200; count += 1) cluster.propose('a');
    cluster.run();
    cluster.sentByKind.clear();
    cluster.setLink('b', 'w', true);
    cluster.run();
    expect(expectAgreement(cluster)).toHaveLength(201);
    expect(Object.fromEntries(cluster.sentByKind)).toEqual({ decisions: 5, 'catch-up': 4 });
  });

  it('fills a gap that the next decision shows', () => {
    const cluster = warmCluster(three, ['w']);
    cluster.drop = ({ to }) => to === 'w';
    cluster.propose('a');
    cluster.run();
    cluster.drop = () => false;
    expect(cluster.decided('w')).toHaveLength(1);
    cluster.propose('a');
    cluster.run();
    expect(expectAgreement(cluster)).toHaveLength(3);
  });

  it('asks another member when the first does not answer', () => {
    const cluster = warmCluster(three, ['w']);
    cluster.drop = ({ to, message }) => to === 'w' && message.kind === 'decisions';
    cluster.propose('a');
    cluster.run();
    cluster.drop = ({ from, to, message }) =>
      to === 'w' && from === 'a' && message.kind === 'decisions' && message.from < 2;
    cluster.propose('a');
    cluster.run();
    expect(expectAgreement(cluster)).toHaveLength(3);
  });

  it('teaches a candidate what it had missed before it proposes', () => {
    const cluster = warmCluster(three);
    cluster.isolate('c');
    const ids = Array.from({ length: 100 }, () => cluster.propose('a'));
    cluster.run();
    cluster.drop = ({ from, message }) => from === 'b' && message.kind === 'decisions';
    cluster.setLink('b', 'c', true);
    cluster.crash('a');
    const id = cluster.propose('c');
    cluster.runFor(400);
    cluster.drop = () => false;
    cluster.run();
    const log = expectAgreement(cluster, ['b', 'c']);
    expect(log.slice(1, 101)).toEqual(ids);
    expect(log).toContain(id);
  });
});

describe('a candidate and a leader', () => {
  const five = ['a', 'b', 'c', 'd', 'e'];
  const own = { round: 1, member: 'a' };

  it('propose again what was voted for under the highest ballot', () => {
    const actor = new Actor('c', five);
    actor.hear('b', { kind: 'prepare', ballot: { round: 4, member: 'b' }, next: 0 });
    actor.admit();
    actor.step({ kind: 'timer', id: 'watch' });
    const ballot = { round: 5, member: 'c' };
    const vote = (round: number, id: string): AcceptedSlot => ({
      slot: 0,
      ballot: { round, member: 'a' },
      entry: { id, sender: 'a', payload: null },
    });
    const low = vote(2, 'low');
    const high = vote(3, 'high');
    const before = actor.state;
    for (const [first, second] of [
      [low, high],
      [high, low],
    ] as const) {
      actor.state = before;
      actor.hear('d', { kind: 'promise', ballot, next: 0, accepted: [first] });
      const sent = actor.hear('e', { kind: 'promise', ballot, next: 0, accepted: [second] });
      expect(sent[0]).toMatchObject({ kind: 'accept', slot: 0, ballot, entry: { id: 'high' } });
      expect(sent.at(-1)).toMatchObject({ kind: 'accept', slot: 1, ballot, entry: { id: 'c.1' } });
    }
  });

  it('count no promise and no vote for another ballot than their own', () => {
    const actor = new Actor('a');
    actor.admit();
    const other = { round: 7, member: 'a' };
    const promise = { kind: 'promise', next: 0, accepted: [] } as const;
    expect(actor.hear('b', { ...promise, ballot: other })).toEqual([]);
    expect(kindsOf(actor.hear('b', { ...promise, ballot: own }))).toEqual(['accept', 'accept']);
    expect(actor.hear('b', { kind: 'accepted', ballot: other, slot: 0 })).toEqual([]);
    expect(actor.hear('b', { kind: 'accepted', ballot: own, slot: 5 })).toEqual([]);
    const told = actor.hear('b', { kind: 'accepted', ballot: own, slot: 0 });
    expect(kindsOf(told)).toEqual(['decisions', 'decisions', 'decisions']);
  });

  it('repeat a prepare only to members that have not promised', () => {
    const actor = new Actor('a', five);
    actor.admit();
    actor.hear('b', { kind: 'promise', ballot: own, next: 0, accepted: [] });
    const repeated = actor.step({ kind: 'timer', id: 'watch' });
    const to = repeated.flatMap((effect) => (effect.kind === 'send' ? [effect.to] : []));
    expect(to).toEqual(['c', 'd', 'e']);
    expect(repeated.at(-1)).toEqual({ kind: 'set-timer', id: 'watch', afterMs: 200 });
  });

  it('give way to a higher ballot, and wait for their turn after its owner', () => {
    const actor = new Actor('a');
    actor.admit();
    const promised = { round: 3, member: 'b' };
    const effects = actor.step({
      kind: 'message',
      from: 'c',
      message: { kind: 'refuse', ballot: own, promised, incarnation: 'c#1' },
    });
    // The entry goes to b; c has its turn first.
    expect(kindsOf(sentIn(effects))).toEqual(['forward']);
    expect(effects.at(-1)).toEqual({ kind: 'set-timer', id: 'watch', afterMs: 200 });
    expect(actor.hear('b', { kind: 'promise', ballot: own, next: 0, accepted: [] })).toEqual([]);
  });
});

describe('a member that is not yet admitted', () => {
  const ballot = { round: 1, member: 'a' };

  it('votes for nothing, and answers the prepare that it was sent as soon as it is', () => {
    const actor = new Actor('b');
    const asked = actor.hear('a', { kind: 'prepare', ballot, next: 0 });
    expect(kindsOf(asked)).toEqual(['join', 'join']);
    expect(actor.hear('a', { kind: 'accept', ballot, slot: 0, entry: null })).toEqual([]);
    expect(actor.hear('a', { kind: 'joined', registered: 'b#1' })).toEqual([]);
    const answers = actor.hear('c', { kind: 'joined', registered: 'b#1' });
    expect(kindsOf(answers)).toEqual(['promise']);
  });

  it('asks again over a link that comes up, but not whom has answered', () => {
    const actor = new Actor('b');
    actor.hear('a', { kind: 'prepare', ballot, next: 0 });
    actor.hear('a', { kind: 'joined', registered: 'b#1' });
    const link = { kind: 'link', up: true } as const;
    expect(actor.step({ ...link, peer: 'a' })).toEqual([]);
    expect(kindsOf(sentIn(actor.step({ ...link, peer: 'c' })))).toEqual(['join']);
  });
});

describe('a step', () => {
  it('is a function: the same state and event give the same effects', () => {
    const propose: LogEvent = {
      kind: 'propose',
      entry: { id: 'w.1.0', sender: 'w', payload: null },
    };
    const { state } = new Actor('w');
    const first = stepLog(state, propose);
    expect(stepLog(state, propose)).toEqual(first);
    expect(stepLog(first.state, propose).effects).toEqual([]);
    expect(first.effects.map(({ kind }: LogEffect) => kind)).toEqual(['send', 'set-timer']);
  });

  it('ignores timers that do not run, strangers to the cluster and messages from itself', () => {
    const { state } = new Actor('a');
    const join = { kind: 'join', incarnation: 'z#1' } as const;
    const events: readonly LogEvent[] = [
      { kind: 'timer', id: 'watch' },
      { kind: 'timer', id: 'no such timer' },
      { kind: 'link', peer: 'z', up: true },
      { kind: 'message', from: 'z', message: join },
      { kind: 'message', from: 'a', message: join },
      { kind: 'message', from: 'w', message: join },
    ];
    for (const event of events) expect(stepLog(state, event).effects).toEqual([]);
  });
});
