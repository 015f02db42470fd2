/**
 * The relations of a module: those declared, those that clauses imply, and the built-in ones that
 * it uses.
 *
 * A relation without declaration is `static` if it has only facts and `scratch` if it has a rule;
 * one that is read and has neither is an error. Where no columns were written, the first use with
 * plain arguments says how many there are (`c1`, `c2`, ...); if all uses name their arguments,
 * the names are the columns, in the order in which they first appear.
 */
import type { Span } from '../base/span.js';
import type * as ast from '../syntax/ast.js';
import { builtinRelation, builtinRelationNames, isBuiltinRelation } from './builtin-relations.js';
import { closeDeclaration, reportNoReceiver, type Declared } from './collect-declarations.js';
import { columnDraft, type RelationDraft } from './relation-draft.js';
import type { RelationUse } from './relation-uses.js';
import type { Reporter } from './reporter.js';
import { functionNames } from './type-call.js';

/** Relations by name: declared ones in source order, then implied ones by first use, then built-in ones. */
export type Relations = ReadonlyMap<string, RelationDraft>;

export function resolveRelations(
  declared: ReadonlyMap<string, Declared>,
  uses: readonly RelationUse[],
  reporter: Reporter,
): Relations {
  const usesByName = groupUses(uses);
  const relations = new Map<string, RelationDraft>();
  for (const [name, declaration] of declared) {
    relations.set(
      name,
      'declaration' in declaration
        ? closeOpen(declaration, usesByName.get(name) ?? [], reporter)
        : declaration,
    );
  }
  for (const [name, itsUses] of usesByName) {
    if (declared.has(name) || isBuiltinRelation(name)) continue;
    const implied = implyRelation(name, itsUses);
    if (implied !== null) relations.set(name, implied);
  }
  for (const name of builtinRelationNames) {
    const first = usesByName.get(name)?.[0];
    if (first !== undefined) relations.set(name, builtinRelation(name, first.relation.span));
  }
  reportUnknown(usesByName, relations, reporter);
  return relations;
}

function groupUses(uses: readonly RelationUse[]): ReadonlyMap<string, readonly RelationUse[]> {
  const usesByName = new Map<string, RelationUse[]>();
  for (const use of uses) {
    const known = usesByName.get(use.relation.text);
    if (known === undefined) usesByName.set(use.relation.text, [use]);
    else known.push(use);
  }
  return usesByName;
}

function closeOpen(
  open: Declared & { declaration: ast.Declaration },
  uses: readonly RelationUse[],
  reporter: Reporter,
): RelationDraft {
  const { collection, name } = open.declaration;
  if (collection === 'channel') reportNoReceiver(open.declaration, reporter);
  else if (uses.length === 0) {
    reporter.error(
      'TRL0317',
      name.span,
      `nothing uses \`${name.text}\`, so its columns cannot be inferred`,
      {
        help: `write them out: \`${collection} ${name.text}(key: string, value: int);\`, for example`,
      },
    );
  }
  const { columns, shapedAt } = inferColumns(uses, name.span);
  return closeDeclaration(open, columns, shapedAt);
}

function inferColumns(
  uses: readonly RelationUse[],
  otherwise: Span,
): { columns: RelationDraft['columns']; shapedAt: Span } {
  const positional = uses.find((use) => use.arguments.every((argument) => argument.name === null));
  if (positional !== undefined) {
    const { span } = positional.relation;
    return {
      columns: positional.arguments.map((_, i) => columnDraft(`c${i + 1}`, null, span)),
      shapedAt: span,
    };
  }
  const names = new Map<string, Span>();
  for (const use of uses) {
    for (const { name } of use.arguments)
      if (name !== null && !names.has(name.text)) names.set(name.text, name.span);
  }
  return {
    columns: [...names].map(([name, span]) => columnDraft(name, null, span)),
    shapedAt: uses[0]?.relation.span ?? otherwise,
  };
}

function implyRelation(name: string, uses: readonly RelationUse[]): RelationDraft | null {
  const hasRule = uses.some((use) => use.role === 'head');
  const hasFact = uses.some((use) => use.role === 'fact');
  if (!hasRule && !hasFact) return null;
  const { columns, shapedAt } = inferColumns(uses, uses[0]!.relation.span);
  return {
    name,
    kind: hasRule ? 'scratch' : 'static',
    columns,
    keyLength: columns.length,
    hasKey: false,
    location: null,
    partition: null,
    builtin: null,
    durable: false,
    declared: false,
    periodMs: null,
    doc: null,
    span: uses[0]!.relation.span,
    shapedAt,
  };
}

/** Every use of an unknown relation is an error; near names help. */
function reportUnknown(
  usesByName: ReadonlyMap<string, readonly RelationUse[]>,
  relations: Relations,
  reporter: Reporter,
): void {
  const known = [...relations.keys(), ...builtinRelationNames];
  for (const [name, uses] of usesByName) {
    if (relations.has(name) || reporter.isPoison(name)) continue;
    // In an instance of a module, names are told as the module writes them.
    const space = name.slice(0, name.lastIndexOf('.') + 1);
    const own = name.slice(space.length);
    const near = known.filter((other) => other.startsWith(space)).map((o) => o.slice(space.length));
    const nearest = reporter.nearest(own, near) ?? reporter.nearest(own, functionNames);
    const names = inferColumns(uses, uses[0]!.relation.span).columns.map((column) => column.name);
    const columns = names.length === 0 ? '' : `(${names.join(', ')})`;
    for (const { relation } of uses) {
      reporter.error(
        'TRL0201',
        relation.span,
        `there is no relation \`${own}\`: it is read here, but nothing declares or derives it`,
        {
          help:
            nearest === null
              ? `declare it (\`input ${own}${columns};\` if it comes from outside), or write a fact or rule for it`
              : `did you mean \`${nearest}\`?`,
          ...(nearest !== null && {
            fixes: [
              { title: `write \`${nearest}\``, edits: [{ span: relation.span, text: nearest }] },
            ],
          }),
        },
      );
    }
  }
}
