/**
 * The signature of `export function name(...)` in TypeScript or JavaScript text: a scan for
 * brackets, strings and comments, no parser. Types come out as text; what cannot be told is null,
 * and nobody complains about it. Nothing is run.
 */
export interface ScriptSignature {
  readonly parameters: readonly ScriptParameter[];
  /** Null where none is written. */
  readonly result: string | null;
  readonly isAsync: boolean;
}
export interface ScriptParameter {
  readonly type: string | null;
  readonly isOptional: boolean;
  readonly isRest: boolean;
}

/** The signature, or null if the text exports no such function. */
export function readSignature(source: string, name: string): ScriptSignature | null {
  const text = withoutComments(source);
  const pattern = new RegExp(
    `\\bexport\\s+(async\\s+)?function\\s*\\*?\\s*${name}\\s*(?:<[^(]*>)?\\s*\\(`,
  );
  const match = pattern.exec(text);
  if (match === null) return null;
  const open = match.index + match[0].length;
  const close = findEnd(text, open, ')');
  const parameters = splitTop(text.slice(open, close), ',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !/^this\s*:/.test(part))
    .map(readParameter);
  const after = text.slice(close + 1);
  const colon = /^\s*:/.exec(after);
  const result =
    colon === null ? null : after.slice(colon[0].length, findBody(after, colon[0].length)).trim();
  return { parameters, result, isAsync: match[1] !== undefined };
}

function readParameter(part: string): ScriptParameter {
  const isRest = part.startsWith('...');
  const [declared = '', ...initial] = splitTop(part, '=');
  const [name = '', ...types] = splitTop(declared, ':');
  const type = types.length === 0 ? null : types.join(':').trim();
  const isOptional = isRest || initial.length > 0 || name.trim().endsWith('?');
  return { type, isOptional, isRest };
}

const closerByOpener: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };
const closers = new Set(Object.values(closerByOpener));

/** Index of the bracket that closes what is open at `from`. */
function findEnd(text: string, from: number, closer: string): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const unit = text[at]!;
    if (depth === 0 && unit === closer) return at;
    if (isArrow(text, at)) continue;
    if (unit in closerByOpener) depth++;
    else if (closers.has(unit)) depth--;
  }
  return text.length;
}

/** Index of the `{` or `;` that ends a result type; a `{` at its very start belongs to the type. */
function findBody(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const unit = text[at]!;
    const isStart = text.slice(from, at).trim() === '' || /[|&,<(]\s*$/.test(text.slice(from, at));
    if (depth === 0 && (unit === ';' || (unit === '{' && !isStart))) return at;
    if (isArrow(text, at)) continue;
    if (unit in closerByOpener) depth++;
    else if (closers.has(unit)) depth--;
  }
  return text.length;
}

function isArrow(text: string, at: number): boolean {
  return text[at] === '>' && text[at - 1] === '=';
}

function splitTop(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text[at]!;
    if (unit === separator && depth === 0 && !(separator === '=' && text[at + 1] === '>')) {
      parts.push(text.slice(start, at));
      start = at + 1;
    } else if (isArrow(text, at)) continue;
    else if (unit in closerByOpener) depth++;
    else if (closers.has(unit)) depth--;
  }
  return [...parts, text.slice(start)];
}

/** Blanks in place of comments and of what strings hold, so that no bracket in them counts. */
function withoutComments(text: string): string {
  const pattern =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`/g;
  return text.replace(pattern, (found) => (found.startsWith('/') ? ' ' : '""'));
}
