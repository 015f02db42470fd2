/**
 * The table of diagnostic codes keeps its promises: every code is explained, emitted and tested,
 * every wrong program shows its code, every right one is free of errors.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CodeEntry } from '../../../src/diagnostics/code-entry.js';
import { codeTable, findCode } from '../../../src/diagnostics/code-table.js';
import { hasErrors } from '../../../src/diagnostics/diagnostic.js';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { renderText } from '../../../src/diagnostics/render-text.js';
import { compileText } from '../../support/compile-text.js';
import { startNode } from '../../support/reference-node.js';
import { repositoryRoot } from '../../support/trellis-command.js';

const codePattern = /TRL\d{4}/g;

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(repositoryRoot, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function codesIn(paths: readonly string[]): ReadonlySet<string> {
  return new Set(paths.flatMap((path) => readFileSync(path, 'utf8').match(codePattern) ?? []));
}

const sources = filesBelow('src').filter((path) => path.endsWith('.ts'));
const isTable = (path: string): boolean => path.includes(join('diagnostics', 'codes'));
const emitted = codesIn(sources.filter((path) => !isTable(path)));

/** What the checks say of a program, and if it has no errors what its first timestep says. */
function diagnose(
  text: string,
  { dialect = 'bloom' }: { readonly dialect?: string },
): readonly Diagnostic[] {
  const {
    compiled,
    diagnostics: checked,
    findings,
  } = compileText(text, { coordinate: 'auto' }, `test.${dialect}`);
  const diagnostics = [...checked, ...findings];
  if (compiled === null) return diagnostics;
  const result = startNode(compiled.bare, { maxTuples: 100_000 }).step();
  return result.kind === 'failure' ? [...diagnostics, result.diagnostic] : diagnostics;
}

const withPrograms = codeTable
  .filter(({ wrong }) => wrong !== null)
  .map((entry) => ({ code: entry.code, entry }));

describe('the table of codes', () => {
  it('gives every code once, in ascending order, with a title and an explanation', () => {
    const codes = codeTable.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].sort());
    for (const { code, title, explanation } of codeTable) {
      expect(code).toMatch(/^TRL(0[1-9]|1[0-2])\d\d$/);
      expect(title.trim(), code).not.toBe('');
      expect(title, `${code}: a title is no sentence`).not.toMatch(/\.$/);
      expect(explanation.trim().length, code).toBeGreaterThan(40);
    }
  });

  it('finds a code in either case', () => {
    expect(findCode('trl0401')?.code).toBe('TRL0401');
    expect(findCode('TRL9999')).toBeUndefined();
  });

  it('has a wrong program exactly where it has a right one, and both wherever a text can show the code', () => {
    expect(
      codeTable
        .filter(({ wrong, right }) => (wrong === null) !== (right === null))
        .map(({ code }) => code),
    ).toEqual([]);
    // Those without a program are about the command line's own words, about several files, or about printing.
    const silent = codeTable
      .filter(({ code, wrong }) => code < 'TRL0600' && wrong === null)
      .map(({ code }) => code);
    expect(silent).toEqual([
      'TRL0206',
      'TRL0210',
      'TRL0227',
      'TRL0228',
      'TRL0229',
      'TRL0250',
      'TRL0251',
      'TRL0252',
      'TRL0253',
      'TRL0254',
      'TRL0255',
      'TRL0262',
      'TRL0263',
      'TRL0342',
      'TRL0343',
    ]);
  });

  it.each(withPrograms)(
    '$code: the wrong program gets it',
    ({ entry }: { readonly entry: CodeEntry }) => {
      expect(diagnose(entry.wrong!, entry).map(({ code }) => code)).toContain(entry.code);
    },
  );

  it.each(withPrograms)(
    '$code: the right program has no errors and not this warning',
    ({ entry }: { readonly entry: CodeEntry }) => {
      const diagnostics = diagnose(entry.right!, entry);
      expect(hasErrors(diagnostics), renderText(diagnostics, { color: false })).toBe(false);
      expect(diagnostics.map(({ code }) => code)).not.toContain(entry.code);
    },
  );
});

describe('codes in the source', () => {
  it('are all in the table', () => {
    const known = new Set(codeTable.map(({ code }) => code));
    expect([...emitted].filter((code) => !known.has(code)).sort()).toEqual([]);
  });

  it('leave none of the table out', () => {
    expect(codeTable.map(({ code }) => code).filter((code) => !emitted.has(code))).toEqual([]);
  });

  it('are all mentioned in a test or a golden report', () => {
    // The loops over the table above mention none, so that a code needs a test of its own.
    const tested = codesIn(filesBelow('test').filter((path) => /\.(ts|txt)$/.test(path)));
    expect(codeTable.map(({ code }) => code).filter((code) => !tested.has(code))).toEqual([]);
  });
});
