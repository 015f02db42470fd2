/**
 * The relations that `sealed p(k)` reads: one for each relation with a seal, with the sealed
 * columns, whose types they share. To the rest of the checker they are relations like others, filled
 * at times that nothing determines; only the printer knows how they are written.
 */
import type * as ast from '../syntax/ast.js';
import { sealedName } from './builtin-relations.js';
import type { RelationDraft } from './relation-draft.js';
import type { Reporter } from './reporter.js';
import type { Relations } from './resolve-relations.js';

/** The relations together with those that `sealed` literals of the module read. */
export function withSealedRelations(
  relations: Relations,
  module: ast.Module,
  reporter: Reporter,
): Relations {
  const literals = sealedLiterals(module);
  if (literals.length === 0) return relations;
  const sealed = new Map<string, RelationDraft>();
  for (const statement of module.statements) {
    const relation = statement.kind === 'seal' ? relations.get(statement.relation.text) : undefined;
    if (statement.kind !== 'seal' || relation === undefined) continue;
    const draft = sealedDraft(statement, relation);
    if (!sealed.has(draft.name)) sealed.set(draft.name, draft);
  }
  const all = new Map(relations);
  for (const { relation } of literals) {
    const draft = sealed.get(sealedName(relation.text));
    if (draft === undefined) reportUnsealed(relation, relations, [...sealed.keys()], reporter);
    else all.set(draft.name, draft);
  }
  return all;
}

function sealedLiterals(module: ast.Module): readonly (ast.Literal & { kind: 'sealed' })[] {
  return module.statements
    .flatMap((statement) => (statement.kind === 'clause' ? (statement.body ?? []) : []))
    .flatMap(({ literals }) => literals)
    .filter((literal) => literal.kind === 'sealed');
}

function sealedDraft(
  { relation: { text, span }, on }: ast.Seal,
  relation: RelationDraft,
): RelationDraft {
  const columns = (on ?? []).flatMap(
    ({ text: name }) => relation.columns.find((column) => column.name === name) ?? [],
  );
  return {
    name: sealedName(text),
    // Like an input: when a seal becomes known is nothing that rules decide.
    kind: 'input',
    columns,
    keyLength: columns.length,
    hasKey: false,
    location: null,
    partition: null,
    builtin: 'sealed',
    durable: false,
    declared: true,
    periodMs: null,
    doc: null,
    span,
    shapedAt: span,
  };
}

function reportUnsealed(
  { text, span }: ast.Identifier,
  relations: Relations,
  sealed: readonly string[],
  reporter: Reporter,
): void {
  const names = sealed.map((name) => name.slice(sealedName('').length));
  const nearest = reporter.nearest(text, names);
  const help = relations.has(text)
    ? `say who seals it and when: \`seal ${text} on (...) when ...(...);\``
    : 'only a relation with a `seal` statement can be asked for';
  reporter.error('TRL1105', span, `nothing seals \`${text}\`, so it is never sealed`, {
    help: nearest === null ? help : `did you mean \`${nearest}\`?`,
    ...(nearest !== null && {
      fixes: [{ title: `write \`${nearest}\``, edits: [{ span, text: nearest }] }],
    }),
  });
}
