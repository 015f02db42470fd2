/**
 * What a program shows: its outputs and views; if it declares none, the relations that no other
 * rule reads, as views. The built-in outputs are always shown, but using `stdout` declares nothing.
 * A list of names given from outside overrides the choice, not what is released: outputs and views
 * stay what they are.
 */
import type { BareRule } from './build-program.js';
import { bodyRelations } from './mark-events.js';
import type { RelationDraft } from './relation-draft.js';
import type { Reporter } from './reporter.js';
import type { Relations } from './resolve-relations.js';

/** Names of the observables, sorted. */
export function chooseObservables(
  relations: Relations,
  rules: readonly Pick<BareRule, 'head' | 'bodies'>[],
  asked: readonly string[] | null,
  reporter: Reporter,
): readonly string[] {
  const chosen = asked === null ? byDefault(relations, rules) : known(relations, asked, reporter);
  return [...new Set(chosen)].sort();
}

/** As what the relation is shown, if it is one of the observables. */
export function observability(
  { kind, name }: RelationDraft,
  observables: ReadonlySet<string>,
): 'output' | 'view' | null {
  if (kind === 'output' || kind === 'view') return kind;
  return observables.has(name) ? 'view' : null;
}

function byDefault(
  relations: Relations,
  rules: readonly Pick<BareRule, 'head' | 'bodies'>[],
): readonly string[] {
  const all = [...relations.values()];
  const shown = all
    .filter(({ kind }) => kind === 'output' || kind === 'view')
    .map(({ name }) => name);
  if (shown.some((name) => relations.get(name)!.builtin === null)) return shown;
  const readByOthers = new Set<string>();
  for (const rule of rules)
    for (const name of bodyRelations(rule)) if (name !== rule.head.relation) readByOthers.add(name);
  const unread = all.filter(
    ({ kind, name, builtin }) => builtin === null && isContent(kind) && !readByOthers.has(name),
  );
  return [...shown, ...unread.map(({ name }) => name)];
}

/** Events that nobody reads are nothing to show. */
function isContent(kind: RelationDraft['kind']): boolean {
  return kind === 'table' || kind === 'lattice' || kind === 'scratch' || kind === 'static';
}

function known(
  relations: Relations,
  asked: readonly string[],
  reporter: Reporter,
): readonly string[] {
  return asked.filter((name) => {
    if (relations.has(name)) return true;
    const nearest = reporter.nearest(name, relations.keys());
    reporter.error('TRL0210', null, `there is no relation \`${name}\` to observe`, {
      help: nearest === null ? 'name relations of the program' : `did you mean \`${nearest}\`?`,
    });
    return false;
  });
}
