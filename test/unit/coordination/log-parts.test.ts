/** The small parts of the ordered log, each by its own law: ballots, acceptor, learner. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accept,
  dropVote,
  emptyAcceptor,
  promise,
  votesFrom,
} from '../../../src/coordination/acceptor.js';
import {
  emptyLearner,
  isBehind,
  learn,
  learnedCount,
  nextSlot,
  release,
  slice,
  type Learner,
} from '../../../src/coordination/learner.js';
import {
  backoffMs,
  ballotAbove,
  compareBallots,
  majorityOf,
  turnAfter,
} from '../../../src/coordination/log-ballots.js';

const anyBallot = fc.record({
  round: fc.integer({ min: 1, max: 3 }),
  member: fc.constantFrom('a', 'b', 'c'),
});

describe('ballots', () => {
  it('are totally ordered, null first', () => {
    fc.assert(
      fc.property(anyBallot, anyBallot, anyBallot, (x, y, z) => {
        expect(Math.sign(compareBallots(x, y))).toBe(0 - Math.sign(compareBallots(y, x)));
        expect(compareBallots(x, y) === 0).toBe(x.round === y.round && x.member === y.member);
        if (compareBallots(x, y) <= 0 && compareBallots(y, z) <= 0) {
          expect(compareBallots(x, z)).toBeLessThanOrEqual(0);
        }
        expect(compareBallots(null, x)).toBeLessThan(0);
        expect(compareBallots(ballotAbove(x, 'a'), x)).toBeGreaterThan(0);
      }),
    );
    expect(compareBallots(null, null)).toBe(0);
    expect(ballotAbove(null, 'b')).toEqual({ round: 1, member: 'b' });
  });

  it('are decided by majorities that intersect', () => {
    expect([1, 2, 3, 4, 5].map(majorityOf)).toEqual([1, 2, 2, 3, 3]);
  });

  it('give each member its turn, the leader last', () => {
    const members = ['a', 'b', 'c'];
    expect(members.map((member) => turnAfter(members, 'b', member))).toEqual([1, 2, 0]);
    expect(turnAfter(['a'], 'a', 'a')).toBe(0);
  });

  it('back off by doubling up to a cap', () => {
    expect([0, 1, 2, 5, 6, 100].map((attempts) => backoffMs(10, attempts))).toEqual([
      10, 20, 40, 320, 320, 320,
    ]);
  });
});

describe('an acceptor', () => {
  const low = { round: 1, member: 'a' };
  const high = { round: 1, member: 'b' };

  it('keeps its promise in both phases', () => {
    const promised = promise(emptyAcceptor, high)!;
    expect(promise(promised, low)).toBeNull();
    expect(accept(promised, low, 0, null)).toBeNull();
    expect(promise(promised, high)).not.toBeNull();
    expect(accept(promised, high, 0, null)).not.toBeNull();
  });

  it('promises by voting, and keeps the vote of the highest ballot', () => {
    const entry = { id: 'x', sender: 'a', payload: null };
    const once = accept(emptyAcceptor, low, 4, entry)!;
    const twice = accept(once, high, 4, null)!;
    expect(twice.promised).toEqual(high);
    expect(votesFrom(twice, 0)).toEqual([{ slot: 4, ballot: high, entry: null }]);
    expect(votesFrom(accept(twice, high, 2, entry)!, 3)).toHaveLength(1);
    expect(votesFrom(dropVote(twice, 4), 0)).toEqual([]);
  });
});

describe('a learner', () => {
  const contents = ['p', 'q', null, 'p', 'r', null, 'q'].map((id) =>
    id === null ? null : { id, sender: 'a', payload: id },
  );

  function drain(start: Learner): { learner: Learner; released: (string | null)[] } {
    let learner = start;
    const released: (string | null)[] = [];
    for (let next = release(learner); next !== null; next = release(learner)) {
      learner = next.learner;
      released.push(next.released.entry?.id ?? null);
    }
    return { learner, released };
  }

  it('releases the same sequence, whatever the order and the repetitions of what it hears', () => {
    const slots = fc.array(fc.nat({ max: contents.length - 1 }), { maxLength: 30 });
    fc.assert(
      fc.property(slots, (heard) => {
        let learner = emptyLearner;
        const released: (string | null)[] = [];
        for (const slot of [...heard, ...contents.keys()]) {
          const step = drain(learn(learner, slot, contents[slot]!));
          learner = step.learner;
          released.push(...step.released);
        }
        expect(released).toEqual(['p', 'q', null, null, 'r', null, null]);
        expect(slice(learner, 0, 99)).toEqual(contents);
        expect(isBehind(learner)).toBe(false);
      }),
    );
  });

  it('knows that it is behind while a gap is open', () => {
    const learner = learn(emptyLearner, 1, null);
    expect(isBehind(learner)).toBe(true);
    expect([nextSlot(learner), learnedCount(learner)]).toEqual([0, 1]);
    expect(release(learner)).toBeNull();
    expect(slice(drain(learn(learner, 0, null)).learner, 1, 1)).toEqual([null]);
  });
});
