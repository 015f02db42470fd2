/**
 * The files that a program is made of, found and parsed before it is checked: which statement
 * names which file. The checker sees trees only; where they came from is the loader's business.
 *
 * A statement without a link names a file that could not be read or that leads back to itself;
 * that has been reported, and the passes go on without it.
 */
import type { SourceFile } from '../base/span.js';
import type * as ast from '../syntax/ast.js';

export interface SourceLinks {
  /** One tree a file, however many statements and paths lead to it. */
  readonly moduleOf: ReadonlyMap<ast.Import | ast.Include, ast.Module>;
  /** The TypeScript files that functions come from, by the path in the declaration. */
  readonly functionFileOf: ReadonlyMap<ast.PathText, FunctionFile>;
  /** Names of lattices that the embedding program lends this one. */
  readonly lattices: ReadonlySet<string>;
}

/** A file of TypeScript. */
export interface FunctionFile {
  readonly source: SourceFile;
  /** The one name of the file, by which whoever runs the program finds it. */
  readonly key: string;
}

/** The links of a program that names no other files. */
export const noLinks: SourceLinks = {
  moduleOf: new Map(),
  functionFileOf: new Map(),
  lattices: new Set(),
};
