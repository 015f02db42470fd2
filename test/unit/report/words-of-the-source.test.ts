/** Reports of programs with cluster-wide relations speak of what the user wrote, not of what was added. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assembleReport } from '../../../src/report/assemble-report.js';
import type { MonotonicityReport } from '../../../src/report/monotonicity-report.js';
import { blameJson } from '../../../src/report/json-parts.js';
import { confluenceGraph } from '../../../src/report/confluence-graph.js';
import { clusterWideLines } from '../../../src/report/cluster-wide-words.js';
import { renderAnnotatedText } from '../../../src/report/render-annotated-text.js';
import { renderExplanationText } from '../../../src/report/render-explanation-text.js';
import { renderReportPage } from '../../../src/report/page/render-report-page.js';
import { renderReportText } from '../../../src/report/render-report-text.js';
import { reportDiagnostics } from '../../../src/report/report-diagnostics.js';
import { renderConfluenceDot } from '../../../src/viz/confluence-dot.js';
import { compileSound } from '../../support/compile-text.js';
import { repositoryRoot } from '../../support/trellis-command.js';

const folder = join(repositoryRoot, 'test/golden/analysis');
const plain = { color: false };
const spread = `table link(a: int, b: int) partition by (a); table mark(b: int) partition by (b);
  table kept(a: int => n: int) partition by (a); input put(a: int, b: int); input ask(b: int);
  scratch here(a: int, n: int) partition by (a); view shown(a: int, n: int); output met(a: int, b: int);
  output got(a: int, n: int); link(1, 2);
  link(a, b) :- put(a, b); mark(b) :- ask(b); met(a, b) :- link(a, b), mark(b); upsert kept(b, a) :- put(a, b);
  here(a, count<b>) :- link(a, b); shown(a, n) :- here(a, n); got(a, n) :- ask(b), link(a, b), kept(b, n);`;
const programs = readdirSync(folder)
  .filter((name) => name.startsWith('cluster-wide'))
  .map((name) => [name, readFileSync(join(folder, name, 'program.bloom'), 'utf8')] as const);

function wordsOf(report: MonotonicityReport): string {
  const text = renderReportText(report, plain);
  // This part tells what the names in \`compile --emit coordinated\` are.
  const own = clusterWideLines(report).join('');
  return [
    own === '' ? text : text.replace(own.trimEnd(), ''),
    renderAnnotatedText(report, plain),
    JSON.stringify(
      reportDiagnostics(report).map(({ message, notes, help, trails }) => [
        message,
        notes,
        help,
        trails?.map((steps) => steps.map((step) => step.text)),
      ]),
    ),
    JSON.stringify(
      report.observables.map(({ blame }) => blame.map((each) => blameJson(each, report))),
    ),
    ...report.relations.map(({ name }) =>
      report.program.relations.get(name)?.madeFrom === undefined
        ? renderExplanationText(report, name, plain)
        : '',
    ),
  ].join('\n');
}

describe('a report of cluster-wide relations', () => {
  it.each([...programs, ['spread', spread] as const])(
    'of %s names nothing that was made up',
    (_, text) => {
      const report = assembleReport(compileSound(text), null);
      const words = wordsOf(report);
      const madeUp = [...report.program.relations.values()].filter((r) => r.madeFrom !== undefined);
      expect(madeUp.length).toBeGreaterThan(2);
      const named = madeUp.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(words));
      expect(named.map(({ name }) => name)).toEqual([]);
    },
  );

  it.each([...programs, ['spread', spread] as const])(
    'has pictures of %s that name none',
    (_, text) => {
      const report = assembleReport(compileSound(text, { coordinate: 'auto' }), null);
      const graph = confluenceGraph(report);
      const labels = [...renderConfluenceDot(graph).matchAll(/label="((?:[^"\\]|\\.)*)"/g)].map(
        ([, label]) => label!,
      );
      const page = renderReportPage(report);
      const words = [...labels, page].join('\n');
      const madeUp = [...report.program.relations.values()].filter((r) => r.madeFrom !== undefined);
      expect(words).toMatch(/sent to (its owner|one node|every node)/);
      const named = madeUp.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(words));
      expect(named.map(({ name }) => name)).toEqual([]);
    },
  );

  it('begins the way to an epoch at what enters it', () => {
    const text = `input put(a: int); periodic tick(100ms); channel told(@to: addr, a: int);
      table seen(a: int) partition by (a); output total(n: int); output last(n: int);
      seen(a) :- put(a); told(n, a)@async :- cluster(n), seen(a); table heard(a: int) partition by (a);
      heard(a) :- told(_, a) | tick(a, _); total(count<a>) :- heard(a); last(max<a>) :- seen(a);`;
    const compiled = compileSound(text, { coordinate: 'auto' });
    const { observables } = assembleReport(compiled, null);
    const ways = observables.map(({ relation, blame }) => [
      relation,
      blame.map(({ reason, source, stations }) => [reason, source, stations[0]!.name]),
    ]);
    expect(ways).toEqual([
      ['last', [['closes-epoch', 'put', 'put']]],
      [
        'total',
        [
          ['closes-epoch', 'tick', 'tick'],
          ['closes-epoch', 'put', 'put'],
        ],
      ],
    ]);
  });

  it('says how what is to blame travels', () => {
    const report = assembleReport(compileSound(spread), null);
    expect(renderReportText(report, plain)).toContain(
      'kept (sent to its owner by a) -> kept -> got#1',
    );
  });
});
