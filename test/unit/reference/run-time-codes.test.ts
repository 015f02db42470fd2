/** Every wrong program of the table fails with its code in the first timestep; every right one commits. */
import { describe, expect, it } from 'vitest';
import { runTimeCodes } from '../../../src/diagnostics/codes/run-time.js';
import { compileSound } from '../../support/compile-text.js';
import { startNode } from '../../support/reference-node.js';

describe.each(runTimeCodes)('$code, $title', ({ code, wrong, right }) => {
  it('is what the wrong program gets', () => {
    const result = startNode(compileSound(wrong!).bare, { maxTuples: 10_000 }).fail();
    expect(result.diagnostic.code).toBe(code);
    expect(result.diagnostic.severity).toBe('error');
    expect(result.diagnostic.help).toBeTypeOf('string');
  });

  it('is not what the right program gets', () => {
    expect(startNode(compileSound(right!).bare, { maxTuples: 10_000 }).step().kind).toBe('commit');
  });
});
