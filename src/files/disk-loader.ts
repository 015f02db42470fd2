/**
 * Finds the other files of a program on disk: a path that begins with `./` or `../`, or an
 * absolute one, is as usual, relative to the file that names it; `std/...` is a file of the standard
 * library. Files are the same if their real paths are, so that links and detours make no second
 * module.
 */
import { readdirSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { SourceFile } from '../base/span.js';
import { readSource } from './read-source.js';

/** What loading gives; the compiler's port in shape. */
export type DiskSource =
  | { readonly kind: 'source'; readonly source: SourceFile; readonly key: string }
  | { readonly kind: 'problem'; readonly message: string; readonly known: readonly string[] };

export interface DiskLoader {
  readonly load: (path: string, from: SourceFile) => DiskSource;
  readonly keyOf: (source: SourceFile) => string;
}

const standardPrefix = 'std/';

/** Reads relative to each file's folder; `standardLibrary` is the folder behind `std/`. */
export function diskLoader(standardLibrary: string): DiskLoader {
  const library = standardLibrary.replace(/[\\/]$/, '');
  const keyOf = ({ path }: SourceFile): string => realPath(fileOf(path, library));
  return { keyOf, load: (path, from) => load(path, from, library) };
}

/** Where the file of that shown path lies. */
function fileOf(shown: string, library: string): string {
  return shown.startsWith(standardPrefix)
    ? join(library, shown.slice(standardPrefix.length))
    : shown;
}

function load(path: string, from: SourceFile, library: string): DiskSource {
  const isStandard = path.startsWith(standardPrefix);
  const isRelative = path.startsWith('./') || path.startsWith('../');
  if (!isStandard && !isRelative && !isAbsolute(path)) {
    return {
      kind: 'problem',
      message: `"${path}" is no path: write "./${path}" for a file beside this one, or "std/..." for the standard library`,
      known: [`./${path}`, `std/${path}`].filter((candidate) => exists(candidate, from, library)),
    };
  }
  const file = isRelative ? join(dirname(fileOf(from.path, library)), path) : fileOf(path, library);
  if (isStandard && relative(library, file).startsWith('..'))
    return missing(path, file, from, library);
  const { value } = readSource(file);
  if (value === null) return missing(path, file, from, library);
  return {
    kind: 'source',
    source: { path: shownPath(file, library), text: value.text },
    key: realPath(file),
  };
}

/** As the user would name it; files of the library by their `std/` path, wherever it is installed. */
function shownPath(file: string, library: string): string {
  const inside = relative(library, file);
  const isInside = inside !== '' && !inside.startsWith('..') && !isAbsolute(inside);
  return isInside ? standardPrefix + inside.split(sep).join('/') : file;
}

function exists(path: string, from: SourceFile, library: string): boolean {
  return load(path, from, library).kind === 'source';
}

function missing(path: string, file: string, from: SourceFile, library: string): DiskSource {
  const { diagnostics } = readSource(file);
  const reason = diagnostics[0]?.message ?? `there is no file ${path}`;
  const start = path.slice(0, path.lastIndexOf('/') + 1);
  const known = entriesOf(path.startsWith(standardPrefix) ? fileOf(start, library) : dirname(file));
  const named = known.map((name) => start + name).filter((name) => name !== from.path);
  const shown = path.startsWith(standardPrefix) ? `the standard library has no "${path}"` : reason;
  return { kind: 'problem', message: shown, known: named };
}

/** Names of program files in a folder, sorted; none if it cannot be read. */
function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.(?:bloom|ts|js|mjs)$/.test(name))
      .sort();
  } catch {
    return [];
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
