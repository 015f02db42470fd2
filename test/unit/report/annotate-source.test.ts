/** Letters at the source, also of modules: one statement, as many rules as there are instances. */
import { describe, expect, it } from 'vitest';
import { compileSource, defaultCompileOptions } from '../../../src/compiler/compile-source.js';
import { memoryLoader } from '../../../src/compiler/source-loader.js';
import { annotateSource } from '../../../src/report/annotate-source.js';
import type { AnnotatedFile } from '../../../src/report/annotate-source.js';
import { assembleReport } from '../../../src/report/assemble-report.js';
import { renderAnnotatedText } from '../../../src/report/render-annotated-text.js';
import type { MonotonicityReport } from '../../../src/report/monotonicity-report.js';

function reportOf(text: string, files: Readonly<Record<string, string>> = {}): MonotonicityReport {
  const loader = memoryLoader(new Map(Object.entries(files)));
  const { compiled, diagnostics } = compileSource(
    { path: 'app.bloom', text },
    defaultCompileOptions,
    loader,
  );
  expect(diagnostics).toEqual([]);
  return assembleReport(compiled!, null, 3);
}
/** `LETTER LINE: names` of every statement. */
const lettersOf = ({ lines }: AnnotatedFile): readonly string[] =>
  lines.flatMap(({ number, rules }) =>
    rules.map(({ letter, names }) => `${letter} ${number}: ${names.join(', ')}`),
  );

const counter = `module Counter {
  input add(x: int);
  output seen(x: int);
  view total(n: int);
  table kept(x: int);
  kept(x) :- add(x);
  seen(x) :- kept(x);
  total(count<x>) :- kept(x);
}
`;
const app = `import "./counter.bloom";
use Counter as a;
use Counter as b;
input one(x: int);
input two(x: int);
a.add(x) :- one(x);
b.add(x) :- two(x), one(x);
output shown(x: int);
shown(x) :- a.seen(x);
view counts(n: int);
counts(n) :- a.total(n) | b.total(n);
`;

describe('annotated source', () => {
  it('marks rules of modules where they are written, once for all instances', () => {
    const files = annotateSource(reportOf(app, { 'counter.bloom': counter }));
    expect(files.map(({ file }) => file.path)).toEqual(['app.bloom', 'counter.bloom']);
    expect(lettersOf(files[0]!)).toEqual([
      'monotone 6: a.add#1',
      'divergent 7: b.add#1',
      'monotone 9: shown#1',
      'monotone 11: counts#1',
    ]);
    expect(lettersOf(files[1]!)).toEqual([
      'monotone 6: a.kept#1, b.kept#1',
      'monotone 7: a.seen#1, b.seen#1',
      'convergent 8: a.total#1, b.total#1',
    ]);
    expect(files[1]!.lines[7]!.marks).toMatchObject([
      {
        from: 21,
        to: 28,
        letter: 'convergent',
        text: 'shows an aggregate of a set that still grows',
      },
    ]);
  });

  it('says of a monotone rule what it hands on', () => {
    const text = renderAnnotatedText(reportOf(app, { 'counter.bloom': counter }), { color: false });
    expect(text).toContain(
      'counts(n) :- a.total(n) | b.total(n);  · joins: more in, no less out; hands on `b.total`, which is divergent',
    );
    expect(text).toContain(
      '· a map over single events; hands on `b.add`, which is divergent (in `b.kept#1`)',
    );
    expect(text).toContain('7 rules: 5 monotone, 1 convergent, 1 divergent');
  });

  it('counts cells, not code units, and survives odd line ends', () => {
    const report = reportOf(
      'input a(x: string); table t(x: string);\r\nt(x) :- a(x);\rview v(n: int);\n\tv(count<x>) :- /* 漢字 */ t(x);',
    );
    const rows = renderAnnotatedText(report, { color: false }).split('\n');
    const at = rows.findIndex((row) => row.startsWith('C'));
    const cells = (text: string): number =>
      [...text].reduce((sum, c) => sum + (c === '漢' || c === '字' ? 2 : 1), 0);
    const source = rows[at]!;
    expect(rows[at + 1]!.indexOf('^')).toBe(cells(source.slice(0, source.indexOf('t(x);'))));
  });

  it('has nothing to say of a program without rules', () => {
    expect(renderAnnotatedText(reportOf('static s(x: int); s(1);'), { color: false })).toBe(
      'app.bloom has no rules\n',
    );
  });
});
