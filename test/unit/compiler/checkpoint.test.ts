/** Both evaluators ask the host whether a timestep may go on, and stop alike when it may not. */
import { describe, expect, it } from 'vitest';
import { evaluatorKinds, makeEvaluatorFactory } from '../../../src/compiler/node-program.js';
import type { Evaluator } from '../../../src/evaluator/evaluator.js';
import { compileSound } from '../../support/compile-text.js';

const text = `table kept(x: int); kept(-1); input go(x: int); scratch n(x: int); view all(x: int);
  n(x) :- go(x); n(x + 1) :- n(x), x < 200000; all(x) :- n(x), x < 3; kept(x)@next :- go(x);`;

function step(evaluator: Evaluator, rows: readonly (readonly number[])[], first = false) {
  const events = rows.length === 0 ? [] : [{ relation: 'go', rows }];
  return evaluator.timestep({ events, nextTuples: [], nowMs: 0, boot: first ? { first } : null });
}

describe.each(evaluatorKinds)('the %s', (kind) => {
  it('stops a timestep when the host says so, and leaves the state as it was', () => {
    const asked: number[] = [];
    const bounds = {
      maxTuples: 1_000_000,
      checkpoint: (inserted: number) => {
        asked.push(inserted);
        return inserted > 100_000 ? 'the host has had enough' : null;
      },
    };
    const factory = makeEvaluatorFactory(compileSound(text), bounds, { kind });
    const evaluator = factory({ name: 'n1', cluster: ['n1'], facts: [] });
    expect(step(evaluator, [], true).kind).toBe('commit');
    const stopped = step(evaluator, [[0]]);
    expect(stopped).toMatchObject({ kind: 'failure', bound: true, isOfHost: true });
    if (stopped.kind === 'commit') return;
    expect(stopped.diagnostic).toMatchObject({ code: 'TRL0808' });
    expect(stopped.diagnostic.message).toMatch(
      /^the host has had enough: n grew by 1\d{5}, to 1\d{5} tuples$/,
    );
    expect(evaluator.query('kept')).toEqual([[-1]]);
    expect(evaluator.query('all')).toEqual([]);
    expect(asked.length).toBeGreaterThan(10);
    expect([...asked].sort((a, b) => a - b)).toEqual(asked);
    expect(step(evaluator, [[199_000]]).kind).toBe('commit');
    expect(evaluator.query('kept')).toEqual([[-1], [199_000]]);
  });
});
