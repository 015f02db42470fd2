import { describe, expect, it } from 'vitest';
import { nameCodes } from '../../../src/diagnostics/codes/names.js';
import { safetyCodes } from '../../../src/diagnostics/codes/safety.js';
import { schemaCodes } from '../../../src/diagnostics/codes/schema.js';
import { stratumCodes } from '../../../src/diagnostics/codes/strata.js';
import { checkText, codesOf } from '../../support/check-fixture.js';

const entries = [...nameCodes, ...schemaCodes, ...safetyCodes, ...stratumCodes];
/** Codes that only settings from outside can cause. */
const fromOutside = new Map([
  ['TRL0206', { params: new Map([['retires', 1]]) }],
  ['TRL0210', { observe: ['nothing'] }],
]);

describe.each(entries)('$code $title', ({ code, wrong, right }) => {
  it('is what its wrong program gets, and nothing else', () => {
    const settings = fromOutside.get(code);
    expect(wrong === null).toBe(settings !== undefined);
    const codes = wrong === null ? codesOf('', settings) : codesOf(wrong);
    expect([...new Set(codes)]).toEqual([code]);
  });

  it('comes with help', () => {
    const { diagnostics } = checkText(wrong ?? '', fromOutside.get(code));
    expect(diagnostics.every((d) => d.help !== undefined && d.help !== '')).toBe(true);
  });

  it.skipIf(right === null)('is not what its right program gets', () => {
    expect(codesOf(right ?? '')).toEqual([]);
  });
});
