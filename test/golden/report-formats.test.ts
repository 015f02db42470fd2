/**
 * The reports of some golden programs in every other format: `report-formats/NAME.EXT`. SARIF is
 * held against its official schema, the JSON document against the one that lies beside its renderer.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { version } from '../../src/base/version.js';
import { codeTable } from '../../src/diagnostics/code-table.js';
import { renderSarif } from '../../src/diagnostics/render-sarif.js';
import { confluenceGraph } from '../../src/report/confluence-graph.js';
import { pageScript, pageScriptDigest } from '../../src/report/page/page-script.js';
import { pageStyle } from '../../src/report/page/page-style.js';
import { renderReportPage } from '../../src/report/page/render-report-page.js';
import { renderExplanationText } from '../../src/report/render-explanation-text.js';
import { reportDiagnostics } from '../../src/report/report-diagnostics.js';
import { reportJson } from '../../src/report/report-json.js';
import { renderConfluenceDot } from '../../src/viz/confluence-dot.js';
import { matchGolden } from '../support/golden-file.js';
import { reportGolden } from '../support/report-golden.js';
import { reportErrors } from '../support/report-schema.js';
import { sarifErrors } from '../support/sarif-schema.js';
import { repositoryRoot } from '../support/trellis-command.js';

const folder = join(repositoryRoot, 'test/golden/report-formats');
const pretty = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;

describe.each(['first-come', 'gossip', 'one-owner', 'running-total', 'letters'])('%s', (name) => {
  const { report } = reportGolden(name);
  const match = (ending: string, text: string): void =>
    matchGolden(join(folder, `${name}.${ending}`), text);

  it('as JSON', () => {
    const document: unknown = JSON.parse(JSON.stringify(reportJson(report, report.observables[0]!.relation)));
    expect(reportErrors(document)).toEqual([]);
    expect(reportErrors({ ...(document as object), observables: [{}] })).not.toEqual([]);
    match('json', pretty(document));
  });

  it('as SARIF', () => {
    const log = renderSarif(reportDiagnostics(report), codeTable);
    expect(sarifErrors(log)).toEqual([]);
    match('sarif', pretty(log));
  });

  it('as DOT', () => {
    match('dot', renderConfluenceDot(confluenceGraph(report)));
  });

  it('as HTML, less style and script', () => {
    const page = renderReportPage(report)
      .replace(pageStyle, '...')
      .replace(pageScript, '...')
      .replace(pageScriptDigest, '...')
      .replace(version, 'VERSION')
      .replaceAll(/(?=<(?:tr|section|g|div|li|script|svg|header|main)\b)/g, '\n');
    match('html', page);
  });

  it('with an explanation of each observable', () => {
    const texts = report.observables.map(({ relation }) =>
      renderExplanationText(report, relation, { color: false }),
    );
    match('explained.txt', texts.join('\n----\n\n'));
  });
});
