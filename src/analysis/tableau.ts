/**
 * Values of one body and of the rules behind it, of which some must be equal.
 *
 * A tableau holds a node for every value and unites those that cannot differ: the two sides of an
 * equality, what is assigned, the results of one function over equal arguments (congruence closure:
 * Nelson and Oppen, 1980), the arguments of an injective one with equal results, and, in two tuples of
 * a keyed relation that agree on the key, the other columns (the chase with functional dependencies:
 * Maier, Mendelzon and Sagiv, 1979). Equal nodes are equal values; of the others nothing is claimed.
 */
import { valueText } from '../base/value-text.js';
import type { Literal, Pattern, Term } from '../semantics/program.js';
import { isExact } from './exact-types.js';
import { mergesNothing } from './lattice-reads.js';
import { clausesOf, isRemoval } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';

/** A value. */
export type Cell = number;
/** What the variables of a body stand for. */
export type Cells = Map<string, Cell>;

interface Call {
  readonly name: string;
  readonly arguments: readonly Cell[];
  readonly result: Cell;
}

interface Tuple {
  readonly relation: string;
  readonly columns: readonly Cell[];
}

export class Tableau {
  readonly #index: ProgramIndex;
  readonly #parents: Cell[];
  readonly #constants: Map<string, Cell>;
  readonly #calls: Call[];
  readonly #tuples: Tuple[];

  constructor(index: ProgramIndex, from: Tableau | null = null) {
    this.#index = index;
    this.#parents = from === null ? [] : [...from.#parents];
    this.#constants = new Map(from === null ? [] : from.#constants);
    this.#calls = from === null ? [] : [...from.#calls];
    this.#tuples = from === null ? [] : [...from.#tuples];
  }

  copy(): Tableau {
    return new Tableau(this.#index, this);
  }

  fresh(): Cell {
    return this.#parents.push(this.#parents.length) - 1;
  }

  isSame(a: Cell, b: Cell): boolean {
    return this.#find(a) === this.#find(b);
  }

  equate(a: Cell, b: Cell): void {
    this.#parents[this.#find(a)] = this.#find(b);
  }

  /** The value of a term; variables that are not known yet are from now on. */
  cellOf(term: Term, cells: Cells): Cell {
    switch (term.kind) {
      case 'variable':
        return this.variable(term.name, cells);
      case 'wildcard':
        return this.fresh();
      case 'constant': {
        const text = `${term.type.kind} ${valueText(term.value)}`;
        const known = this.#constants.get(text) ?? this.fresh();
        this.#constants.set(text, known);
        return known;
      }
      case 'apply':
        return this.#call(term.function, term.arguments, cells);
      case 'if':
        return this.#call('if', [term.condition, term.then, term.else], cells);
      case 'map':
        return this.#call('map', term.entries.flat(), cells);
      default:
        return this.#call(term.kind, term.items, cells);
    }
  }

  variable(name: string, cells: Cells): Cell {
    const known = cells.get(name) ?? this.fresh();
    cells.set(name, known);
    return known;
  }

  /** The columns of a literal. */
  columnsOf({ arguments: given }: Pick<Atom, 'arguments'>, cells: Cells): readonly Cell[] {
    return given.map((argument) => this.cellOf(argument, cells));
  }

  /** What holds of a clause that fires; `isHere`: at the node of which the keyed relations are meant. */
  addBody(clause: Clause, cells: Cells, isHere: boolean): void {
    for (const literal of clause.body.literals) this.#addEquality(literal, cells);
    if (isHere)
      for (const atom of clause.atoms)
        if (!atom.negated)
          this.#tuples.push({ relation: atom.relation, columns: this.columnsOf(atom, cells) });
    this.#close();
  }

  /** The values that the given ones determine, themselves and constants included. */
  determinedBy(from: Iterable<Cell>): (cell: Cell) => boolean {
    const known = new Set([...from, ...this.#constants.values()].map((cell) => this.#find(cell)));
    const isKnown = (cell: Cell): boolean => known.has(this.#find(cell));
    for (let size = -1; size !== known.size;) {
      size = known.size;
      for (const { name, arguments: parts, result } of this.#calls) {
        if (parts.every(isKnown)) known.add(this.#find(result));
        if (isKnown(result) && this.#isInjective(name))
          for (const part of parts) known.add(this.#find(part));
      }
      for (const { relation, columns } of this.#tuples) {
        const key = this.#keyOf(relation);
        if (key !== null && columns.slice(0, key).every(isKnown))
          for (const column of columns) known.add(this.#find(column));
      }
    }
    return isKnown;
  }

  #addEquality(literal: Literal, cells: Cells): void {
    if (literal.kind === 'assign') {
      const value = this.cellOf(literal.term, cells);
      // Where the variable is bound elsewhere, it is a test.
      if (areComparedExactly(literal.variable, literal.term))
        this.equate(this.variable(literal.variable.name, cells), value);
    } else if (literal.kind === 'match')
      this.#match(literal.pattern, this.cellOf(literal.term, cells), cells);
    else if (literal.kind === 'condition' && isEquality(literal.term))
      this.equate(
        this.cellOf(literal.term.arguments[0]!, cells),
        this.cellOf(literal.term.arguments[1]!, cells),
      );
  }

  #match(pattern: Pattern, value: Cell, cells: Cells): void {
    if (pattern.kind === 'variable' && areComparedExactly(pattern, pattern))
      this.equate(this.variable(pattern.name, cells), value);
    if (pattern.kind !== 'pattern') return;
    const items = pattern.items.map((item) => {
      const cell = this.fresh();
      this.#match(item, cell, cells);
      return cell;
    });
    this.#calls.push({ name: pattern.shape, arguments: items, result: value });
  }

  #call(name: string, parts: readonly Term[], cells: Cells): Cell {
    const result = this.fresh();
    // What promises nothing may give another value each time.
    const own = this.#index.program.functions.find((each) => each.name === name);
    if (own !== undefined && own.properties.length === 0) return result;
    this.#calls.push({ name, arguments: parts.map((part) => this.cellOf(part, cells)), result });
    return result;
  }

  #find(cell: Cell): Cell {
    let root = cell;
    while (this.#parents[root] !== root) root = this.#parents[root]!;
    return root;
  }

  /** Unites until nothing more follows. */
  #close(): void {
    for (let isNew = true; isNew;) {
      isNew = false;
      const unite = (a: readonly Cell[], b: readonly Cell[]): void => {
        for (const [i, cell] of a.entries()) {
          if (b[i] === undefined || this.isSame(cell, b[i])) continue;
          this.equate(cell, b[i]);
          isNew = true;
        }
      };
      for (const [i, call] of this.#calls.entries()) {
        for (const other of this.#calls.slice(0, i)) {
          if (other.name !== call.name || other.arguments.length !== call.arguments.length)
            continue;
          if (this.#agree(other.arguments, call.arguments)) unite([other.result], [call.result]);
          if (this.#isInjective(call.name) && this.isSame(other.result, call.result))
            unite(other.arguments, call.arguments);
        }
      }
      for (const [i, tuple] of this.#tuples.entries()) {
        const key = this.#keyOf(tuple.relation);
        if (key === null) continue;
        for (const other of this.#tuples.slice(0, i)) {
          if (other.relation !== tuple.relation) continue;
          if (this.#agree(other.columns.slice(0, key), tuple.columns.slice(0, key)))
            unite(other.columns, tuple.columns);
        }
      }
    }
  }

  #agree(a: readonly Cell[], b: readonly Cell[]): boolean {
    return a.every((cell, i) => this.isSame(cell, b[i]!));
  }

  #isInjective(name: string): boolean {
    if (name === 'tuple' || name === 'list') return true;
    const own = this.#index.program.functions.find((each) => each.name === name);
    return own?.properties.includes('injective') === true;
  }

  /** Columns that tell the tuples of a node apart over all its timesteps; null if there are none such. */
  #keyOf(name: string): number | null {
    // What a rewrite would read may not be there yet.
    const relation = this.#index.program.relations.get(name);
    if (relation === undefined) return null;
    const { kind, builtin, hasKey, keyLength } = relation;
    if (builtin === 'self') return 0;
    if (!hasKey) return null;
    if (kind === 'static') return keyLength;
    // What only grows is checked as a whole in every timestep.
    const keeps = kind === 'table' && mergesNothing(relation);
    return keeps && !clausesOf(this.#index, name).some(isRemoval) ? keyLength : null;
  }
}

function areComparedExactly(...terms: readonly Term[]): boolean {
  return terms.every(({ type }) => isExact(type));
}

function isEquality(term: Term): term is Term & { readonly kind: 'apply' } {
  return (
    term.kind === 'apply' &&
    term.function === '==' &&
    term.arguments.length === 2 &&
    areComparedExactly(...term.arguments)
  );
}
