/**
 * What the names of one scope stand for: a file, or a module in it. A module sees the constants
 * and functions of its file, and the modules that its file declares or imports; nothing else
 * crosses the border, so that a module means the same wherever it is used.
 */
import type * as ast from '../syntax/ast.js';
import type { Reporter } from './reporter.js';
import type { SourceLinks } from './source-links.js';
import { spliceIncludes } from './splice-includes.js';

/** A module together with the file in which it stands. */
export interface ModuleEntry {
  readonly declaration: ast.ModuleDeclaration;
  readonly file: FileScope;
}
export interface FileScope {
  readonly module: ast.Module;
  /** Includes are in place. */
  readonly statements: readonly ast.Statement[];
  readonly modules: ReadonlyMap<string, ModuleEntry>;
}
/** The names that statements define. */
export interface DefinedNames {
  /** Declared, or derived by a clause. */
  readonly relations: ReadonlySet<string>;
  readonly constants: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
}

/** Reads scopes of files, each once. */
export class ScopeReader {
  readonly #links: SourceLinks;
  readonly #reporter: Reporter;
  readonly #known = new Map<ast.Module, FileScope>();

  constructor(links: SourceLinks, reporter: Reporter) {
    this.#links = links;
    this.#reporter = reporter;
  }

  statementsOf(declaration: ast.ModuleDeclaration): readonly ast.Statement[] {
    return spliceIncludes(declaration.statements, this.#links);
  }

  /** Whether an import of the file has failed, which has been told: any module may have been in it. */
  lacksImport({ statements }: FileScope): boolean {
    return statements.some((s) => s.kind === 'import' && !this.#links.moduleOf.has(s));
  }

  /** The scope of a file. Files import each other without cycles. */
  file(module: ast.Module): FileScope {
    const known = this.#known.get(module);
    if (known !== undefined) return known;
    const statements = spliceIncludes(module.statements, this.#links);
    const modules = new Map<string, ModuleEntry>();
    const scope: FileScope = { module, statements, modules };
    this.#known.set(module, scope);
    for (const statement of statements) {
      if (statement.kind === 'module')
        this.#addModule(modules, { declaration: statement, file: scope }, statement.name);
      if (statement.kind === 'import') this.#addImport(modules, statement);
    }
    return scope;
  }

  #addImport(modules: Map<string, ModuleEntry>, statement: ast.Import): void {
    const imported = this.#links.moduleOf.get(statement);
    if (imported === undefined) return;
    const { statements } = this.file(imported);
    const own = statements.filter((inner) => inner.kind === 'module');
    for (const inner of statements) this.#checkImported(inner, statement);
    for (const { name } of own) {
      const entry = this.file(imported).modules.get(name.text);
      if (entry !== undefined) this.#addModule(modules, entry, { ...name, span: statement.span });
    }
  }

  #addModule(
    modules: Map<string, ModuleEntry>,
    entry: ModuleEntry,
    { text, span }: ast.Identifier,
  ): void {
    const earlier = modules.get(text);
    if (earlier === undefined) modules.set(text, entry);
    else if (earlier.declaration !== entry.declaration) {
      this.#reporter.error('TRL0230', span, `there are two modules called \`${text}\` here`, {
        secondary: [
          { span: earlier.declaration.name.span, text: 'the first one' },
          ...(entry.declaration.name.span === span
            ? []
            : [{ span: entry.declaration.name.span, text: 'the second one' }]),
        ],
        help: 'rename one of them',
      });
    }
  }

  #checkImported(statement: ast.Statement, by: ast.Import): void {
    const { kind } = statement;
    if (kind === 'module' || kind === 'import' || kind === 'const' || kind === 'extern') return;
    const what = kind === 'clause' ? (statement.body === null ? 'a fact' : 'a rule') : `a ${kind}`;
    this.#reporter.error(
      'TRL0229',
      statement.span,
      `${what === 'a invariant' ? 'an invariant' : what === 'a use' ? 'a `use`' : what} outside any module in an imported file`,
      {
        secondary: [{ span: by.span, text: 'imported here' }],
        help: 'an import brings modules only: put it into a `module`, or write `include` to put the whole file in',
      },
    );
  }
}

/** What the statements define. */
export function definedNames(statements: readonly ast.Statement[]): DefinedNames {
  const relations = new Set<string>();
  const constants = new Set<string>();
  const functions = new Set<string>();
  for (const statement of statements) {
    if (statement.kind === 'declaration' || statement.kind === 'periodic')
      relations.add(statement.name.text);
    else if (statement.kind === 'const' || statement.kind === 'param')
      constants.add(statement.name.text);
    else if (statement.kind === 'extern') functions.add(statement.name.text);
    else if (statement.kind === 'clause')
      for (const head of statement.heads) relations.add(head.relation.text);
  }
  return { relations, constants, functions };
}
