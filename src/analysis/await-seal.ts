/**
 * What makes a rule wait: `sealed r(k)` added to it, where one of the seals that the program declares
 * closes what the rule reads (sealed-reads.ts). Offered as a repair of the text, and inserted by the
 * rewrite (rewrite/insert-seals.ts).
 *
 * Which variables stand for the sealed columns is tried out: all that the body binds and that have the
 * right type. Under an aggregate the group must determine them for good, or else groups would grow from
 * seal to seal.
 */
import { nameOfSealed, sealedName } from '../semantics/builtin-relations.js';
import type { Variable } from '../semantics/program.js';
import type { Seal } from '../semantics/remarks.js';
import { typeText } from '../semantics/relate-types.js';
import { isAggregated } from './aggregate-groups.js';
import type { Known } from './find-defects.js';
import { determinedVariables, groupTerms, mayConflict } from './functional-keys.js';
import { mergesNothing } from './lattice-reads.js';
import type { Rewrite } from './mechanical-edits.js';
import { relationOf } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';
import { isFrozen } from './sealed-reads.js';
import { sealRefusal } from './unsealable.js';

/** Ways to name the sealed columns that are tried. */
const mostWays = 64;

/** What a rule would wait for. */
export interface Guard {
  readonly seal: Seal;
  /** What stands for the sealed columns. */
  readonly variables: readonly Variable[];
}

/** The first of the seals, by default all of the program, that closes what the clause reads; null if none does. */
export function guardFor(
  known: Known,
  clause: Clause,
  seals: readonly Seal[] = known.index.program.remarks.seals,
): Guard | null {
  for (const seal of seals)
    for (const variables of waysToName(known.index, seal, clause))
      if (isClosedBy(known, seal, clause, variables)) return { seal, variables };
  return null;
}

/** The guard that makes the one blamed rule wait for a seal that the program declares. */
export function awaitSeal(known: Known, clauses: readonly Clause[]): Rewrite | null {
  const { index } = known;
  const [clause] = clauses;
  if (clause === undefined || clauses.length > 1 || clause.rule.bodies.length > 1) return null;
  const { program } = index;
  const kept = program.remarks.seals.filter((seal) => sealRefusal(program, seal) === null);
  const guard = guardFor(known, clause, kept);
  if (guard === null) return null;
  const { span } = clause.body;
  const { relation } = guard.seal;
  const shown = guard.variables.map(({ name }) => name).join(', ');
  return {
    cost: 5,
    title: `wait for the seal of \`${relation}\` that the program declares, in \`${clause.rule.name}\`: waits while one of its producers is out of reach`,
    edits: [{ span: { ...span, start: span.end }, text: `, sealed ${relation}(${shown})` }],
    promises: mayConflict(index, relationOf(index, clause.head)) ? null : 'confluent',
  };
}

/** Variables of the body that may stand for the sealed columns, those of the head first. */
function waysToName(
  index: ProgramIndex,
  { relation, columns }: Seal,
  clause: Clause,
): readonly (readonly Variable[])[] {
  const declared = relationOf(index, relation).columns;
  const known = boundVariables(index, clause);
  let ways: (readonly Variable[])[] = [[]];
  for (const column of columns ?? []) {
    const type = typeText(declared[column]!.type);
    const fitting = known.filter((variable) => typeText(variable.type) === type);
    ways = ways.flatMap((way) => fitting.map((variable) => [...way, variable])).slice(0, mostWays);
  }
  return ways;
}

function boundVariables(index: ProgramIndex, clause: Clause): readonly Variable[] {
  const byName = new Map<string, Variable>();
  for (const argument of clause.rule.head.arguments)
    if (argument.kind === 'term' && argument.term.kind === 'variable')
      byName.set(argument.term.name, argument.term);
  for (const literal of clause.body.literals) {
    if (literal.kind === 'assign') byName.set(literal.variable.name, literal.variable);
    if (literal.kind !== 'atom' || literal.negated) continue;
    for (const each of literal.arguments) if (each.kind === 'variable') byName.set(each.name, each);
  }
  const all = [...byName.values()];
  if (!clause.rule.aggregated) return all;
  const group = determinedVariables(index, clause, groupTerms(clause), 'node');
  return all.filter(({ name }) => group.has(name));
}

/** Whether the rule only reads what is closed under this seal, or what only adds to its tuples. */
function isClosedBy(
  { index, growth }: Known,
  seal: Seal,
  clause: Clause,
  variables: readonly Variable[],
): boolean {
  const guard: Atom = {
    literal: clause.body.literals.length,
    relation: sealedName(seal.relation),
    negated: false,
    arguments: variables,
    span: clause.body.span,
  };
  const guarded = { ...clause, atoms: [...clause.atoms, guard] };
  return clause.atoms.every((atom) => {
    const grows = growth.growthByRelation.get(atom.relation);
    const adds =
      grows === 'inflationary' &&
      !atom.negated &&
      !waitsForRules(index, atom) &&
      mergesNothing(relationOf(index, atom.relation)) &&
      !isAggregated(index, clause, atom);
    return grows === 'static' || adds || isFrozen(index, guarded, atom);
  });
}

/** Whether it reads a seal that comes when rules say so: that may be what spoils the rule. */
function waitsForRules({ program, clausesByHead }: ProgramIndex, { relation }: Atom): boolean {
  const sealed = nameOfSealed(relation);
  const seal = program.remarks.seals.find((each) => each.relation === sealed);
  return seal !== undefined && clausesByHead.has(seal.when.relation);
}
