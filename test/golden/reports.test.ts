/**
 * The monotonicity reports of small programs, word by word. Each `reports/NAME.bloom` has a
 * `NAME.txt` with the source and, below it, the report and the margin view as a terminal without
 * colours shows them: read them as a user would. `TRELLIS_UPDATE=1` rewrites the reports; review
 * the difference.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderAnnotatedText } from '../../src/report/render-annotated-text.js';
import { renderReportText } from '../../src/report/render-report-text.js';
import { matchGolden } from '../support/golden-file.js';
import { reportGolden, reportsFolder } from '../support/report-golden.js';

const names = readdirSync(reportsFolder)
  .filter((file) => file.endsWith('.bloom'))
  .map((file) => file.slice(0, -'.bloom'.length));

describe('golden reports', () => {
  it.each(names)('%s', (name) => {
    const { source, report } = reportGolden(name);
    const text = renderReportText(report, { color: false });
    const margin = renderAnnotatedText(report, { color: false });
    matchGolden(
      join(reportsFolder, `${name}.txt`),
      `SOURCE\n\n${source}\nREPORT\n\n${text}\nMARGIN\n\n${margin}`,
    );
  });

  it('have no report without a program', () => {
    const reports = readdirSync(reportsFolder).filter((file) => file.endsWith('.txt'));
    expect(reports.filter((file) => !names.includes(file.slice(0, -'.txt'.length)))).toEqual([]);
  });
});
