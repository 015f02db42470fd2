/**
 * The monotonicity reports of small programs, word by word. Each `reports/NAME.bloom` has a
 * `NAME.txt` with the source and, below it, the report as a terminal without colours shows it:
 * read them as a user would. `TRELLIS_UPDATE=1` rewrites the reports; review the difference.
 * Lines `// nodes: A, B` and `// input: NODE RELATION VALUE...` (values as JSON) give the workload.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/base/value.js';
import { renderReportText } from '../../src/report/render-report-text.js';
import { matchGolden } from '../support/golden-file.js';
import { reportProgram } from '../support/report-program.js';
import { repositoryRoot } from '../support/trellis-command.js';

const folder = join(repositoryRoot, 'test/golden/reports');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.bloom'))
  .map((file) => file.slice(0, -'.bloom'.length));

function textOf(name: string): { readonly source: string; readonly text: string } {
  const source = readFileSync(join(folder, `${name}.bloom`), 'utf8');
  const nodes = /^\/\/ nodes: (.*)$/m.exec(source)![1]!.split(', ');
  const inputs = [...source.matchAll(/^\/\/ input: (\S+) (\S+) (.*)$/gm)].map(
    ([, node, relation, values]) =>
      [node!, relation!, values!.split(' ').map((value) => JSON.parse(value) as Value)] as const,
  );
  const { report } = reportProgram(source, { nodes, inputs, path: `${name}.bloom` });
  return { source, text: renderReportText(report, { color: false, explain: null }) };
}

describe('golden reports', () => {
  it.each(names)('%s', (name) => {
    const { source, text } = textOf(name);
    matchGolden(join(folder, `${name}.txt`), `SOURCE\n\n${source}\nREPORT\n\n${text}`);
  });

  it('have no report without a program', () => {
    const reports = readdirSync(folder).filter((file) => file.endsWith('.txt'));
    expect(reports.filter((file) => !names.includes(file.slice(0, -'.txt'.length)))).toEqual([]);
  });
});
