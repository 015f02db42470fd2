/**
 * What names become in one scope of a program with modules, and what is wrong with them: the face
 * of a module is all that the program around it may touch, inputs to be written and outputs and
 * views to be read.
 */
import { functionNamed } from '../builtins/functions.js';
import type * as ast from '../syntax/ast.js';
import { isBuiltinRelation } from './builtin-relations.js';
import type { DefinedNames, FileScope, ModuleEntry } from './module-scope.js';
import type { FlatStatement, Renaming, Role } from './rename-statement.js';
import type { Reporter } from './reporter.js';
import { findStrayAliases } from './stray-aliases.js';
import { clauseTerms, visitNames } from './walk-terms.js';

/** A scope: the program itself, with an empty prefix, or an instance, whose names begin with it. */
export interface Instance {
  readonly prefix: string;
  readonly statements: readonly ast.Statement[];
  readonly file: FileScope;
  /** By alias. */
  readonly uses: ReadonlyMap<string, UsedModule>;
  readonly names: DefinedNames;
  /** The program itself; null if this is it. */
  readonly root: Instance | null;
}
export interface UsedModule {
  readonly use: ast.Use;
  /** Null if there is no such module. */
  readonly entry: ModuleEntry | null;
  readonly face: ReadonlyMap<string, ast.Declaration>;
}

/** The names of one scope. */
export class InstanceNames {
  readonly #instance: Instance;
  readonly #reporter: Reporter;
  /** What stands before the last dot of names that are declared with dots. */
  readonly #declaredSpaces: ReadonlySet<string>;
  /** Constants and functions of the program's file, which its modules see. */
  readonly #outer: DefinedNames | null;

  constructor(instance: Instance, reporter: Reporter) {
    this.#instance = instance;
    this.#reporter = reporter;
    this.#declaredSpaces = new Set(
      instance.statements.flatMap((statement) =>
        statement.kind === 'declaration' ||
        statement.kind === 'periodic' ||
        statement.kind === 'extern'
          ? (spaceOf(statement.name.text) ?? [])
          : [],
      ),
    );
    const { root, file } = instance;
    this.#outer = root !== null && root.file.module === file.module ? root.names : null;
  }

  /** Reports variables that are called like an instance, and rules that write the module's own inputs. */
  check(statement: FlatStatement): void {
    if (statement.kind !== 'clause') return;
    const { uses, prefix } = this.#instance;
    const reported = new Set<string>();
    for (const term of uses.size === 0 ? [] : clauseTerms(statement)) {
      visitNames(withoutReceivers(term), ({ text, span }) => {
        const used = uses.get(text);
        if (used === undefined || reported.has(text)) return;
        reported.add(text);
        this.#reporter.error(
          'TRL0222',
          span,
          `\`${text}\` is the name of an instance, not a variable`,
          {
            secondary: [{ span: used.use.alias.span, text: 'named here' }],
            help: `rename the variable; \`${text}.relation(...)\` reads a relation of the instance`,
          },
        );
      });
    }
    if (prefix !== '') for (const head of statement.heads) this.#checkOwnInput(head);
  }

  /** The renaming of one statement. */
  renaming(statement: FlatStatement): Renaming {
    const isStray = findStrayAliases(statement, (name) => this.#isConstant(name));
    const renaming = this.#renaming();
    return {
      ...renaming,
      term: this.#termRenaming(statement),
      isInstance: (term, isLiteral) =>
        renaming.isInstance(term, isLiteral) || (isLiteral && isStray(term)),
    };
  }

  /** The renaming of terms that stand in no statement of a rule. */
  terms(): Renaming {
    return { ...this.#renaming(), term: this.#termRenaming(null) };
  }

  #renaming(): Omit<Renaming, 'term'> {
    const { prefix, uses } = this.#instance;
    return {
      relation: (name, role, head) => ({ ...name, text: this.#relation(name, role, head) }),
      callee: (name, isLiteral) => ({ ...name, text: this.#callee(name, isLiteral) }),
      rule: (name) => ({ ...name, text: prefix + name.text }),
      definition: (name) => ({ ...name, text: prefix + name.text }),
      isInstance: ({ receiver }) =>
        receiver.kind === 'name' &&
        (uses.has(receiver.text) || this.#declaredSpaces.has(receiver.text)),
    };
  }

  #isConstant(name: string): boolean {
    const { names, root } = this.#instance;
    return [names, this.#outer, root?.names].some((each) => each?.constants.has(name) === true);
  }

  #checkOwnInput(head: ast.Head): void {
    const declaration = this.#instance.statements.find(
      (s) => s.kind === 'declaration' && s.name.text === head.relation.text,
    );
    if (declaration?.kind !== 'declaration' || declaration.collection !== 'input') return;
    this.#reporter.error(
      'TRL0234',
      head.relation.span,
      `the input \`${head.relation.text}\` of a module is written by whoever uses it, not by its own rules`,
      {
        secondary: [{ span: declaration.name.span, text: 'declared here' }],
        help: 'derive into a `scratch`, and read both',
      },
    );
  }

  #relation(name: ast.Identifier, role: Role, head?: ast.Head): string {
    const { prefix } = this.#instance;
    const space = spaceOf(name.text);
    if (space !== null) return this.#qualified(name, space, role, head);
    return isBuiltinRelation(name.text) ? name.text : prefix + name.text;
  }

  #callee(name: ast.Identifier, isLiteral: boolean): string {
    const { names, prefix } = this.#instance;
    const { text } = name;
    const space = spaceOf(text);
    if (space !== null) return this.#qualified(name, space, 'body');
    if (names.relations.has(text) || names.functions.has(text)) return prefix + text;
    if (isBuiltinRelation(text) || functionNamed(text) !== undefined) return text;
    // A relation of the program is none of the module's, but its file's functions are.
    return !isLiteral && this.#outer?.functions.has(text) === true ? text : prefix + text;
  }

  /** `alias.name`: a relation of the face of an instance, or of a name space declared by hand. */
  #qualified(name: ast.Identifier, space: string, role: Role, head?: ast.Head): string {
    const { prefix, uses } = this.#instance;
    const flat = prefix + name.text;
    const used = uses.get(space);
    if (used === undefined) {
      if (!this.#declaredSpaces.has(space)) this.#reportUnknownAlias(name, space);
      if (!this.#declaredSpaces.has(space)) this.#reporter.poison(flat);
      return flat;
    }
    if (used.entry === null || !used.face.has(name.text.slice(space.length + 1)))
      this.#reporter.poison(flat);
    if (role === 'declaration') {
      this.#reportMisuse(
        name,
        used,
        `\`${name.text}\` cannot be declared here: \`${space}\` is an instance`,
        'declare a relation of your own',
      );
      return flat;
    }
    if (used.entry !== null && role !== 'remark') this.#checkFace(name, used, role, head);
    return flat;
  }

  #checkFace(name: ast.Identifier, used: UsedModule, role: Role, head?: ast.Head): void {
    const own = name.text.slice(used.use.alias.text.length + 1);
    const declaration = used.face.get(own);
    if (declaration === undefined) return this.#reportNoFace(name, own, used);
    const { collection } = declaration;
    if (role === 'head' && collection !== 'input') {
      this.#reportMisuse(
        name,
        used,
        `\`${name.text}\` is ${collection === 'output' ? 'an output' : 'a view'} of its module, so it is read here, not written`,
        'only the inputs of a module are written from outside',
        declaration,
      );
    } else if (
      role === 'head' &&
      head !== undefined &&
      (head.action !== 'derive' || head.time !== 'now')
    ) {
      this.#reporter.poison(this.#instance.prefix + name.text);
      this.#reportMisuse(
        name,
        used,
        `the input \`${name.text}\` of a module is written with \`:-\` alone`,
        'leave out `delete`, `upsert`, `@next` and `@async`; a relation of your own may stand between',
        declaration,
      );
    } else if (role === 'body' && collection === 'input') {
      this.#reportMisuse(
        name,
        used,
        `\`${name.text}\` is an input of its module, so it is written here, not read`,
        'read what you derive it from',
        declaration,
      );
    }
  }

  #reportMisuse(
    name: ast.Identifier,
    used: UsedModule,
    message: string,
    help: string,
    declaration?: ast.Declaration,
  ): void {
    const place =
      declaration === undefined
        ? { span: used.use.alias.span, text: 'the instance' }
        : { span: declaration.name.span, text: 'declared here' };
    this.#reporter.error('TRL0224', name.span, message, { secondary: [place], help });
  }

  #reportNoFace(name: ast.Identifier, own: string, { use, entry, face }: UsedModule): void {
    const isInner =
      entry?.declaration.statements.some(
        (s) =>
          (s.kind === 'declaration' || s.kind === 'periodic' || s.kind === 'extern') &&
          s.name.text === own,
      ) ?? false;
    const faces = [...face.values()].map((d) => `${d.collection} ${d.name.text}`).join(', ');
    const nearest = this.#reporter.nearest(own, face.keys());
    const alias = use.alias.text;
    this.#reporter.error(
      'TRL0223',
      name.span,
      isInner
        ? `\`${own}\` is inside the module \`${use.module.text}\`: only its inputs, outputs and views show`
        : `the module \`${use.module.text}\` has no input, output or view \`${own}\``,
      nearest === null
        ? { help: faces === '' ? 'it has none at all' : `it has ${faces}` }
        : {
            help: `did you mean \`${alias}.${nearest}\`?`,
            fixes: [
              {
                title: `write \`${alias}.${nearest}\``,
                edits: [{ span: name.span, text: `${alias}.${nearest}` }],
              },
            ],
          },
    );
  }

  #reportUnknownAlias(name: ast.Identifier, space: string): void {
    const span = { ...name.span, end: name.span.start + space.length };
    const { uses, file } = this.#instance;
    const aliases = [...uses.values()].flatMap(({ use }) =>
      use.module.text === space ? [use.alias.text] : [],
    );
    const [alias] = aliases;
    if (alias !== undefined) {
      this.#reporter.error('TRL0233', span, `\`${space}\` is a module, not an instance of one`, {
        help: `write the name of the instance: ${aliases.map((each) => `\`${each}\``).join(' or ')}`,
        fixes: [{ title: `write \`${alias}\``, edits: [{ span, text: alias }] }],
      });
      return;
    }
    const isModule = file.modules.has(space);
    const made = space.replaceAll('.', '_');
    this.#reporter.error('TRL0233', span, `\`${space}\` is not the name of an instance`, {
      help: isModule
        ? `it is a module; make an instance of it: \`use ${space} as ${made.toLowerCase()};\``
        : `bring it in: \`use SomeModule as ${made};\``,
      ...this.#reporter.suggestion(space, span, uses.keys()),
    });
  }

  #termRenaming(statement: FlatStatement | null): Renaming['term'] {
    const { names, prefix, root } = this.#instance;
    if (prefix === '') return (term) => term;
    const taken = new Set<string>();
    if (statement?.kind === 'clause')
      for (const term of clauseTerms(statement)) visitNames(term, ({ text }) => taken.add(text));
    return (term) => {
      const { text } = term;
      if (names.constants.has(text)) return { ...term, text: prefix + text };
      if (this.#outer?.constants.has(text) === true) return term;
      if (root === null || !root.names.constants.has(text)) return term;
      // Only a variable: a constant of the program is no constant of the module.
      let fresh = `${text}_`;
      while (taken.has(fresh) || root.names.constants.has(fresh)) fresh += '_';
      return { ...term, text: fresh };
    };
  }
}

/** What stands before the last dot of a name; null without a dot. */
function spaceOf(name: string): string | null {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? null : name.slice(0, dot);
}

/** `rd.sent(x)` as the call that it is, so that `rd` is not taken for a variable. */
function withoutReceivers(term: ast.Term): ast.Term {
  if (term.kind === 'unary') return withoutReceivers(term.operand);
  if (term.kind !== 'method' || term.receiver.kind !== 'name') return term;
  return { kind: 'tuple', items: term.arguments, span: term.span };
}
