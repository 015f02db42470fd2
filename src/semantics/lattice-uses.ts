/**
 * How a rule's alternative uses the lattice values that an atom binds.
 *
 * A variable in a lattice column grows from one timestep to the next. Everything that is computed
 * from it by morphisms and monotone methods grows with it, and may go into lattice columns and, as a
 * threshold that never turns false again, into conditions. Any other use sees one moment of it.
 *
 *   plain      no lattice value of the atom is used
 *   morphism   only once, through functions with f(a merge b) = f(a) merge f(b): then the rule
 *              gives for a merged tuple what it gives for its parts
 *   monotone   only through functions that keep the order
 *   revealed   otherwise
 *
 * Several growing variables are judged one atom at a time: a function that is monotone in each is
 * monotone in all. An aggregate that counts bindings counts the values of growing variables too, so
 * each must be the only one for what else is bound: where the key is left open, two values that
 * become equal are one binding less. (Conway et al., "Logic and Lattices for Distributed Programming", 2012.)
 */
import { countsBindings } from '../builtins/aggregates.js';
import { monotonicityOf } from '../builtins/lattice.js';
import { isLatticeType } from './lattice-shape.js';
import type { Body, Head, Literal, Pattern, Relation, Term } from './program.js';

export type LatticeUse = 'plain' | 'morphism' | 'monotone' | 'revealed';
/** How a term moves with the growing variables: not at all, up with them, or in some other way. */
type Movement = 'fixed' | 'morphism' | 'monotone' | 'other';

const rank: Readonly<Record<Movement, number>> = { fixed: 0, morphism: 1, monotone: 2, other: 3 };

interface Rule {
  readonly head: Head;
  readonly aggregated: boolean;
}

/** How one alternative of a rule uses the lattice values of the atom at `index` in its body. */
export function latticeUse(
  rule: Rule,
  body: Body,
  index: number,
  relations: ReadonlyMap<string, Pick<Relation, 'columns' | 'keyLength'>>,
): LatticeUse {
  const atom = body.literals[index];
  if (atom?.kind !== 'atom') return 'plain';
  const { columns, keyLength } = relations.get(atom.relation) ?? { columns: [], keyLength: 0 };
  const growing = new Set<string>();
  for (const [i, argument] of atom.arguments.entries()) {
    const column = columns[i];
    if (column === undefined || !isLatticeType(column.type) || argument.kind === 'wildcard')
      continue;
    if (atom.negated || argument.kind === 'constant') return 'revealed';
    growing.add(argument.name);
  }
  if (growing.size === 0) return 'plain';
  const counts = countsValues(rule);
  if (counts && atom.arguments.slice(0, keyLength).some(({ kind }) => kind === 'wildcard'))
    return 'revealed';
  return new Walk(growing).use(rule, body, index, relations.get(rule.head.relation)?.columns ?? []);
}

/** Whether two bindings that differ in one value alone are two to an aggregate of the head. */
export function countsValues({ head }: Rule): boolean {
  return head.arguments.some((a) => a.kind === 'aggregate' && countsBindings(a.function));
}

class Walk {
  /** Variables that grow with the atom, and how. */
  readonly #growing: Map<string, Movement>;
  /** Variables that come from one place together; used in two places they are no morphism any more. */
  readonly #groupOf: Map<string, number>;
  readonly #uses: number[] = [0];
  #worst: Movement = 'fixed';

  constructor(growing: ReadonlySet<string>) {
    this.#growing = new Map([...growing].map((name) => [name, 'morphism']));
    this.#groupOf = new Map([...growing].map((name) => [name, 0]));
  }

  use(rule: Rule, body: Body, index: number, columns: Relation['columns']): LatticeUse {
    for (const [i, literal] of body.literals.entries()) {
      if (i === index) continue;
      this.#countUse(literalTerms(literal));
      this.#literal(literal, rule);
    }
    this.#countUse(
      rule.head.arguments.flatMap((a) => (a.kind === 'term' ? [a.term] : a.arguments)),
    );
    for (const [i, argument] of rule.head.arguments.entries()) {
      const terms = argument.kind === 'term' ? [argument.term] : argument.arguments;
      const column = columns[i];
      const merges =
        argument.kind === 'term' &&
        !rule.aggregated &&
        column !== undefined &&
        isLatticeType(column.type);
      for (const term of terms) this.#take(term, merges);
    }
    if (this.#worst === 'other') return 'revealed';
    if (this.#worst === 'fixed') return 'plain';
    return this.#uses.some((count) => count > 1) ? 'monotone' : this.#worst;
  }

  /** One more place that uses the groups of these variables. */
  #countUse(terms: readonly Term[]): void {
    const groups = new Set<number>();
    for (const term of terms)
      visitVariables(term, (name) => {
        const group = this.#groupOf.get(name);
        if (group !== undefined) groups.add(group);
      });
    for (const group of groups) this.#uses[group]!++;
  }

  #note(movement: Movement): void {
    if (rank[movement] > rank[this.#worst]) this.#worst = movement;
  }

  /** A term in a place that takes what grows, or only what stands still. */
  #take(term: Term, grows: boolean): void {
    const moved = this.#movementOf(term);
    this.#note(moved === 'fixed' || grows ? moved : 'other');
  }

  #literal(literal: Literal, rule: Rule): void {
    switch (literal.kind) {
      case 'atom':
        for (const argument of literal.arguments) this.#take(argument, false);
        return;
      case 'condition':
        return this.#take(literal.term, true);
      case 'assign':
        if (this.#growing.has(literal.variable.name)) return this.#note('other');
        return this.#bind(literal.variable, literal.term);
      case 'match':
        return this.#bind(literal.pattern, literal.term);
      case 'member': {
        const moved = this.#movementOf(literal.collection);
        if (moved === 'fixed') return this.#test(literal.pattern);
        if (literal.negated || !isLatticeType(literal.collection.type)) return this.#note('other');
        if (countsValues(rule) && leavesKeyOpen(literal.pattern)) return this.#note('other');
        this.#note(moved);
        return this.#spread(literal.pattern, moved, this.#newGroup());
      }
    }
  }

  /** A pattern that is matched with a term: what is lattice in it grows with the term. */
  #bind(pattern: Pattern, term: Term): void {
    const moved = this.#movementOf(term);
    if (moved === 'fixed') return this.#test(pattern);
    if (!isLatticeType(term.type)) return this.#note('other');
    this.#spread(pattern, moved, this.#newGroup());
  }

  #newGroup(): number {
    return this.#uses.push(0) - 1;
  }

  #spread(pattern: Pattern, moved: Movement, group: number): void {
    switch (pattern.kind) {
      case 'wildcard':
        return;
      case 'constant':
        // The key of a map entry, or an element: it is there for good.
        return isLatticeType(pattern.type) ? this.#note('other') : undefined;
      case 'variable':
        if (!isLatticeType(pattern.type)) return;
        if (this.#growing.has(pattern.name)) return this.#note('other');
        this.#growing.set(pattern.name, moved);
        this.#groupOf.set(pattern.name, group);
        return;
      case 'pattern':
        for (const item of pattern.items) this.#spread(item, moved, group);
    }
  }

  /** A growing variable in a pattern over a fixed value is compared with it. */
  #test(pattern: Pattern): void {
    if (pattern.kind === 'variable' && this.#growing.has(pattern.name)) this.#note('other');
    if (pattern.kind === 'pattern') for (const item of pattern.items) this.#test(item);
  }

  #movementOf(term: Term): Movement {
    switch (term.kind) {
      case 'variable':
        return this.#growing.get(term.name) ?? 'fixed';
      case 'constant':
      case 'wildcard':
        return 'fixed';
      case 'apply':
        return this.#movementOfCall(term);
      case 'if':
        return this.#movementOfIf(term);
      case 'tuple':
        return worst(term.items.map((item) => this.#movementOf(item)));
      case 'map': {
        // As the content of an `lmap`; a map anywhere else is taken by no growing place.
        const keys = worst(term.entries.map(([key]) => this.#movementOf(key)));
        const values = worst(term.entries.map(([, value]) => this.#movementOf(value)));
        return keys === 'fixed' ? values : 'other';
      }
      default: {
        const moved = worst(term.items.map((item) => this.#movementOf(item)));
        return moved === 'fixed' ? 'fixed' : 'other';
      }
    }
  }

  #movementOfCall(term: Term & { kind: 'apply' }): Movement {
    const declared = monotonicityOf(term.function);
    let moved: Movement = 'fixed';
    let growing = 0;
    for (const [i, argument] of term.arguments.entries()) {
      const own = this.#movementOf(argument);
      if (own === 'fixed') continue;
      growing++;
      const kind = declared?.[i];
      const keeps = kind === 'morphism' || kind === 'monotone';
      moved = worst([moved, own, keeps ? kind : 'other']);
    }
    // A morphism in each of two arguments that grow together is only monotone in their common source.
    return growing > 1 ? worst([moved, 'monotone']) : moved;
  }

  /** `a && b` and `a || b` keep the order of truth values, as does a choice that does not move. */
  #movementOfIf(term: Term & { kind: 'if' }): Movement {
    const condition = this.#movementOf(term.condition);
    const branches = worst([this.#movementOf(term.then), this.#movementOf(term.else)]);
    if (condition === 'fixed') return branches;
    const isAnd = term.else.kind === 'constant' && term.else.value === false;
    const isOr = term.then.kind === 'constant' && term.then.value === true;
    return isAnd || isOr ? worst([condition, branches, 'monotone']) : 'other';
  }
}

/** Whether an entry of a map is taken by its growing value alone. */
function leavesKeyOpen(pattern: Pattern): boolean {
  if (pattern.kind !== 'pattern') return false;
  const hasValue = pattern.items.some(
    (item) => item.kind === 'variable' && isLatticeType(item.type),
  );
  return hasValue && pattern.items.some((item) => item.kind === 'wildcard');
}

function literalTerms(literal: Literal): readonly Term[] {
  switch (literal.kind) {
    case 'atom':
      return literal.arguments;
    case 'member':
      return [literal.collection];
    default:
      return [literal.term];
  }
}

function visitVariables(term: Term, visit: (name: string) => void): void {
  switch (term.kind) {
    case 'variable':
      return visit(term.name);
    case 'constant':
    case 'wildcard':
      return;
    case 'apply':
      return term.arguments.forEach((part) => visitVariables(part, visit));
    case 'if':
      return [term.condition, term.then, term.else].forEach((part) => visitVariables(part, visit));
    case 'map':
      return term.entries.flat().forEach((part) => visitVariables(part, visit));
    default:
      return term.items.forEach((part) => visitVariables(part, visit));
  }
}

function worst(movements: readonly Movement[]): Movement {
  return movements.reduce<Movement>(
    (most, next) => (rank[next] > rank[most] ? next : most),
    'fixed',
  );
}
