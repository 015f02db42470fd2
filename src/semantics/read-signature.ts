/**
 * The signature of what TypeScript or JavaScript text exports under a name, in the usual forms:
 * `export function f(...)`, `export const f = (...) => ...` or `= function ...`, and a function that
 * an `export { f }` names. A scan for brackets, strings and comments, no parser. Types come out as text;
 * what cannot be told is null, and nobody complains about it. Nothing is run.
 */
export interface ScriptSignature {
  /** Null where the text does not show them: a value computed, or taken from another file. */
  readonly parameters: readonly ScriptParameter[] | null;
  /** Null where none is written. */
  readonly result: string | null;
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
}
export interface ScriptParameter {
  readonly type: string | null;
  readonly isOptional: boolean;
  readonly isRest: boolean;
}

const hidden: ScriptSignature = {
  parameters: null,
  result: null,
  isAsync: false,
  isGenerator: false,
};
const typeParameters = '(?:<[^(]*>\\s*)?';

/** The signature, or null if the text exports no such function. */
export function readSignature(source: string, name: string): ScriptSignature | null {
  const text = withoutComments(source);
  const here = exportedHere(text).get(name);
  if (here !== undefined) return declarationOf(text.slice(here), name);
  for (const { local, exported, isElsewhere } of exportLists(text))
    if (exported === name) return isElsewhere ? hidden : declarationOf(text, local);
  // A name behind a comma or taken out of something, or whatever another file has.
  const isAmong = new RegExp(
    `\\bexport\\s+(?:const|let|var)\\s+(?:[^;]*,\\s*${name}\\s*[:=](?![=>])|[{[][^=]*\\b${name}\\b[^=]*=)`,
  );
  return isAmong.test(text) || /\bexport\s*\*\s*from\b/.test(text) ? hidden : null;
}

/** What the text exports as functions, as far as it is plain to see. */
export function exportedNames(source: string): readonly string[] {
  const text = withoutComments(source);
  const names = [
    ...exportedHere(text).keys(),
    ...exportLists(text).map(({ exported }) => exported),
  ];
  return names.filter((name) => readSignature(source, name) !== null);
}

/** Where names are declared as exported. Of overloads the first one counts. */
function exportedHere(text: string): ReadonlyMap<string, number> {
  const pattern = /\bexport\s+(?:(?:async\s+)?function\b\s*\*?|const|let|var)\s*([\w$]+)/g;
  const found = [...text.matchAll(pattern)].map((match) => [match[1]!, match.index] as const);
  return new Map(found.reverse());
}

interface ExportedName {
  readonly local: string;
  readonly exported: string;
  readonly isElsewhere: boolean;
}

/** `export { a, b as c };`, types left out. */
function exportLists(text: string): readonly ExportedName[] {
  return [...text.matchAll(/\bexport\s*\{([^}]*)\}(\s*from\b)?/g)].flatMap((match) =>
    match[1]!.split(',').flatMap((part): ExportedName[] => {
      const found = /^([\w$]+)(?:\s+as\s+([\w$]+))?$/.exec(part.trim());
      if (found === null) return [];
      const local = found[1]!;
      return [{ local, exported: found[2] ?? local, isElsewhere: match[2] !== undefined }];
    }),
  );
}

/** What stands where the text declares the name. */
function declarationOf(text: string, local: string): ScriptSignature | null {
  const name = local.replaceAll('$', '\\$');
  const written = new RegExp(
    `\\b(async\\s+)?function\\s*(\\*)?\\s*${name}\\s*${typeParameters}\\(`,
  ).exec(text);
  if (written !== null) return functionAt(text, written.index, written);
  const bound = new RegExp(`\\b(?:const|let|var)\\s+${name}(?![\\w$])\\s*`).exec(text);
  if (bound !== null) return valueOf(text.slice(bound.index + bound[0].length));
  return new RegExp(`\\b(?:class|enum|namespace)\\s+${name}(?![\\w$])`).test(text) ? null : hidden;
}

/** A function with a body; `head` reaches to the opening bracket of its parameters. */
function functionAt(text: string, start: number, head: RegExpExecArray): ScriptSignature {
  const open = start + head[0].length;
  const close = findEnd(text, open, ')');
  const after = text.slice(close + 1);
  const colon = /^\s*:/.exec(after);
  return {
    parameters: readParameters(text.slice(open, close)),
    result:
      colon === null ? null : after.slice(colon[0].length, findBody(after, colon[0].length)).trim(),
    isAsync: head[1] !== undefined,
    isGenerator: head[2] !== undefined,
  };
}

/** What a constant is, from behind its name: by its type, or else by its value. */
function valueOf(text: string): ScriptSignature | null {
  if (!text.startsWith(':')) return text.startsWith('=') ? initialOf(text.slice(1)) : hidden;
  const end = findTop(text, 1, '=');
  const type = text.slice(1, end);
  const shape = arrowAt(type);
  if (shape === null) return initialOf(text.slice(end + 1));
  return { ...shape, result: type.slice(findTop(type, 0, '=>') + 2).trim() };
}

function initialOf(value: string): ScriptSignature | null {
  const text = value.trimStart();
  const head = new RegExp(
    `^(async\\s+)?function\\b\\s*(\\*)?\\s*[\\w$]*\\s*${typeParameters}\\(`,
  ).exec(text);
  if (head !== null) return functionAt(text, 0, head);
  const isOther = /^(?:[-+]?\d|["[{]|(?:true|false|null|undefined|class)\b)/.test(text);
  return isOther ? null : (arrowAt(text) ?? hidden);
}

/** An arrow function, or the type of one, at the start of the text. */
function arrowAt(value: string): ScriptSignature | null {
  const text = value.trimStart();
  const bare = /^(async\s+)?[\w$]+\s*=>/.exec(text);
  if (bare !== null) {
    const parameters = [{ type: null, isOptional: false, isRest: false }];
    return { ...hidden, parameters, isAsync: bare[1] !== undefined };
  }
  const head = new RegExp(`^(async\\s+)?${typeParameters}\\(`).exec(text);
  if (head === null) return null;
  const close = findEnd(text, head[0].length, ')');
  const after = text.slice(close + 1);
  const isAsync = head[1] !== undefined;
  const parameters = readParameters(text.slice(head[0].length, close));
  const colon = /^\s*:/.exec(after);
  if (colon === null) {
    if (!/^\s*=>/.test(after)) return null;
    return { parameters, result: null, isAsync, isGenerator: false };
  }
  const arrow = findTop(after, colon[0].length, '=>');
  if (arrow === after.length) return null;
  const result = after.slice(colon[0].length, arrow).trim();
  return { parameters, result, isAsync, isGenerator: false };
}

function readParameters(text: string): readonly ScriptParameter[] {
  return splitTop(text, ',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !/^this\s*:/.test(part))
    .map(readParameter);
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

/** Index of an `=` or `=>` outside of brackets, or the end. */
function findTop(text: string, from: number, wanted: '=' | '=>'): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const unit = text[at]!;
    const isWanted = unit === '=' && (text[at + 1] === '>') === (wanted === '=>');
    if (depth === 0 && isWanted) return at;
    if (isArrow(text, at)) continue;
    if (unit in closerByOpener) depth++;
    else if (closers.has(unit)) depth--;
  }
  return text.length;
}

function isArrow(text: string, at: number): boolean {
  return text[at] === '>' && text[at - 1] === '=';
}

export function splitTop(text: string, separator: string): readonly string[] {
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
