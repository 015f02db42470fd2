/** Which units a change has reached, in the order in which they run. */
import { expect, it } from 'vitest';
import { ReachedUnits } from '../../../src/engine/reached-units.js';
import { SlotSet } from '../../../src/engine/slot-set.js';

function reachedOf(units: ReachedUnits, count: number): readonly number[] {
  const reached: number[] = [];
  for (let at = units.next(0, count); at < count; at = units.next(at + 1, count)) {
    reached.push(at);
    units.unmark(at);
  }
  return reached;
}

it('gives the readers of what has changed, each once and in order', () => {
  const watched = Array.from({ length: 100 }, (_, unit) => [unit % 7, 7 + unit]);
  const units = new ReachedUnits(watched, 107);
  expect(reachedOf(units, 100)).toHaveLength(100);
  expect(reachedOf(units, 100)).toEqual([]);
  units.touch(6);
  units.touch(7 + 31);
  units.touch(7 + 99);
  const sixes = Array.from({ length: 14 }, (_, i) => 6 + 7 * i);
  expect(reachedOf(units, 100)).toEqual([...sixes, 31, 99].sort((a, b) => a - b));
});

it('looks at a range of them only', () => {
  const units = new ReachedUnits([[0], [0], [0]], 1);
  expect(units.next(1, 2)).toBe(1);
  units.unmark(1);
  expect(units.next(1, 2)).toBe(2);
  expect(units.next(1, 3)).toBe(2);
  expect(units.next(3, 3)).toBe(3);
});

it('keeps slots in order of arrival, and none after it is cleared', () => {
  const slots = new SlotSet(5);
  for (const slot of [3, 1, 3]) slots.add(slot);
  expect([...slots.slots.subarray(0, slots.count)]).toEqual([3, 1]);
  expect([slots.has(1), slots.has(2)]).toEqual([true, false]);
  slots.clear();
  expect([slots.count, slots.has(3)]).toEqual([0, false]);
});
