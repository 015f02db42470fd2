/** Questions to the owners of statics that are spread over the cluster: which rules ask, and what it costs. */
import { describe, expect, it } from 'vitest';
import { assembleReport } from '../../../src/report/assemble-report.js';
import { clusterWideJson, clusterWideLines } from '../../../src/report/cluster-wide-words.js';
import type { MonotonicityReport } from '../../../src/report/monotonicity-report.js';
import { compileSound } from '../../support/compile-text.js';

const given = `static deny(k: string) partition by (k); deny("spam"); input ask(id: int, k: string);
  table told(id: int, k: string) partition by (id); output ok(id: int, k: string); output all(id: int, k: string);
  all(id, k) :- told(id, k); `;
const reportOf = (rules: string): MonotonicityReport =>
  assembleReport(compileSound(given + rules), null);

describe('a rule that denies a tuple of a spread static', () => {
  it('asks its owner, where the answer may be shown', () => {
    const report = reportOf('ok(id, k) :- ask(id, k), notin deny(k); told(id, k) :- ask(id, k);');
    expect(report.clusterWide?.lookups).toEqual([
      { rule: 'ok#1', static: 'deny', onTo: null, delays: 1 },
    ]);
    expect(report.observables.find(({ relation }) => relation === 'ok')?.verdict).toBe('confluent');
    expect(clusterWideLines(report).join('')).toContain(
      '`ok#1` asks the owners of `deny` what is not in it: 1 message delay and message a question; waits while the owner is out of reach',
    );
  });

  it('and pays for the way back where what it derives lives elsewhere', () => {
    const report = reportOf('told(id, k) :- ask(id, k), notin deny(k);');
    expect(report.clusterWide?.lookups).toEqual([
      { rule: 'told#1', static: 'deny', onTo: 'told', delays: 2 },
    ]);
    expect(clusterWideJson(report)).toMatchObject({
      clusterWide: {
        lookups: [{ provider: 'owner', delays: 2, messages: 2, messagesPer: 'lookup' }],
      },
    });
  });

  it('asks nobody where it is at the owner already, or denies nothing that is spread', () => {
    const report = reportOf(
      'scratch here(k: string) partition by (k); here(k) :- ask(_, k); static off(k: string); told(id, k) :- ask(id, k), notin off(k); static flag(k: string) partition by (k); view v(k: string); v(k) :- flag(k), notin deny(k);',
    );
    expect(report.clusterWide?.lookups).toEqual([]);
  });
});
