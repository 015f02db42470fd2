/** Reports of deep programs grow with the program, not with the square of its depth. */
import { describe, expect, it } from 'vitest';
import { assembleReport } from '../../../src/report/assemble-report.js';
import type { MonotonicityReport } from '../../../src/report/monotonicity-report.js';
import { renderReportPage } from '../../../src/report/page/render-report-page.js';
import { reportDiagnostics } from '../../../src/report/report-diagnostics.js';
import { reportJson } from '../../../src/report/report-json.js';
import { compileSound } from '../../support/compile-text.js';
import { shapes } from '../../support/large-programs.js';
import { reportErrors } from '../../support/report-schema.js';

const reportOf = (rules: number): MonotonicityReport =>
  assembleReport(compileSound(shapes['deep cone']!(rules)), null);

const trailsOf = (report: MonotonicityReport): unknown =>
  reportDiagnostics(report).map(({ notes, trails = [] }) => [
    notes,
    trails.map((one) => one.length),
  ]);

interface TellsWays {
  readonly observables: readonly {
    readonly relation: string;
    readonly blame: readonly {
      readonly path: readonly string[];
      readonly omitted?: number;
      readonly steps: readonly { readonly role: string }[];
    }[];
  }[];
}

describe('a report of a deep program', () => {
  const small = reportOf(200);
  const large = reportOf(400);

  it('grows no faster than the program', () => {
    const sizes = [small, large].map((report) => [
      JSON.stringify(reportJson(report)).length,
      JSON.stringify(trailsOf(report)).length,
    ]);
    for (const [i, size] of sizes[1]!.entries()) expect(size / sizes[0]![i]!).toBeLessThan(2.3);
  });

  it('tells both ends of a long way, what is to blame, and how much it leaves out', () => {
    const document = reportJson(large);
    expect(reportErrors(document)).toEqual([]);
    const { observables } = document as unknown as TellsWays;
    const blameOf = (name: string) =>
      observables.find(({ relation }) => relation === name)!.blame[0]!;
    const near = blameOf('v3');
    expect(near.path).toEqual(['j', 'b', 's0#1', 's0', 's1', 's2', 's3', 'v3']);
    expect(near.omitted).toBeUndefined();
    const far = blameOf('v150');
    expect(far.path.slice(0, 4)).toEqual(['j', 'b', 's0#1', 's0']);
    expect(far.path.slice(-2)).toEqual(['s150', 'v150']);
    expect(far.path.length + far.omitted!).toBe(155);
    expect(far.steps.map(({ role }) => role)).toContain('blamed');
    expect(far.steps.at(0)!.role).toBe('source');
    expect(far.steps.at(-1)!.role).toBe('observable');
  });

  it('has a page that says so too', () => {
    expect(renderReportPage(large)).toContain('(123 more)');
  });
});
