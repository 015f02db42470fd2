/**
 * Rules whose bodies nothing ever satisfies, because they ask for what cannot be:
 *
 * - a condition that is false, or becomes so under the constants that the rules upstream show:
 *   `open(x) :- state(x, s), s == 2;` beside `state(x, 0) :- ..`, and no other rule for `state`;
 * - a tuple that is denied although it is there whenever the rest of the body is, in the same
 *   timestep: `fresh(x) :- put(x), notin seen(x);` beside `seen(x) :- put(x);`, where `seen` is a table
 *   and holds at once what comes to it; or of which the rules upstream say that it is not there; or
 *   that the program states as a fact: `notin peer(_)` beside `peer("n1")`;
 * - a timer that fires at boot, which no node lets it do.
 *
 * Such a rule derives nothing in any timestep of any run, so it may be left out. Each history that the
 * body may have (causes.ts) must be refuted. A rule whose expressions may fail stays: they are evaluated
 * before what reads their results, so `z = x / y, z == 1, z == 2` derives nothing and yet fails.
 */
import { valueText } from '../base/value-text.js';
import { isContradictory } from '../semantics/contradictions.js';
import { isLatticeType } from '../semantics/lattice-shape.js';
import type { Body, Literal, Term } from '../semantics/program.js';
import type { Cause, Causes } from './causes.js';
import { Entailment } from './entailment.js';
import { mayFail } from './partial-rules.js';
import { clausesOf, isRemoval, relationOf } from './program-index.js';
import type { Clause, ProgramIndex } from './program-index.js';

/** The clauses that never fire whatever comes. */
export function findContradictions(index: ProgramIndex, causes: Causes): ReadonlySet<Clause> {
  const entailment = new Entailment(index, causes, (name) => keepsAll(index, name));
  const found = new Set<Clause>();
  // Assertions speak of several nodes at once, histories of one.
  const speaksOfOneNode = !index.clauses.some((clause) => placesOf(index, clause).size > 1);
  for (const clause of index.clauses) {
    const neverFires =
      isContradictory(clause.body) ||
      (speaksOfOneNode && isRefuted(index, causes, entailment, clause));
    if (neverFires && !mayFail(index, clause)) found.add(clause);
  }
  return found;
}

/** What a body says of the nodes at which its located tuples are. */
function placesOf(index: ProgramIndex, { atoms }: Clause): ReadonlySet<string> {
  return new Set(
    atoms.flatMap(({ relation, arguments: given }) => {
      const { location } = relationOf(index, relation);
      const place = location === null ? undefined : given[location];
      if (place === undefined) return [];
      return [place.kind === 'variable' ? place.name : `=${place.kind}`];
    }),
  );
}

/** Whether a table keeps whatever it once held. */
function keepsAll(index: ProgramIndex, name: string): boolean {
  const { kind, columns } = relationOf(index, name);
  return (
    kind === 'table' &&
    !columns.some(({ type }) => isLatticeType(type)) &&
    !clausesOf(index, name).some(isRemoval)
  );
}

function isRefuted(
  index: ProgramIndex,
  causes: Causes,
  entailment: Entailment,
  clause: Clause,
): boolean {
  if (!isWorthAsking(index, clause)) return false;
  // Nearly always the first history stands.
  for (const cause of causes.eachCauseOf(clause))
    if (
      !deniesWhatHolds(entailment, cause) &&
      !deniesFact(index, cause) &&
      !firesAtBoot(index, cause) &&
      !breaksCondition(cause, clause)
    )
      return false;
  return true;
}

/** Whether the body denies something, or derives from what does, or compares what rules show. */
function isWorthAsking(index: ProgramIndex, clause: Clause): boolean {
  return clause.atoms.some(
    ({ negated, relation }) =>
      negated ||
      relationOf(index, relation).builtin === 'boot' ||
      (clausesOf(index, relation).length > 0 && relationOf(index, relation).kind !== 'table'),
  );
}

function deniesWhatHolds(entailment: Entailment, cause: Cause): boolean {
  return cause.absences.some(({ relation, arguments: denied, at }) =>
    entailment.holds(cause, {
      relation,
      at,
      arguments: denied.map((symbol) => (symbol === '_' ? null : symbol)),
    }),
  );
}

/** Whether a history denies what the program states for all nodes and all time. */
function deniesFact(index: ProgramIndex, { absences }: Cause): boolean {
  return absences.some(({ relation, arguments: denied }) => {
    const { kind, location, partition, columns } = relationOf(index, relation);
    if (location !== null || partition !== null || !index.factCounts.has(relation)) return false;
    // Lattice values of one key merge, and what is stated is one of the parts.
    if (columns.some(({ type }) => isLatticeType(type))) return false;
    if (kind !== 'static' && !keepsAll(index, relation)) return false;
    return index.program.facts.some(
      (fact) =>
        fact.relation === relation &&
        fact.row.every((value, i) => denied[i] === '_' || denied[i] === valueText(value)),
    );
  });
}

/** Whether a timer fires in a timestep of boot. */
function firesAtBoot(index: ProgramIndex, { facts }: Cause): boolean {
  const boots = facts.filter(({ relation }) => relationOf(index, relation).builtin === 'boot');
  return facts.some(
    ({ relation, at }) =>
      relationOf(index, relation).kind === 'periodic' && boots.some((boot) => boot.at === at),
  );
}

/** Whether a condition is false of the constants that the body's variables must be. */
function breaksCondition({ constants }: Cause, { body }: Clause): boolean {
  if (constants.size === 0) return false;
  const fill = (term: Term): Term => {
    if (term.kind === 'variable') return constants.get(term.name) ?? term;
    return term.kind === 'apply' ? { ...term, arguments: term.arguments.map(fill) } : term;
  };
  const filled: Literal[] = body.literals.flatMap((literal) =>
    literal.kind === 'condition' ? [{ ...literal, term: fill(literal.term) }] : [],
  );
  return isContradictory({ ...body, literals: filled } satisfies Body);
}
