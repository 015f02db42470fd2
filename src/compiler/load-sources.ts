/**
 * Finds and parses every file that a program is made of, depth first from its main file. A file
 * is parsed once, by key; an import or include that leads back to a file on the way to it is a
 * cycle, reported and left without a link, so that the passes after this one meet none.
 */
import type { SourceFile, Span } from '../base/span.js';
import type { Checked, Diagnostic } from '../diagnostics/diagnostic.js';
import { didYouMean } from '../diagnostics/did-you-mean.js';
import type { FunctionFile, SourceLinks } from '../semantics/source-links.js';
import type * as ast from '../syntax/ast.js';
import { parseModule } from '../syntax/parse.js';
import type { LoadedSource, SourceLoader } from './source-loader.js';

/** The files behind a parsed main file. */
export function loadSources(
  main: ast.Module,
  loader: SourceLoader,
  lattices: ReadonlySet<string> = new Set(),
): Checked<SourceLinks> {
  const search = new SourceSearch(loader);
  search.visit(main, loader.keyOf(main.file));
  const { moduleOf, functionFileOf, diagnostics } = search;
  return { value: { moduleOf, functionFileOf, lattices }, diagnostics };
}

interface OpenFile {
  readonly key: string;
  readonly file: SourceFile;
}

class SourceSearch {
  readonly moduleOf = new Map<ast.Import | ast.Include, ast.Module>();
  readonly functionFileOf = new Map<ast.PathText, FunctionFile>();
  readonly diagnostics: Diagnostic[] = [];
  readonly #loader: SourceLoader;
  readonly #moduleByKey = new Map<string, ast.Module>();
  /** Files on the way to the one at hand, outermost first. */
  readonly #open: OpenFile[] = [];

  constructor(loader: SourceLoader) {
    this.#loader = loader;
  }

  visit(module: ast.Module, key: string): void {
    this.#moduleByKey.set(key, module);
    this.#open.push({ key, file: module.file });
    this.#visitStatements(module.statements, module.file);
    this.#open.pop();
  }

  #visitStatements(statements: readonly ast.Statement[], file: SourceFile): void {
    for (const statement of statements) {
      if (statement.kind === 'module') this.#visitStatements(statement.statements, file);
      else if (statement.kind === 'extern') this.#linkFunction(statement, file);
      else if (statement.kind === 'import' || statement.kind === 'include')
        this.#linkModule(statement, file);
    }
  }

  #linkFunction(statement: ast.ExternFunction, file: SourceFile): void {
    const found = this.#load(statement.path, file);
    if (found !== null)
      this.functionFileOf.set(statement.path, { source: found.source, key: found.key });
  }

  #linkModule(statement: ast.Import | ast.Include, file: SourceFile): void {
    const found = this.#load(statement.path, file);
    if (found === null) return;
    const at = this.#open.findIndex(({ key }) => key === found.key);
    if (at >= 0) {
      this.#reportCycle(statement, this.#open.slice(at));
      return;
    }
    const known = this.#moduleByKey.get(found.key);
    if (known !== undefined) {
      this.moduleOf.set(statement, known);
      return;
    }
    const { value, diagnostics } = parseModule(found.source);
    this.diagnostics.push(...diagnostics);
    this.moduleOf.set(statement, value);
    this.visit(value, found.key);
  }

  #load(path: ast.PathText, file: SourceFile): (LoadedSource & { kind: 'source' }) | null {
    const found = this.#loader.load(wholePath(path.text), file);
    if (found.kind === 'source') return found;
    const nearest = didYouMean(path.text, found.known);
    const library = found.known.filter((known) => /^std\/.*\.bloom$/.test(known));
    const help =
      nearest !== null
        ? `did you mean "${nearest}"?`
        : path.text.startsWith('std/') && library.length > 0
          ? `it has ${library.map((known) => `"${known}"`).join(', ')}`
          : 'a path that begins with `./` or `../` is relative to this file, one that begins with `std/` is of the standard library';
    this.#error('TRL0227', path.span, found.message, help);
    return null;
  }

  #reportCycle(statement: ast.Import | ast.Include, cycle: readonly OpenFile[]): void {
    const paths = [...cycle, cycle[0]!].map(({ file }) => file.path);
    const verb = `${statement.kind}s`;
    const message =
      cycle.length === 1
        ? `this file ${verb} itself`
        : `these files lead back to themselves: ${paths.join(' -> ')}`;
    this.#error(
      'TRL0228',
      statement.path.span,
      message,
      'put what they share into a file of its own',
    );
  }

  #error(code: string, span: Span, message: string, help: string): void {
    this.diagnostics.push({ code, severity: 'error', message, primary: { span }, help });
  }
}

/** `std/crdt` is short for `std/crdt.bloom`. */
function wholePath(path: string): string {
  return /^std\/[\w/-]+$/.test(path) ? `${path}.bloom` : path;
}
