/**
 * What the relations of a program were before modules were expanded: in the flat program a module's
 * inputs, outputs and views are ordinary relations, and only their places still tell.
 */
import type { Span } from '../base/span.js';
import type * as ast from '../syntax/ast.js';
import type { Relation } from './program.js';
import type { SourceLinks } from './source-links.js';

export type Face = 'input' | 'output' | 'view';

export interface ModuleFaces {
  /** The side of its module's face that the relation of an instance is; null for all others. */
  readonly faceOf: (relation: Relation) => Face | null;
  /** The `use` at the top level that made the instance; null for those within instances. */
  readonly useOf: (alias: string) => ast.Use | null;
}

export function readModuleFaces(module: ast.Module, links: SourceLinks): ModuleFaces {
  const faces = new Map<string, Face>();
  const visit = (statements: readonly ast.Statement[], isInside: boolean): void => {
    for (const statement of statements) {
      if (statement.kind === 'module') visit(statement.statements, true);
      if (!isInside || statement.kind !== 'declaration') continue;
      const { collection, name } = statement;
      if (collection === 'input' || collection === 'output' || collection === 'view')
        faces.set(keyOf(name.span), collection);
    }
  };
  visit(module.statements, false);
  // A file may be included into a module, so its declarations count as being inside of one.
  for (const [statement, linked] of links.moduleOf)
    visit(linked.statements, statement.kind === 'include');
  const uses = new Map(
    module.statements.flatMap((s) => (s.kind === 'use' ? [[s.alias.text, s] as const] : [])),
  );
  return {
    faceOf: ({ name, kind, span }) =>
      kind === 'scratch' && name.includes('.') ? (faces.get(keyOf(span)) ?? null) : null,
    useOf: (alias) => uses.get(alias) ?? null,
  };
}

function keyOf({ file, start }: Span): string {
  return `${start} ${file.path}`;
}
