/** Blame paths as walks through the source. */
import { describe, expect, it } from 'vitest';
import { traceBlame } from '../../../src/analysis/trace-blame.js';
import { compileSound } from '../../support/compile-text.js';
import { seatDesk } from './programs.js';

/** `role: text of the place` of each step of the first blame. */
function walk(source: string): readonly string[] {
  const { program, confluence } = compileSound(source);
  const [blame] = confluence.observables.flatMap((observable) => observable.blame);
  return traceBlame(program, blame!).map(
    ({ role, span }) => `${role}: ${span.file.text.slice(span.start, span.end)}`,
  );
}

describe('traceBlame', () => {
  it('goes from the declaration of the source over every literal to the observable', () => {
    const steps = walk(seatDesk);
    expect(steps[0]).toBe('source: ask');
    expect(steps.filter((step) => step.startsWith('blamed'))).toEqual(['blamed: todo(i, s, _)']);
    expect(steps.at(-1)).toMatch(/^observable: grant/);
  });

  it('is not misled by a label that is called like a relation', () => {
    expect(
      walk(
        'input a(x: int); table kept(x: int); output out(n: int); kept(x) :- a(x); kept: out(count<x>) :- kept(x);',
      ),
    ).toEqual(['source: a', 'passes: a(x)', 'blamed: kept(x)', 'observable: out']);
  });

  it('has a place for a declaration that is to blame', () => {
    const steps = walk('input a(x: int); view v(x: int); v(x) :- a(x);');
    expect(steps.some((step) => step.startsWith('blamed'))).toBe(true);
    expect(steps.at(-1)).toBe('observable: v');
  });
});
