/**
 * Random bodies of rules. A variable has one type throughout a body; what a body binds is known, so
 * that heads and later literals can use it. Lattice values that still grow while the body's rule
 * runs are used monotonically only.
 */
import { valueText } from '../../src/base/value-text.js';
import {
  isLattice,
  pick,
  plainTypes,
  randomPlain,
  type ColumnType,
  type Draw,
  type LatticeType,
  type PlainType,
} from './random-columns.js';
import { contentText, grownTerm, isMatched, latticeTerm } from './random-lattices.js';

export interface MixedRelation {
  readonly name: string;
  readonly kind:
    | 'input'
    | 'table'
    | 'scratch'
    | 'static'
    | 'output'
    | 'view'
    | 'loopback'
    | 'lattice';
  readonly columns: readonly ColumnType[];
  readonly keyLength: number;
  /** Whether it is written with `=>`. */
  readonly isKeyed: boolean;
  readonly level: number;
}

export interface BodyOptions {
  /** Relations for positive atoms, and those for negated ones. */
  readonly readable: readonly MixedRelation[];
  readonly below: readonly MixedRelation[];
  /** The level of the head, whose relations still grow. */
  readonly own: number;
  /** What the first atom reads, if that is to be so. */
  readonly first?: MixedRelation | undefined;
}

interface LatticeVariable {
  readonly name: string;
  readonly type: LatticeType;
  /** May be used monotonically only. */
  readonly grows: boolean;
}

/** Few names a type, so that atoms share variables. */
const names: Readonly<Record<PlainType, readonly string[]>> = {
  any: ['x', 'y', 'z', 'p'],
  int: ['k', 'n', 'q'],
  string: ['s', 'r'],
  float: ['f1', 'f2'],
  bool: ['b1', 'b2'],
  nat: ['w1', 'w2'],
  addr: ['a1', 'a2'],
  bytes: ['y1', 'y2'],
  'list<int>': ['l1', 'l2'],
  'set<int>': ['s1', 's2'],
  'map<int, int>': ['m1', 'm2'],
  '(int, string)': ['t1', 't2'],
};

export class RandomBody {
  readonly literals: string[] = [];
  /** Positions of literals that bind nothing. */
  readonly tests: number[] = [];
  readonly #bound = new Map<PlainType, string[]>();
  readonly #lattices: LatticeVariable[] = [];
  readonly #draw: Draw;
  #fresh = 0;

  constructor({ readable, below, own, first }: BodyOptions, draw: Draw) {
    this.#draw = draw;
    const others = first === undefined ? 1 + draw(3) : draw(3);
    if (first !== undefined) this.#atom(first, own);
    for (let n = others; n > 0; n--) this.#atom(pick(readable, draw), own);
    if (draw(3) === 0 && below.length > 0) this.#negation(pick(below, draw));
    if (draw(2) === 0) this.#anyTest();
    if (draw(3) === 0) this.#typedTest();
    for (const variable of this.#lattices) if (draw(3) === 0) this.#latticeTest(variable);
  }

  /** The body's text: often with an alternative that lacks one of its tests. */
  text(): string {
    const body = this.literals.join(', ');
    const draw = this.#draw;
    if (this.tests.length === 0 || draw(4) > 0) return body;
    const other = this.literals.toSpliced(pick(this.tests, draw), 1);
    if (draw(2) === 0) other.push('1 > 2');
    return other.length === 0 ? body : `${body} | ${other.join(', ')}`;
  }

  /** A variable of a plain type that is bound, or a constant. */
  plainTerm(type: PlainType): string {
    const draw = this.#draw;
    const bound = this.#termsOf(type);
    return bound.length === 0 || draw(10) === 0
      ? valueText(randomPlain(type, draw))
      : pick(bound, draw);
  }

  headTerm(type: ColumnType, isAggregated: boolean): string {
    const draw = this.#draw;
    if (!isLattice(type)) {
      const shown = this.#lattices.filter(({ grows }) => !grows);
      if (type === 'any' && shown.length > 0 && draw(3) === 0) return pick(shown, draw).name;
      return this.plainTerm(type);
    }
    const own = this.#lattices.filter(
      (each) => each.type === type && !(isAggregated && each.grows),
    );
    const any = (): string => this.plainTerm('any');
    const int = (): string => this.plainTerm('int');
    if (own.length > 0 && draw(4) > 0)
      return grownTerm(pick(own, draw).name, type, int(), any, draw);
    return latticeTerm(type, int, type === 'lbool' ? (): string => this.#comparable() : any, draw);
  }

  /** Variables that may stand where the type is expected. */
  #termsOf(type: PlainType): readonly string[] {
    if (type === 'any') return [...this.#bound.values()].flat();
    if (type === 'int') return [...this.#boundOf('int'), ...this.#boundOf('nat')];
    return this.#boundOf(type);
  }

  #boundOf(type: PlainType): string[] {
    let bound = this.#bound.get(type);
    if (bound === undefined) this.#bound.set(type, (bound = []));
    return bound;
  }

  /** A term that the types let be compared with any other: a variable of type `any`, or an int. */
  #comparable(): string {
    const any = this.#boundOf('any');
    return any.length > 0 ? pick(any, this.#draw) : this.plainTerm('int');
  }

  #atom({ name, columns, level }: MixedRelation, own: number): void {
    const draw = this.#draw;
    const written = columns.map((type) => {
      const choice = draw(12);
      if (choice === 0) return '_';
      if (isLattice(type)) {
        if (choice < 3) return '_';
        if (choice === 3 && level < own && isMatched(type)) return contentText(type, draw);
        const variable = `v${this.#fresh++}`;
        this.#lattices.push({ name: variable, type, grows: level === own });
        return variable;
      }
      if (choice === 1) return valueText(randomPlain(type, draw));
      const variable = pick(names[type], draw);
      const bound = this.#boundOf(type);
      if (!bound.includes(variable)) bound.push(variable);
      return variable;
    });
    this.literals.push(`${name}(${written.join(', ')})`);
  }

  #negation({ name, columns }: MixedRelation): void {
    const draw = this.#draw;
    const written = columns.map((type) => {
      if (draw(3) === 0) return '_';
      if (isLattice(type)) return isMatched(type) && draw(3) === 0 ? contentText(type, draw) : '_';
      return this.plainTerm(type);
    });
    this.#test(`notin ${name}(${written.join(', ')})`);
  }

  /** A literal that binds nothing. */
  #test(literal: string): void {
    this.tests.push(this.literals.length);
    this.literals.push(literal);
  }

  #binds(type: PlainType, variable: string, ...literals: string[]): void {
    if (this.#termsOf('any').includes(variable)) return;
    this.literals.push(...literals);
    this.#boundOf(type).push(variable);
  }

  /** A test of values of any type or of ints, or a literal that binds one more. */
  #anyTest(): void {
    const draw = this.#draw;
    const [one, two] = [this.#comparable(), this.#comparable()];
    const [k, n] = [this.plainTerm('int'), this.plainTerm('int')];
    const any = this.#boundOf('any');
    switch (draw(12)) {
      case 0:
        return this.#test(`${k} ${pick(['<', '>=', '!='], draw)} ${n}`);
      case 1:
        return this.#test(`${one} == ${two}`);
      case 2:
        return this.#test(`${one} != ${two}`);
      case 3:
        // An int beside it: in a recursion, what doubles becomes too large only after long.
        return this.#binds('any', 'e', `e = (${one}, ${n})`);
      case 4:
        return this.#binds('any', 'e', `e in [${one}, ${two}, 1]`);
      case 5:
        if (any.length > 0) return this.#binds('any', 'e', `(e, _) = ${any[0]!}`);
        return this.#test(`${one} == ${one}`);
      case 6:
        return this.#binds('any', 'e', `e = least(${one}, ${two})`);
      case 7: {
        const sum = `d = ${k} ${pick(['+', '-', '*'], draw)} ${n}`;
        return this.#binds('int', 'd', sum, 'd < 6', 'd > -6');
      }
      case 8:
        return this.#binds('int', 'd', `d = 6 / ${k}`);
      case 9:
        return this.#test(`${k} + ${n} ${pick(['<', '>'], draw)} 3`);
      case 10:
        return this.#test(`${one} notin [${two}, 0]`);
      default:
        return this.#binds('int', 'd', `d = if ${k} < ${n} then ${k} else ${n}`);
    }
  }

  /** A test of a variable of one of the other types, or what is in it. */
  #typedTest(): void {
    const draw = this.#draw;
    const others = plainTypes.filter(
      (type) => type !== 'any' && type !== 'int' && this.#boundOf(type).length > 0,
    );
    if (others.length === 0) return;
    const type = pick(others, draw);
    const [one, two] = [pick(this.#boundOf(type), draw), this.plainTerm(type)];
    switch (type) {
      case 'string':
        if (draw(2) === 0) return this.#test(`${one} < ${two}`);
        return this.#binds('string', 'g', `g = if ${one} < ${two} then ${one} else ${two}`);
      case 'float':
        if (draw(2) === 0) return this.#test(`${one} ${pick(['<', '>=', '=='], draw)} ${two}`);
        return this.#binds('float', 'g', `g = ${one} ${pick(['+', '*', '/'], draw)} ${two}`);
      case 'bool':
        if (draw(2) === 0) return this.#test(pick([one, `!${one}`, `${one} || ${two}`], draw));
        return this.#binds('bool', 'g', `g = ${one} && ${two}`);
      case 'list<int>':
        if (draw(3) === 0) return this.#binds('list<int>', 'g', `g = ${one} ++ [1]`);
        return this.#binds('int', 'd', `d in ${one}`);
      case 'set<int>':
        return this.#binds('int', 'd', `d in ${one}`);
      case 'map<int, int>':
        return this.#binds('int', 'd', `(d, _) in ${one}`);
      case '(int, string)':
        return this.#binds('int', 'd', `(d, _) = ${one}`);
      default:
        return this.#test(`${one} ${pick(['<', '!=', '=='], draw)} ${two}`);
    }
  }

  /** A threshold, or members, of a lattice value; what is not monotone only where it has settled. */
  #latticeTest({ name, type, grows }: LatticeVariable): void {
    const draw = this.#draw;
    const int = this.plainTerm('int');
    const push = (...tests: string[]): void => this.#test(pick(tests, draw));
    if (!grows && draw(3) === 0) return this.#revealed(name, type);
    switch (type) {
      case 'lmin<int>':
        return push(`${name} <= ${int}`, `${name}.below(${int})`, `${name}.has_value()`);
      case 'lmax<int>':
        return push(`${name} > ${int}`, `${name}.at_least(2)`, `${name}.has_value()`);
      case 'lmin<string>':
        return push(`${name}.at_most("a")`);
      case 'lmax<any>':
        return push(`${name}.at_least(${this.plainTerm('any')})`);
      case 'lset<int>':
        if (draw(2) === 0) return this.#binds('int', 'd', `d in ${name}`);
        return push(`${name}.contains(${int})`, `${name}.size() >= 2`);
      case 'lset<any>':
        if (draw(2) === 0) return this.#binds('any', 'e', `e in ${name}`);
        return push(`${name}.size() >= 1`, `${name}.contains(${this.plainTerm('any')})`);
      case 'lbool':
        return push(name, `${name}.when_true()`);
      case 'lmap<int, lmax<int>>':
        if (draw(2) === 0) return this.#binds('int', 'd', `(d, _) in ${name}`);
        return push(`${name}.has_key(${int})`, `${name}.at(${int}) >= 2`);
      case 'lbag<int>':
        return push(`${name}.size() >= 2`, `${name}.contains(${int})`);
      case 'lpset<int>':
        return push(`${name}.sum() >= 3`);
      case '(lset<int>, lmin<int>)':
        return push(`${name}.second() <= ${int}`, `${name}.first().size() >= 1`);
      case 'ldom<lmax<int>, lset<int>>':
        return push(`${name}.has_value()`);
      case 'lvclock':
        return push(`${name}.at("n1") >= 2`, `${name}.sum() >= 2`);
    }
  }

  #revealed(name: string, type: LatticeType): void {
    const draw = this.#draw;
    const variable = `h${this.#fresh++}`;
    this.literals.push(`${variable} = reveal(${name})`);
    if (type !== 'lmin<int>' && type !== 'lmax<int>') return;
    this.#boundOf('int').push(variable);
    if (draw(2) === 0) this.#test(`${name} != ${draw(4)}`);
  }
}
