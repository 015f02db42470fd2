/**
 * What the compiler says of wrong programs, word by word. Each `diagnostics/NAME.bloom` (or `.ded`)
 * has a `NAME.txt` with the source and, below it, the report as a terminal without colours shows it:
 * read them as a user would. `TRELLIS_UPDATE=1` rewrites the reports; review the difference.
 * What the programs import lies in `diagnostics/files`, TypeScript as
 * `.ts.txt`, for no tool takes it for code of this project.
 * First lines `// set: NAME=VALUE` and `// observe: REL` stand for those options.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileSource, defaultCompileOptions } from '../../src/compiler/compile-source.js';
import { memoryLoader } from '../../src/compiler/source-loader.js';
import { codeTable } from '../../src/diagnostics/code-table.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { renderText } from '../../src/diagnostics/render-text.js';
import { matchGolden } from '../support/golden-file.js';
import { repositoryRoot } from '../support/trellis-command.js';

const folder = join(repositoryRoot, 'test/golden/diagnostics');
const programs = readdirSync(folder).filter((file) => /\.(bloom|ded)$/.test(file));
const nameOf = (file: string): string => file.replace(/\.\w+$/, '');
const loader = memoryLoader(
  new Map(
    readdirSync(join(folder, 'files')).map((file) => [
      file.replace(/\.txt$/, ''),
      readFileSync(join(folder, 'files', file), 'utf8'),
    ]),
  ),
);

function diagnose(file: string): { readonly source: string; readonly diagnostics: readonly Diagnostic[] } {
  const source = readFileSync(join(folder, file), 'utf8');
  const option = (word: string): readonly string[] => [...source.matchAll(new RegExp(`^// ${word}: (.*)$`, 'gm'))].map((match) => match[1]!);
  const params = new Map(option('set').map((setting) => [setting.split('=')[0]!, setting.split('=')[1]!]));
  const observe = option('observe').flatMap((text) => text.split(/, */));
  const { diagnostics, findings } = compileSource({ path: file, text: source }, { ...defaultCompileOptions, params, observe: observe.length === 0 ? null : observe }, loader);
  return { source, diagnostics: [...diagnostics, ...findings] };
}

describe('golden diagnostics', () => {
  it.each(programs)('%s', (file) => {
    const { source, diagnostics } = diagnose(file);
    const report = renderText(diagnostics, { color: false });
    matchGolden(join(folder, `${nameOf(file)}.txt`), `SOURCE\n\n${source}\nREPORT\n\n${report}`);
  });

  it('show every code that a program text can get from `check`', () => {
    const shown = new Set(programs.flatMap((file) => diagnose(file).diagnostics.map(({ code }) => code)));
    // A file that is not text is shown in no text file; how it is refused is tested with other bad input.
    // Lattices from TypeScript come with an embedding program, and are tested with it.
    // What cannot be said in the Dedalus dialect is found by `compile --dialect ded`.
    const elsewhere = ['TRL0101', 'TRL0262', 'TRL0263', 'TRL0342', 'TRL0343'];
    const expected = codeTable.map(({ code }) => code).filter((code) => code < 'TRL0700' && !elsewhere.includes(code));
    expect(expected.filter((code) => !shown.has(code))).toEqual([]);
  });

  it('have no report without a program', () => {
    const reports = readdirSync(folder).filter((file) => file.endsWith('.txt'));
    expect(reports.filter((file) => !programs.map(nameOf).includes(nameOf(file)))).toEqual([]);
  });
});
