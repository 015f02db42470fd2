/**
 * The sources of Trellis as the tidy tests see them: every TypeScript file of src/ and grammar/,
 * with comments blanked and the content of literals set aside, so that a pattern searched in the
 * code never matches prose, and a line number in the code is a line number in the file.
 * A scanner of its own, because the compiler in use has no programming interface.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface SourceText {
  /** Path from the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  readonly specifier: string;
  /** What the import leaves at run time: nothing (`type`), or a dependency (`value`). */
  readonly kind: 'type' | 'value' | 'dynamic';
  /** From 1. */
  readonly line: number;
}

/** The files of `folders`, in order of their paths; a folder that does not exist has none. */
export function sourceFiles(folders: readonly string[] = ['grammar', 'src']): SourceText[] {
  const paths = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && folders.includes(entry.name))
    .flatMap((folder) =>
      readdirSync(root + folder.name, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts'))
        .map((path) => `${folder.name}/${path.replaceAll('\\', '/')}`),
    );
  return paths.sort().map((path) => ({ path, text: readFileSync(root + path, 'utf8') }));
}

export interface Code {
  /** As long as the source and with its line breaks; comments are spaces, quoted strings are `"0"`. */
  readonly code: string;
  /** The content of the quoted string that begins at an offset of the code. */
  readonly stringByOffset: ReadonlyMap<number, string>;
}

/** One alternative per thing in which quotes and slashes mean something else. */
const token = new RegExp(
  [
    String.raw`(?<comment>\/\/[^\n]*|\/\*[^]*?\*\/)`,
    String.raw`(?<string>"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*')`,
    String.raw`(?<regex>(?<=!|(?:[=(,:;&|?{\[]|=>|\breturn|\bcase)\s*)\/(?![*/])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*)`,
    String.raw`(?<open>[\x60{])`,
    String.raw`(?<close>})`,
  ].join('|'),
  'gm',
);

/** Where a template literal's text, begun at `from`, stops: after its end, or after a `${`. */
function templateEnd(text: string, from: number): { end: number; hole: boolean } {
  const stop = /\\[^]|\$\{|`/g;
  stop.lastIndex = from;
  for (let match = stop.exec(text); match !== null; match = stop.exec(text)) {
    if (!match[0].startsWith('\\')) return { end: stop.lastIndex, hole: match[0] === '${' };
  }
  return { end: text.length, hole: false };
}

const blank = (text: string): string => text.replaceAll(/[^\n]/g, ' ');

export function codeOf(text: string): Code {
  const stringByOffset = new Map<number, string>();
  const braces: ('block' | 'hole')[] = [];
  let code = '';
  const copyTo = (end: number): void => void (code += text.slice(code.length, end));
  const blankTo = (end: number): void => void (code += blank(text.slice(code.length, end)));
  const skipTemplate = (from: number): void => {
    const { end, hole } = templateEnd(text, from);
    blankTo(end);
    if (hole) braces.push('hole');
  };

  const scan = new RegExp(token);
  for (let match = scan.exec(text); match !== null; match = scan.exec(text)) {
    copyTo(match.index);
    const { comment, string, regex, open, close } = match.groups ?? {};
    if (comment !== undefined || regex !== undefined) blankTo(scan.lastIndex);
    else if (string !== undefined) {
      stringByOffset.set(match.index, string.slice(1, -1));
      code += `"${blank(string.slice(1, -1))}"`;
    } else if (open === '`') skipTemplate(scan.lastIndex);
    else if (open === '{') braces.push('block');
    else if (close !== undefined && braces.pop() === 'hole') skipTemplate(scan.lastIndex);
    copyTo(Math.max(code.length, scan.lastIndex));
    scan.lastIndex = code.length;
  }
  copyTo(text.length);
  return { code, stringByOffset };
}

const staticImport =
  /\b(?:import|export)\b(?<type>\s+type\b(?!\s*(?:,|from\b|=)))?(?:[\s\w$,*{}]*?\bfrom)?\s*(?=")/g;
const dynamicImport = /\bimport\s*\(\s*(?=")/g;

export function importsOf(text: string): Import[] {
  const { code, stringByOffset } = codeOf(text);
  const found: Import[] = [];
  const add = (match: RegExpExecArray, kind: Import['kind']): void => {
    const specifier = stringByOffset.get(match.index + match[0].length);
    if (specifier === undefined) return;
    found.push({ specifier, kind, line: lineAt(code, match.index) });
  };
  for (const match of code.matchAll(staticImport)) {
    add(match, match.groups?.['type'] === undefined ? 'value' : 'type');
  }
  for (const match of code.matchAll(dynamicImport)) add(match, 'dynamic');
  return found;
}

/** The line, from 1, in which `offset` lies. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
