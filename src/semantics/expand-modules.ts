/**
 * Modules away: a program that uses modules becomes one flat list of statements, in which each
 * `use M as rd` has turned into the statements of M with every name of theirs behind `rd.`.
 *
 *     use M as rd (p = 5);   ->   const rd.p = 5;  scratch rd.send(...);  rd.log(x) :- rd.send(x);
 *
 * So two instances share nothing, and the passes that follow know nothing of modules. Inputs,
 * outputs and views of an instance become scratches: inside a program they carry no obligation.
 * What is flat stays readable as a program: names with dots may be declared by hand.
 *
 * Invariant: a name of an instance means what it means in its module, whatever the program around
 * it is called; a variable that bears the name of a constant of the program is renamed.
 */
import type { Span } from '../base/span.js';
import { float, type Value } from '../base/value.js';
import type * as ast from '../syntax/ast.js';
import { InstanceNames } from './instance-names.js';
import type { Instance, UsedModule } from './instance-names.js';
import { definedNames, ScopeReader, type FileScope, type ModuleEntry } from './module-scope.js';
import { renameStatement, renameTerm, type FlatStatement } from './rename-statement.js';
import { Reporter } from './reporter.js';
import type { SourceLinks } from './source-links.js';
import { standardModules } from './standard-modules.js';

/** The module without modules, imports, includes and uses; itself if it has none of them. */
export function expandModules(
  module: ast.Module,
  links: SourceLinks,
  reporter: Reporter,
): ast.Module {
  if (!module.statements.some(needsExpansion)) return module;
  return { ...module, statements: new Expander(links, reporter).expand(module) };
}

/** The modules of a file that nothing in it uses, each as a program of its own: for checking them. */
export function unusedModules(
  module: ast.Module,
  links: SourceLinks,
  reporter: Reporter,
): readonly ast.Module[] {
  if (!module.statements.some(needsExpansion)) return [];
  return new Expander(links, new Reporter('mute')).alone(module, reporter);
}

function needsExpansion(statement: ast.Statement): boolean {
  switch (statement.kind) {
    case 'module':
    case 'import':
    case 'include':
    case 'use':
      return true;
    case 'declaration':
    case 'periodic':
    case 'extern':
      return statement.name.text.includes('.');
    case 'clause':
      return statement.heads.some((head) => head.relation.text.includes('.'));
    default:
      return false;
  }
}

class Expander {
  #reporter: Reporter;
  readonly #scopes: ScopeReader;
  readonly #out: FlatStatement[] = [];
  /** Modules being instantiated, outermost first. */
  readonly #open: ast.ModuleDeclaration[] = [];
  /** Modules that have been instantiated at least once. */
  readonly #used = new Set<ast.ModuleDeclaration>();

  constructor(links: SourceLinks, reporter: Reporter) {
    this.#reporter = reporter;
    this.#scopes = new ScopeReader(links, reporter);
  }

  expand(module: ast.Module): readonly FlatStatement[] {
    const file = this.#scopes.file(module);
    const root = this.#instance('', file.statements, file, null);
    this.#emit(root, new InstanceNames(root, this.#reporter), new Map());
    return this.#out;
  }

  /** What is wrong with the program itself has been told; with these modules it has not. */
  alone(module: ast.Module, reporter: Reporter): readonly ast.Module[] {
    this.expand(module);
    this.#reporter = reporter;
    const file = this.#scopes.file(module);
    const root = this.#instance('', file.statements, file, null);
    const shared = file.statements.filter(isShared);
    return [...file.modules.values()]
      .filter((entry) => entry.file === file && !this.#used.has(entry.declaration))
      .map((entry) => {
        this.#out.length = 0;
        const { name } = entry.declaration;
        this.#instantiate(`${name.text}.`, entry, null, root);
        return { ...module, statements: [...shared, ...this.#out] };
      });
  }

  /** One scope: the whole program, or one instance of a module. */
  #instance(
    prefix: string,
    statements: readonly ast.Statement[],
    file: FileScope,
    root: Instance | null,
  ): Instance {
    const uses = new Map<string, UsedModule>();
    for (const statement of statements) {
      if (statement.kind !== 'use') continue;
      const earlier = uses.get(statement.alias.text);
      if (earlier === undefined) {
        const entry = this.#find(statement, file);
        uses.set(statement.alias.text, { use: statement, entry, face: this.#face(entry) });
      } else this.#reportAlias(statement, earlier.use);
    }
    return { prefix, statements, file, uses, names: definedNames(statements), root };
  }

  #find({ module }: ast.Use, file: FileScope): ModuleEntry | null {
    const entry = file.modules.get(module.text);
    if (entry !== undefined) return entry;
    if (this.#scopes.lacksImport(file)) return null;
    const library = standardModules.get(module.text);
    this.#reporter.error('TRL0220', module.span, `there is no module \`${module.text}\` here`, {
      help:
        library === undefined
          ? 'declare it in this file, or `import` the file that does'
          : `it is in the standard library: write \`import "${library}";\``,
      ...this.#reporter.suggestion(module.text, module.span, file.modules.keys()),
    });
    return null;
  }

  #face(entry: ModuleEntry | null): ReadonlyMap<string, ast.Declaration> {
    const statements = entry === null ? [] : this.#scopes.statementsOf(entry.declaration);
    return new Map(
      statements.flatMap((statement) =>
        statement.kind === 'declaration' && isFace(statement)
          ? [[statement.name.text, statement] as const]
          : [],
      ),
    );
  }

  #reportAlias({ alias }: ast.Use, earlier: ast.Use): void {
    this.#reporter.error('TRL0221', alias.span, `two instances are called \`${alias.text}\``, {
      secondary: [{ span: earlier.alias.span, text: 'the first one' }],
      help: 'give each its own name: `use M as first; use M as second;`',
    });
  }

  #emit(instance: Instance, names: InstanceNames, settings: ReadonlyMap<string, ast.Term>): void {
    const isRoot = instance.prefix === '';
    for (const statement of instance.statements) {
      if (statement.kind === 'use') this.#expandUse(statement, instance, names);
      else if (statement.kind === 'module' || statement.kind === 'import') {
        if (!isRoot) this.#reportNested(statement);
      } else if (statement.kind !== 'include') {
        names.check(statement);
        const renamed = renameStatement(statement, names.renaming(statement));
        // A setting is in the names of the scope around the instance already.
        this.#out.push(isRoot ? renamed : asInner(renamed, settings.get(nameOf(statement))));
      }
    }
  }

  #expandUse(use: ast.Use, instance: Instance, names: InstanceNames): void {
    const used = instance.uses.get(use.alias.text);
    if (used === undefined || used.use !== use || used.entry === null) return;
    const { entry } = used;
    if (this.#open.includes(entry.declaration))
      return this.#reportCycle(use, entry.declaration, `${instance.prefix}${use.alias.text}.`);
    this.#instantiate(`${instance.prefix}${use.alias.text}.`, entry, { use, names }, instance);
  }

  /** The statements of a module as an instance; `by` is null where nothing uses it. */
  #instantiate(
    prefix: string,
    entry: ModuleEntry,
    by: { readonly use: ast.Use; readonly names: InstanceNames } | null,
    around: Instance,
  ): void {
    const { declaration, file } = entry;
    const own = this.#scopes.statementsOf(declaration);
    const root = around.root ?? around;
    // The file of the program says itself what its constants are; those of other files come along.
    const defined = new Set(own.flatMap((s) => ('name' in s ? [s.name.text] : [])));
    const brought =
      file.module === root.file.module
        ? []
        : file.statements.filter((s) => isShared(s) && !defined.has(s.name.text));
    const inner = this.#instance(prefix, [...brought, ...own], file, root);
    const settings = by === null ? placeholders(own) : this.#settings(by.use, own, by.names);
    this.#used.add(declaration);
    this.#open.push(declaration);
    this.#emit(inner, new InstanceNames(inner, this.#reporter), settings);
    this.#open.pop();
  }

  /** The values that a `use` gives to params, in the names of the scope around it. */
  #settings(
    { settings, module, alias }: ast.Use,
    statements: readonly ast.Statement[],
    names: InstanceNames,
  ): ReadonlyMap<string, ast.Term> {
    const params = new Map(
      statements.flatMap((s) => (s.kind === 'param' ? [[s.name.text, s] as const] : [])),
    );
    const values = new Map<string, ast.Term>();
    for (const { name, value } of settings) {
      if (values.has(name.text)) {
        this.#reporter.error('TRL0225', name.span, `\`${name.text}\` is set twice here`, {
          help: 'keep one of the two values',
        });
      } else if (params.has(name.text)) values.set(name.text, renameTerm(value, names.terms()));
      else {
        const known = params.size === 0 ? 'it has none' : `it has ${[...params.keys()].join(', ')}`;
        this.#reporter.error(
          'TRL0225',
          name.span,
          `the module \`${module.text}\` has no param \`${name.text}\``,
          { help: known, ...this.#reporter.suggestion(name.text, name.span, params.keys()) },
        );
      }
    }
    for (const param of params.values()) {
      if (param.value !== null || values.has(param.name.text)) continue;
      this.#reporter.error(
        'TRL0226',
        alias.span,
        `\`${alias.text}\` needs a value for the param \`${param.name.text}\``,
        {
          secondary: [{ span: param.name.span, text: 'this one has no default' }],
          help: `write \`use ${module.text} as ${alias.text} (${param.name.text} = ...);\``,
        },
      );
      values.set(param.name.text, placeholder(param.type?.name ?? 'any', alias.span));
    }
    return values;
  }

  #reportCycle({ module }: ast.Use, declaration: ast.ModuleDeclaration, prefix: string): void {
    for (const name of definedNames(this.#scopes.statementsOf(declaration)).relations)
      this.#reporter.poison(prefix + name);
    const cycle = this.#open.slice(this.#open.indexOf(declaration)).map(({ name }) => name.text);
    this.#reporter.error(
      'TRL0231',
      module.span,
      `the module \`${module.text}\` uses itself: ${[...cycle, module.text].join(' -> ')}`,
      { help: 'an instance would contain another one without end: leave this `use` out' },
    );
  }

  #reportNested(statement: ast.ModuleDeclaration | ast.Import): void {
    const span = statement.kind === 'module' ? statement.name.span : statement.span;
    const what = statement.kind === 'module' ? 'a module' : 'an import';
    this.#reporter.error('TRL0232', span, `${what} cannot stand inside a module`, {
      help: 'put it at the top of the file; the modules of a file may use each other',
    });
  }
}

/** Some value of the right type for every param without default: enough to check a module by itself. */
function placeholders(statements: readonly ast.Statement[]): ReadonlyMap<string, ast.Term> {
  const values = new Map<string, ast.Term>();
  for (const statement of statements) {
    if (statement.kind !== 'param' || statement.value !== null) continue;
    const { type, name } = statement;
    values.set(name.text, placeholder(type?.name ?? 'any', name.span));
  }
  return values;
}

function placeholder(type: string, span: Span): ast.Term {
  const constant = (value: Value, text: string): ast.Term => ({
    kind: 'constant',
    value,
    text,
    span,
  });
  if (type === 'int' || type === 'nat') return constant(0, '0');
  if (type === 'float') return constant(float(0), '0.0');
  if (type === 'string' || type === 'addr') return constant('', '""');
  if (type === 'bool') return constant(false, 'false');
  if (type === 'list' || type === 'set') return { kind: type, items: [], span };
  if (type === 'map') return { kind: 'map', entries: [], span };
  return constant(null, 'null');
}

function isShared(statement: ast.Statement): statement is ast.Definition | ast.ExternFunction {
  return statement.kind === 'const' || statement.kind === 'param' || statement.kind === 'extern';
}

function isFace({ collection }: ast.Declaration): boolean {
  return collection === 'input' || collection === 'output' || collection === 'view';
}

function nameOf(statement: FlatStatement): string {
  return statement.kind === 'param' ? statement.name.text : '';
}

/** A statement of a module inside a program: its face is ordinary, its params are settled. */
function asInner(statement: FlatStatement, setting: ast.Term | undefined): FlatStatement {
  if (statement.kind === 'declaration' && isFace(statement))
    return { ...statement, collection: 'scratch' };
  if (statement.kind !== 'param') return statement;
  const { value } = statement;
  if (setting === undefined || value === null)
    return { ...statement, kind: 'const', value: setting ?? value };
  return { ...statement, kind: 'const', value: setting, replaced: value };
}
