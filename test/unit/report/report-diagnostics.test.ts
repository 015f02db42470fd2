/** The findings of a report as diagnostics, for SARIF. */
import { describe, expect, it } from 'vitest';
import { assembleReport } from '../../../src/report/assemble-report.js';
import { reportDiagnostics } from '../../../src/report/report-diagnostics.js';
import { compileSound } from '../../support/compile-text.js';

const source = `input put(k: int, v: int);
table kv(k: int => v: int);
view one(k: int, v: int);
view two(v: int);
kv(k, v) :- put(k, v);
one(k, v) :- kv(k, v);
two(v) :- kv(_, v);
`;

describe('the diagnostics of a report', () => {
  it('tell a key that may be taken twice once, and each observable that suffers by it', () => {
    const found = reportDiagnostics(assembleReport(compileSound(source), null));
    expect(found.map(({ code, particulars }) => [code, particulars?.['observable']])).toEqual([
      ['TRL0604', 'one'],
      ['TRL0601', 'one'],
      ['TRL0604', 'two'],
    ]);
  });
});
