/** What goes to a peer at a time, of what is kept for it. */
import { expect, it } from 'vitest';
import { DurableOutbox } from '../../../src/node/durable-outbox.js';
import type { LaneBounds } from '../../../src/node/durable-outbox.js';
import type { StoredState } from '../../../src/node/storage.js';
import { rows } from './bench-node.js';

const bounds: LaneBounds = { mostFrames: 3, mostLength: 1000, longestFrame: 4000 };

/** Batches of these lengths for b, and what is due over a new link. */
function outboxOf(lengths: readonly number[], stored: StoredState | null = null) {
  const outbox = new DurableOutbox(stored, 'i2', bounds);
  for (const [i, length] of lengths.entries())
    outbox.post('b', i, rows('msg', ['b', 'x'.repeat(length)]));
  outbox.linkUp('b', 'b1');
  outbox.open('b');
  return outbox;
}

const dueOf = (outbox: DurableOutbox) =>
  outbox.due('b').map(({ origin, first, seq }) => `${origin} ${seq} from ${first}`);

it('is so many frames, and goes on as they are applied', () => {
  const outbox = outboxOf([1, 1, 1, 1, 1]);
  expect(dueOf(outbox)).toEqual(['i2 1 from 1', 'i2 2 from 1', 'i2 3 from 1']);
  expect(dueOf(outbox)).toEqual([]);
  expect(outbox.settle('b', 'i2', [1, 3, 3, 9])).toEqual([1, 3]);
  expect(dueOf(outbox)).toEqual(['i2 4 from 2', 'i2 5 from 2']);
  expect(outbox.countFor('b')).toBe(3);
});

it('is few large batches, and one that nobody can take holds up no other', () => {
  const outbox = outboxOf([1, 5000, 400, 400, 400, 1]);
  expect(dueOf(outbox)).toEqual(['i2 1 from 1', 'i2 2 from 1', 'i2 3 from 1', 'i2 4 from 1']);
  outbox.settle('b', 'i2', [1, 3]);
  expect(dueOf(outbox)).toEqual(['i2 5 from 2', 'i2 6 from 2']);
});

it('is a large batch by itself', () => {
  const outbox = outboxOf([3000, 1]);
  expect(dueOf(outbox)).toEqual(['i2 1 from 1']);
  outbox.settle('b', 'i2', [1]);
  expect(dueOf(outbox)).toEqual(['i2 2 from 2']);
});

it('begins with what earlier processes have left, under their numbers', () => {
  const frame = (origin: string, seq: number) => ({
    peer: 'b',
    origin,
    seq,
    timestep: 1,
    batch: rows('msg', ['b', seq]),
  });
  const lane = (origin: string, nth: number, lastSeq: number) => ({
    peer: 'b',
    origin,
    nth,
    lastSeq,
  });
  const outbox = outboxOf([1], {
    origin: 'i1',
    relations: [],
    lanes: [lane('z', 1, 7), lane('i1', 2, 9)],
    frames: [frame('z', 7), frame('i1', 8)],
    answers: [{ peer: 'b', applied: 5 }],
    receipts: [],
  });
  expect(dueOf(outbox)).toEqual(['z 7 from 7', 'i1 8 from 8', 'i2 1 from 1']);
  expect(['z', 'i1', 'i2', 'y'].map((origin) => outbox.hasSent('b', { origin, seq: 1 }))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(outbox.hasSent('b', { origin: 'i1', seq: 10 })).toBe(false);
  expect(outbox.appliedBy('b')).toBe(5);
});

it('knows how much the peer has applied: what one process says only grows, another may say less', () => {
  const outbox = outboxOf([]);
  expect([7, 9, 8].map((count) => outbox.answered('b', count))).toEqual([7, 9, 9]);
  outbox.linkUp('b', 'b1');
  expect(outbox.answered('b', 8)).toBe(9);
  outbox.linkUp('b', 'b2');
  expect(outbox.answered('b', 2)).toBe(2);
});
