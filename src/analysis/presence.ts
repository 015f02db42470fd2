/**
 * Which positive literals of a rule are satisfied whenever the others are (entailment.ts): they ask for
 * no rendezvous. Literals are taken one at a time, and what was found to be implied supports nothing
 * else, so that two literals never imply each other. A literal must follow from every history that the
 * others may have had.
 */
import { Causes } from './causes.js';
import { Entailment } from './entailment.js';
import type { GrowthFacts } from './growth.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';

export class Presence {
  readonly #growth: GrowthFacts;
  readonly #causes: Causes;
  readonly #entailment: Entailment;
  readonly #impliedByClause = new Map<number, ReadonlySet<Atom>>();

  constructor(index: ProgramIndex, growth: GrowthFacts) {
    this.#growth = growth;
    this.#causes = new Causes(index);
    this.#entailment = new Entailment(
      index,
      this.#causes,
      (name) => growth.growthByRelation.get(name) === 'inflationary',
    );
  }

  /** The implied atoms of a clause with events. */
  impliedAtoms(clause: Clause): ReadonlySet<Atom> {
    const known = this.#impliedByClause.get(clause.id);
    if (known !== undefined) return known;
    const implied = new Set<Atom>();
    const growthOf = (atom: Atom): string | undefined =>
      this.#growth.growthByRelation.get(atom.relation);
    const asked = clause.atoms.filter((atom) => !atom.negated && growthOf(atom) !== 'static');
    // What is stored comes first: it is there because of the events rather than they of it.
    const order = [
      ...asked.filter((atom) => growthOf(atom) !== 'event'),
      ...asked.filter((atom) => growthOf(atom) === 'event'),
    ];
    if (order.length > 1)
      for (const atom of order)
        if (implied.size < order.length - 1 && this.#isImplied(clause, atom, implied))
          implied.add(atom);
    this.#impliedByClause.set(clause.id, implied);
    return implied;
  }

  #isImplied(clause: Clause, atom: Atom, implied: ReadonlySet<Atom>): boolean {
    const symbols = this.#causes.symbolsOf(clause);
    const open = (name: string): boolean => clause.occurrences.get(name) === 1;
    const causes = this.#causes.causesOf(clause, new Set([...implied, atom]));
    if (causes.length === 0) return false;
    return causes.every((cause) => {
      const at = cause.facts[0]?.at;
      if (at === undefined) return false;
      const fact = this.#causes.factOf(atom.relation, atom.arguments, symbols, at, 0);
      const asked = atom.arguments.map((argument, column) =>
        argument.kind === 'wildcard' || (argument.kind === 'variable' && open(argument.name))
          ? null
          : fact.arguments[column]!,
      );
      return this.#entailment.holds(cause, { relation: atom.relation, arguments: asked, at });
    });
  }
}
