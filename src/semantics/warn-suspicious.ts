/**
 * Two warnings about programs that mean something else than they seem to.
 *
 * An aggregate ranges over distinct bindings of named variables. If a literal that provides what
 * is summed has `_` in a column of its key, tuples that differ only there count once. A literal
 * that merely filters may well have one.
 *
 * The name of a constant is never a variable. Where it stands in a positive literal and again
 * elsewhere in the rule, it looks as if the literal bound it.
 */
import type { Constant } from './program.js';
import { valueText } from '../base/value-text.js';
import type * as ast from '../syntax/ast.js';
import {
  atomVariables,
  type AtomDraft,
  type BodyDraft,
  type ClauseDraft,
  type HeadDraft,
} from './draft.js';
import type { Reporter } from './reporter.js';
import { asAtom } from './relation-uses.js';
import { clauseTerms, freeNames, visitNames } from './walk-terms.js';

/** Aggregates whose result depends on how many bindings there are. */
const countingAggregates: ReadonlySet<string> = new Set(['count', 'sum', 'avg', 'list', 'top']);

export function warnAggregates(
  clause: ClauseDraft,
  isConstant: (name: string) => boolean,
  reporter: Reporter,
): void {
  const told = new Set<AtomDraft>();
  for (const head of clause.heads) {
    for (const argument of head.source.arguments) {
      if (argument.kind !== 'aggregate' || !countingAggregates.has(argument.function.text))
        continue;
      const wanted =
        argument.function.text === 'count'
          ? null
          : new Set(
              argument.arguments
                .flatMap((term) => freeNames(term, isConstant))
                .map((use) => use.name),
            );
      for (const body of clause.bodies ?? [])
        warnBody(body, head, argument.function, { wanted, told }, reporter);
    }
  }
}

/**
 * `wanted`: the variables that are aggregated; null where every binding counts. `told`: the literals
 * of which another aggregate has told already.
 */
function warnBody(
  body: BodyDraft,
  head: HeadDraft,
  aggregate: ast.Identifier,
  { wanted, told }: { readonly wanted: ReadonlySet<string> | null; readonly told: Set<AtomDraft> },
  reporter: Reporter,
): void {
  const atoms = body.literals.filter(
    (literal): literal is AtomDraft =>
      literal.kind === 'atom' && !literal.negated && literal.relation !== null,
  );
  const providers = new Map<string, number>();
  for (const atom of atoms)
    for (const name of new Set(atomVariables(atom).map((use) => use.name)))
      providers.set(name, (providers.get(name) ?? 0) + 1);
  for (const atom of atoms) {
    const { relation } = atom;
    if (relation === null || relation.builtin !== null || relation.kind === 'periodic') continue;
    const provides = atomVariables(atom).some(({ name }) =>
      wanted === null ? providers.get(name) === 1 : wanted.has(name),
    );
    const hidden = relation.columns.find(
      // At one node there is only one location: it tells no two tuples apart.
      (_, i) =>
        i < relation.keyLength && i !== relation.location && atom.arguments[i]?.kind === 'wildcard',
    );
    if (!provides || hidden === undefined || told.has(atom)) continue;
    told.add(atom);
    reporter.warning(
      'TRL0411',
      atom.span,
      `tuples of \`${relation.name}\` that differ only in \`${hidden.name}\` count once in \`${aggregate.text}\``,
      {
        text: `\`${hidden.name}\` is part of the key, and has no name here`,
        secondary: [
          {
            span: head.source.span,
            text: 'the aggregate ranges over distinct bindings of named variables',
          },
        ],
        help: `give \`${hidden.name}\` a variable if every tuple shall count`,
      },
    );
  }
}

export function warnHiddenNames(
  clause: ClauseDraft,
  constants: ReadonlyMap<string, Constant>,
  relationNames: ReadonlySet<string>,
  reporter: Reporter,
): void {
  if (constants.size === 0) return;
  const counts = new Map<string, number>();
  for (const term of clauseTerms(clause.source))
    visitNames(term, ({ text }) => counts.set(text, (counts.get(text) ?? 0) + 1));
  const warned = new Set<string>();
  for (const literal of (clause.source.body ?? []).flatMap((conjunction) => conjunction.literals)) {
    const atom = asAtom(literal, relationNames);
    if (atom === null || atom.negated) continue;
    for (const { term } of atom.arguments) {
      const constant = term.kind === 'name' ? constants.get(term.text) : undefined;
      if (
        term.kind !== 'name' ||
        constant === undefined ||
        warned.has(term.text) ||
        counts.get(term.text)! < 2
      )
        continue;
      warned.add(term.text);
      reporter.warning(
        'TRL0209',
        term.span,
        `\`${term.text}\` is the constant ${valueText(constant.value)} here, not a variable that this literal binds`,
        {
          secondary: [{ span: constant.span, text: 'defined here' }],
          help: 'rename the constant or the variable if you meant a variable',
        },
      );
    }
  }
}
