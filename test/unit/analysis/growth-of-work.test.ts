/**
 * The analysis is set-based: twice the program is about twice the work, whatever its shape. Work is
 * counted, not timed: how often the passes, and all that a report says of their results, ask for a
 * relation, which their inner loops do. What goes on between two such questions is timed, at the size
 * that the analysis promises a time for. (`npm run bench:analysis` has the curves.)
 */
import { describe, expect, it } from 'vitest';
import type { MonotonicityReport } from '../../../src/report/monotonicity-report.js';
import { compileSound } from '../../support/compile-text.js';
import { countWork } from '../../support/counted-relations.js';
import { shapes } from '../../support/large-programs.js';
import { reportOn, timeAnalysis } from '../../support/time-analysis.js';

function workOf(text: string): { readonly asked: number; readonly report: MonotonicityReport } {
  const { asked, result } = countWork(compileSound(text).program, reportOn);
  return { asked, report: result };
}

const longestPath = ({ observables }: MonotonicityReport): number =>
  observables.reduce((sum, { blame }) => sum + blame.reduce((s, b) => s + b.path.length, 0), 0);

describe('the work of the analysis', () => {
  it.each(Object.entries(shapes))('%s: twice the rules, about twice the work', (name, make) => {
    // What bodies imply is followed to a depth that fewer layers do not reach.
    const rules = name === 'dense layers' ? 400 : 200;
    const small = workOf(make(rules));
    const large = workOf(make(2 * rules));
    expect(small.asked).toBeGreaterThan(100);
    expect(large.asked / small.asked).toBeLessThan(2.6);
  });

  it.each([
    'latched chain',
    'wide hub',
    'shared ring',
    'many updates of a table',
    'modules in modules',
  ])('%s: 2,000 rules in less than a second', (name) => {
    const text = shapes[name]!(2000);
    // On a machine that does other things too, the first try may take longer.
    expect([0, 1, 2].some(() => timeAnalysis(text) < 1000)).toBe(true);
  });

  it('blames through a long cone with the whole path, without cycles', () => {
    const { report } = workOf(shapes['deep cone']!(100));
    const last = report.observables.find(({ relation }) => relation === 'v49');
    expect(last?.blame[0]?.path.at(-1)).toBe('v49');
    expect(new Set(last?.blame[0]?.path).size).toBe(last?.blame[0]?.path.length);
    expect(longestPath(report)).toBeGreaterThan(50);
  });
});
