/**
 * Rules that may keep a node busy for ever without any event from outside.
 *
 * An entry of an ordered log gets a timestep of its own once the node has come to rest after the one
 * before; a node that never rests applies entries at moments of its own, and replicas then differ.
 * Rest is proved by the shape of the cycles through `@next`, deletions and updates:
 * - a rule with an event from outside the cycle fires as often as that event comes;
 * - a stored relation that its cycle only adds to, without making new values, or only deletes from,
 *   changes finitely often, and then stands still;
 * - a cycle that nothing stored is on never ends, as far as can be told.
 */
import { findComponents } from './find-components.js';
import type { GrowthFacts } from './growth.js';
import type { Clause, ProgramIndex } from './program-index.js';
import type { Term } from '../semantics/program.js';

/** A clause of each cycle for which rest cannot be proved, in program order. */
export function findEndless(index: ProgramIndex, growth: GrowthFacts): readonly Clause[] {
  const local = index.clauses.filter((clause) => clause.rule.head.mode !== 'async');
  const outer = componentsOver(index, local);
  const isEvent = (name: string): boolean => growth.growthByRelation.get(name) === 'event';
  const free = local.filter(
    (clause) =>
      !clause.atoms.some(
        (atom) =>
          !atom.negated &&
          isEvent(atom.relation) &&
          outer.get(atom.relation) !== outer.get(clause.head),
      ),
  );
  const unstored = free.filter((clause) => !growth.stored.has(clause.head));
  const endless = [
    ...insideClauses(index, unstored).filter(takesTime),
    ...restlessStores(index, growth, free),
  ];
  return [...new Set(endless)].sort((a, b) => a.id - b.id);
}

/** Clauses of cycles in which a stored relation may change for ever. */
function restlessStores(
  index: ProgramIndex,
  growth: GrowthFacts,
  free: readonly Clause[],
): readonly Clause[] {
  const component = componentsOver(index, free);
  const inside = insideClauses(index, free);
  const restless = inside.filter((clause) => {
    if (!growth.stored.has(clause.head)) return false;
    const { mode } = clause.rule.head;
    if (mode === 'upsert') return true;
    const cycle = inside.filter((c) => component.get(c.head) === component.get(clause.head));
    if (!cycle.some(takesTime)) return false;
    const own = cycle.filter((c) => c.head === clause.head);
    const deletes = own.filter((c) => c.rule.head.mode === 'delete').length;
    return deletes === 0 ? cycle.some(makesValues) : deletes < own.length;
  });
  return restless;
}

function takesTime({ rule }: Clause): boolean {
  return rule.head.mode !== 'now';
}

/** Clauses that lie on a cycle of these clauses. */
function insideClauses(index: ProgramIndex, clauses: readonly Clause[]): readonly Clause[] {
  const component = componentsOver(index, clauses);
  return clauses.filter((clause) =>
    clause.atoms.some((atom) => component.get(atom.relation) === component.get(clause.head)),
  );
}

/** The number of each relation's strongly connected component. */
export function componentsOver(
  index: ProgramIndex,
  clauses: readonly Clause[],
): ReadonlyMap<string, number> {
  const position = new Map(index.relations.map(({ name }, i) => [name, i]));
  const successors: number[][] = index.relations.map(() => []);
  for (const clause of clauses)
    for (const atom of clause.atoms)
      successors[position.get(clause.head)!]!.push(position.get(atom.relation)!);
  return new Map(
    findComponents(successors).flatMap((members, number) =>
      members.map((i) => [index.relations[i]!.name, number] as const),
    ),
  );
}

/** Whether a clause can show a value that none of the tuples it reads has. */
function makesValues({ rule, body }: Clause): boolean {
  const plain = (term: Term): boolean => ['variable', 'constant', 'wildcard'].includes(term.kind);
  const made = rule.head.arguments.some((argument) =>
    argument.kind === 'term'
      ? !plain(argument.term)
      : !['min', 'max'].includes(argument.function) || !argument.arguments.every(plain),
  );
  return (
    made ||
    body.literals.some((l) => l.kind === 'assign' || (l.kind !== 'atom' && l.kind !== 'condition'))
  );
}
