/**
 * The port through which the compiler reads the other files of a program: what `import`,
 * `include` and `extern` name. Where files lie, and what `"std/..."` means, is the loader's
 * business; the compiler asks for a path as it was written, and from which file.
 */
import type { SourceFile } from '../base/span.js';

export type LoadedSource =
  | {
      readonly kind: 'source';
      readonly source: SourceFile;
      /** The one name of the file, whatever path led to it: two loads with one key are one file. */
      readonly key: string;
    }
  | {
      readonly kind: 'problem';
      /** What to say: `there is no file "x.bloom"`. */
      readonly message: string;
      /** Paths that could have been meant, as they would be written. */
      readonly known: readonly string[];
    };

/**
 * Finds files of a program. Contract: the answer for a path and the file that names it is the
 * same throughout one compilation; a file's path (`SourceFile.path`) is fit to be shown.
 */
export interface SourceLoader {
  readonly load: (path: string, from: SourceFile) => LoadedSource;
  /** The key of the file that a compilation begins with, so that an import of it is known as a cycle. */
  readonly keyOf: (source: SourceFile) => string;
}

/** For programs of one file: there is no other. */
export const noOtherFiles: SourceLoader = {
  load: (path) => ({
    kind: 'problem',
    message: `cannot read "${path}": this program has no other files`,
    known: [],
  }),
  keyOf: ({ path }) => path,
};

/** Files in memory, by path with `/`; paths that begin with `./` or `../` are relative to the file that names them. */
export function memoryLoader(files: ReadonlyMap<string, string>): SourceLoader {
  const sources = new Map([...files].map(([path, text]) => [path, { path, text }] as const));
  const keyOf = ({ path }: SourceFile): string => normalPath(path);
  return {
    keyOf,
    load: (path, from) => {
      const folder = keyOf(from).split('/').slice(0, -1);
      const key = normalPath(path.startsWith('.') ? [...folder, path].join('/') : path);
      const source = sources.get(key);
      if (source !== undefined) return { kind: 'source', source, key };
      const known = [...sources.keys()].map((name) =>
        name.startsWith('std/') ? name : `./${name}`,
      );
      return { kind: 'problem', message: `there is no file "${path}"`, known: known.sort() };
    },
  };
}

/** A path without `.` and `..` as far as they can be taken away. */
function normalPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '.' || part === '') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
