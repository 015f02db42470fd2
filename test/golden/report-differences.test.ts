/**
 * What changed between two versions of a program: `report-differences/NAME.old.bloom` and
 * `NAME.new.bloom`, with `NAME.txt` for the two sources, the text and the JSON document.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assembleReport } from '../../src/report/assemble-report.js';
import type { MonotonicityReport } from '../../src/report/monotonicity-report.js';
import { renderDifferenceText } from '../../src/report/render-difference-text.js';
import { differenceJson } from '../../src/report/report-json.js';
import { compileSound } from '../support/compile-text.js';
import { matchGolden } from '../support/golden-file.js';
import { repositoryRoot } from '../support/trellis-command.js';

const folder = join(repositoryRoot, 'test/golden/report-differences');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.old.bloom'))
  .map((file) => file.slice(0, -'.old.bloom'.length));

function reportOf(file: string): { readonly text: string; readonly report: MonotonicityReport } {
  const text = readFileSync(join(folder, file), 'utf8');
  return { text, report: assembleReport(compileSound(text, { coordinate: 'auto' }, file), null, 3) };
}

describe('differences between versions', () => {
  it.each(names)('%s', (name) => {
    const [older, newer] = [reportOf(`${name}.old.bloom`), reportOf(`${name}.new.bloom`)];
    const text = renderDifferenceText(older.report, newer.report, { color: false });
    const json = JSON.stringify(differenceJson(older.report, newer.report), null, 2);
    matchGolden(
      join(folder, `${name}.txt`),
      `OLD\n\n${older.text}\nNEW\n\n${newer.text}\nDIFFERENCE\n\n${text}\nJSON\n\n${json}\n`,
    );
  });

  it('are none between a program and itself, laid out and numbered anew', () => {
    const rule = 'seen(x) :- known(x);';
    const source = `input a(x: int); table known(x: int); output seen(x: int); known(x) :- a(x); ${rule}`;
    const before = assembleReport(compileSound(source), null);
    const after = assembleReport(compileSound(source.replace(rule, `\n\n${rule}\n`)), null);
    expect(renderDifferenceText(before, after, { color: false })).toBe(
      'the analysis finds no difference: the same verdicts, rules and relations\n',
    );
  });
});
