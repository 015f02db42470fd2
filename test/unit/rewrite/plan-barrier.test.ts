/** What an agreement on epochs settles, and what it does not. */
import { describe, expect, it } from 'vitest';
import type { CoordinationPlan } from '../../../src/rewrite/coordination-plan.js';
import { compileSound } from '../../support/compile-text.js';

function planOf(held: string): CoordinationPlan {
  const text = `input put(k: int, v: int); periodic beat(100ms);
    table item(k: int, v: int) partition by (k); table held(k: int) partition by (k);
    output total(n: int); item(k, v) :- put(k, v); ${held} total(count<k>) :- held(k);`;
  return compileSound(text, { coordinate: 'auto' }).plan;
}

describe('the plan of a barrier', () => {
  it('meets what waits for it all the way', () => {
    const { points, unmet } = planOf('held(k) :- item(k, _), notin item(k, 0);');
    expect(points.map(({ relation }) => relation)).toEqual(['total']);
    expect(unmet).toEqual([]);
  });

  it('names the rule that does not wait, because an event triggers it', () => {
    const { points, unmet } = planOf('held(k) :- item(k, _), beat(_, _), notin item(k, 0);');
    expect(points).toEqual([]);
    expect(unmet).toMatchObject([{ relation: 'total', mechanism: { kind: 'cut', on: 'beat' } }]);
    expect(unmet[0]!.reason).toBe(
      'agreement on epochs is not enough, `held#1` does not wait for it: keeps what was true of a set that was not complete',
    );
  });
});
