/**
 * The analysis is set-based: twice the program is about twice the work, whatever its shape. Work is
 * counted, not timed: how often the passes ask for a relation, which all of their inner loops do.
 * (`test/bench/analysis.ts` has the seconds.)
 */
import { describe, expect, it } from 'vitest';
import { analyzeConfluence } from '../../../src/analysis/confluence.js';
import type { ConfluenceReport } from '../../../src/analysis/confluence-report.js';
import type { Relation } from '../../../src/semantics/program.js';
import { compileSound } from '../../support/compile-text.js';
import { shapes } from '../../support/large-programs.js';

class CountedRelations extends Map<string, Relation> {
  asked = 0;

  override get(name: string): Relation | undefined {
    this.asked++;
    return super.get(name);
  }
}

function workOf(text: string): { readonly asked: number; readonly report: ConfluenceReport } {
  const { program } = compileSound(text);
  const relations = new CountedRelations(program.relations);
  const report = analyzeConfluence({ ...program, relations });
  return { asked: relations.asked, report };
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
