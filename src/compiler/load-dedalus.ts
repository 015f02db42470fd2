/**
 * A `.ded` program with its includes: every file's statements, those of an included file where the
 * `include` stands. Paths resolve against the folder of the first file, also in included files. A
 * file counts once however often it is included, so that files may include each other.
 *
 * Reading files is the caller's: this room opens none.
 */
import type { SourceFile } from '../base/span.js';
import type { Checked, Diagnostic } from '../diagnostics/diagnostic.js';
import type { DedalusInclude, DedalusModule, DedalusStatement } from '../syntax/dedalus-ast.js';
import { parseDedalus } from '../syntax/parse-dedalus.js';
import type { SourceLoader } from './source-loader.js';

/** Deeper than any sound program; each level is a file of its own. */
const deepestInclude = 200;

/** All statements in one module, without the includes. */
export function loadDedalus(first: SourceFile, sources: SourceLoader): Checked<DedalusModule> {
  const loader = new DedalusLoader(first, sources);
  loader.take(first, 0);
  return {
    value: { file: first, statements: loader.statements },
    diagnostics: loader.diagnostics,
  };
}

class DedalusLoader {
  readonly statements: DedalusStatement[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #first: SourceFile;
  readonly #sources: SourceLoader;
  readonly #taken: Set<string>;

  constructor(first: SourceFile, sources: SourceLoader) {
    this.#first = first;
    this.#sources = sources;
    this.#taken = new Set([sources.keyOf(first)]);
  }

  take(file: SourceFile, depth: number): void {
    const { value, diagnostics } = parseDedalus(file);
    this.diagnostics.push(...diagnostics);
    for (const statement of value.statements) {
      if (statement.kind === 'include') this.#include(statement, depth);
      else this.statements.push(statement);
    }
  }

  #include(include: DedalusInclude, depth: number): void {
    const isPlain = !/^(?:\.{1,2}[\\/]|[\\/]|[A-Za-z]:)/.test(include.path);
    const found = this.#sources.load(isPlain ? `./${include.path}` : include.path, this.#first);
    if (found.kind === 'problem') return this.#fail(include, found.message);
    if (this.#taken.has(found.key)) return;
    this.#taken.add(found.key);
    if (depth < deepestInclude) return this.take(found.source, depth + 1);
    this.#fail(include, `files are included ${deepestInclude} levels deep`);
  }

  #fail({ span, path }: DedalusInclude, reason: string): void {
    this.diagnostics.push({
      code: 'TRL0261',
      severity: 'error',
      message: `\`${path}\` cannot be included: ${reason}`,
      primary: { span },
      help: 'paths resolve against the folder of the first file, the one on the command line',
    });
  }
}
