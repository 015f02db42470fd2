/**
 * Fixtures for the checker: a program in which a line of carets below a line of source says what
 * is reported about the text above them:
 *
 *     got(x) :- aks(x);
 *               ^^^ TRL0201 there is no relation `aks`
 *
 * `checkFixture` gives both sides in one form, so that a test is one comparison; nothing may be
 * reported that is not marked. A message may be left out or be a part of the real one.
 */
import { positionAt } from '../../src/base/span.js';
import type { Value } from '../../src/base/value.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { checkModule } from '../../src/semantics/check-module.js';
import { programToModule } from '../../src/semantics/program-to-module.js';
import type { Program } from '../../src/semantics/program.js';
import { parseModule } from '../../src/syntax/parse.js';
import { printModule } from '../../src/syntax/print.js';

interface Mark {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly code: string;
  readonly message: string;
}

export interface Checking {
  readonly program: Program | null;
  readonly diagnostics: readonly Diagnostic[];
}

interface Settings {
  readonly params?: ReadonlyMap<string, Value>;
  readonly observe?: readonly string[];
}

/** Parses and checks a program text. */
export function checkText(text: string, { params, observe }: Settings = {}): Checking {
  const parsed = parseModule({ path: 'test.bloom', text });
  const checked = checkModule(parsed.value, {
    params: params ?? new Map(),
    observe: observe ?? null,
  });
  return { program: checked.value, diagnostics: [...parsed.diagnostics, ...checked.diagnostics] };
}

/** The program of a text without errors; throws what was reported otherwise. */
export function programOf(text: string, settings: Settings = {}): Program {
  const { program, diagnostics } = checkText(text, settings);
  if (program === null)
    throw new Error(
      `the program has errors:\n${diagnostics.map((d) => `${d.code} ${d.message}`).join('\n')}\n${text}`,
    );
  return program;
}

/** The codes reported about a text, errors and warnings, in order. */
export function codesOf(text: string, settings: Settings = {}): readonly string[] {
  return checkText(text, settings).diagnostics.map((d) => d.code);
}

/** The program as the printer shows it. */
export function printed(program: Program): string {
  return printModule(programToModule(program));
}

/** What was reported and what the marks expect, to be compared with `toEqual`. */
export function checkFixture(
  fixture: string,
  settings: Settings = {},
): { readonly actual: readonly string[]; readonly expected: readonly string[] } {
  const { source, marks } = readFixture(fixture);
  const actual = checkText(source, settings).diagnostics.map((d) => markOf(d, source));
  return {
    actual: actual.map((mark) => describe(mark, marks)).sort(),
    expected: marks.map((mark) => describe(mark, [])).sort(),
  };
}

function readFixture(fixture: string): { source: string; marks: readonly Mark[] } {
  const lines: string[] = [];
  const marks: Mark[] = [];
  for (const text of fixture.replace(/^\n/, '').split('\n')) {
    const match = /^( *)(\^+) (TRL\d{4}) ?(.*)$/.exec(text);
    if (match === null) lines.push(text);
    else
      marks.push({
        line: lines.length,
        column: match[1]!.length + 1,
        length: match[2]!.length,
        code: match[3]!,
        message: match[4]!,
      });
  }
  return { source: lines.join('\n'), marks };
}

function markOf({ code, message, primary }: Diagnostic, source: string): Mark {
  if (primary === undefined) return { line: 0, column: 0, length: 0, code, message };
  const { file, start, end } = primary.span;
  const lineEnd = source.indexOf('\n', start);
  return {
    ...positionAt(file, start),
    length: Math.min(end, lineEnd < 0 ? end : lineEnd) - start,
    code,
    message,
  };
}

function describe(mark: Mark, expected: readonly Mark[]): string {
  const twin = expected.find(
    (other) =>
      other.line === mark.line &&
      other.column === mark.column &&
      other.code === mark.code &&
      mark.message.includes(other.message),
  );
  return `${mark.line}:${mark.column} (${mark.length}) ${mark.code} ${twin?.message ?? mark.message}`;
}
