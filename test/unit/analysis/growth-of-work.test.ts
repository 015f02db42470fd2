/**
 * The analysis is set-based: twice the program is about twice the work, whatever its shape. Work is
 * counted, not timed: how often the passes ask for a relation, which all of their inner loops do.
 * (`test/bench/analysis.ts` has the seconds.)
 */
import { describe, expect, it } from 'vitest';
import { analyzeConfluence } from '../../../src/analysis/confluence.js';
import type { ConfluenceReport } from '../../../src/analysis/confluence-report.js';
import { compileSound } from '../../support/compile-text.js';
import { countWork } from '../../support/counted-relations.js';
import { shapes } from '../../support/large-programs.js';

function workOf(text: string): { readonly asked: number; readonly report: ConfluenceReport } {
  const { asked, result } = countWork(compileSound(text).program, (program) =>
    analyzeConfluence(program),
  );
  return { asked, report: result };
}

const longestPath = ({ observables }: ConfluenceReport): number =>
  observables.reduce((sum, { blame }) => sum + blame.reduce((s, b) => s + b.path.length, 0), 0);

describe('the work of the analysis', () => {
  it.each(Object.entries(shapes))('%s: twice the rules, about twice the work', (_, make) => {
    const small = workOf(make(100));
    const large = workOf(make(200));
    expect(small.asked).toBeGreaterThan(100);
    expect(large.asked / small.asked).toBeLessThan(2.6);
  });

  it('blames through a long cone with the whole path, without cycles', () => {
    const { report } = workOf(shapes['deep cone']!(100));
    const last = report.observables.find(({ relation }) => relation === 'v49');
    expect(last?.blame[0]?.path.at(-1)).toBe('v49');
    expect(new Set(last?.blame[0]?.path).size).toBe(last?.blame[0]?.path.length);
    expect(longestPath(report)).toBeGreaterThan(50);
  });
});
