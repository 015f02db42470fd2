/**
 * What the analysis says of the programs of `test/golden/analysis`, which cover the tables of the
 * method row by row. `TRELLIS_UPDATE=1` rewrites the reports; review the difference.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analysisCases, compileCase } from '../support/analysis-case.js';
import { matchGolden } from '../support/golden-file.js';
import { renderAnalysis } from '../support/render-analysis.js';

describe('golden analyses', () => {
  it.each(analysisCases().map((each) => [each.name, each] as const))('%s', (_, each) => {
    const { confluence } = compileCase(each, each.text);
    const report = renderAnalysis(confluence);
    matchGolden(join(each.folder, 'report.txt'), `SOURCE\n\n${each.text}\nREPORT\n\n${report}`);
  });

  it('say first which row they cover, and at which nodes they run', () => {
    for (const { text, nodes, inputs } of analysisCases()) {
      expect(text).toMatch(/^\/\/ (ANALYSIS|COORDINATION) [^\n]+\n\/\/ nodes: [^\n]+\n/);
      for (const [node] of inputs) expect(nodes).toContain(node);
    }
  });
});
