/**
 * Random rules over given relations. Relations have levels: a deductive rule reads its own level
 * positively and monotonically, lower ones as it likes; a rule with an effect sees everything.
 */
import { valueText } from '../../src/base/value-text.js';
import {
  contentText,
  isLattice,
  latticeTerm,
  pick,
  randomOf,
  type ColumnType,
  type Draw,
  type LatticeType,
} from './random-columns.js';

export interface MixedRelation {
  readonly name: string;
  readonly kind: 'input' | 'table' | 'scratch' | 'output' | 'view' | 'loopback' | 'lattice';
  readonly columns: readonly ColumnType[];
  readonly keyLength: number;
  /** Whether it is written with `=>`. */
  readonly isKeyed: boolean;
  readonly level: number;
}

type PlainType = Exclude<ColumnType, LatticeType>;

/** What a body binds. */
interface Bound {
  readonly any: string[];
  readonly int: string[];
  readonly string: string[];
  /** Variables of lattice columns; those that `grow` may be used monotonically only. */
  readonly lattices: {
    readonly name: string;
    readonly type: LatticeType;
    readonly grows: boolean;
  }[];
}

/** Whether a plain value may stand for a value of the lattice where it is compared. */
function isMatched(type: LatticeType): boolean {
  return /^(lmin|lmax|lset|lbool)/.test(type);
}

const modes = ['now', 'now', 'now', 'now', 'now', 'next', 'upsert', 'delete', 'async'] as const;
const names: Readonly<Record<PlainType, readonly string[]>> = {
  any: ['x', 'y', 'z', 'p'],
  int: ['k', 'n', 'q'],
  string: ['s', 'r'],
};

export function makeRule(relations: readonly MixedRelation[], draw: Draw, number: number): string {
  const mode = pick(modes, draw);
  const heads = relations.filter(({ kind, level, isKeyed }) => {
    if (mode === 'now') return level > 0;
    if (mode === 'next') return ['table', 'scratch', 'lattice'].includes(kind);
    if (mode === 'upsert') return kind === 'table' && isKeyed;
    return mode === 'async' ? kind === 'loopback' : kind === 'table';
  });
  if (heads.length === 0) return makeRule(relations, draw, number);
  const head = pick(heads, draw);
  const isDeductive = mode === 'now';
  const isAggregated = mode !== 'delete' && head.columns.length > 0 && draw(7) === 0;
  const own = isDeductive ? head.level : Number.POSITIVE_INFINITY;
  const readable = relations.filter(
    ({ kind, level }) =>
      kind !== 'output' && (level < own || (level === own && !isAggregated && kind !== 'view')),
  );
  const below = relations.filter(({ kind, level }) => kind !== 'output' && level < own);
  const body = new RandomBody(readable, below, own, draw);
  const columns = head.columns.map((type) => {
    if (mode === 'delete' && (isLattice(type) || draw(4) === 0)) return '_';
    return body.headTerm(type, isAggregated);
  });
  if (isAggregated) aggregate(head, columns, body, draw);
  const prefix = mode === 'upsert' || mode === 'delete' ? `${mode} ` : '';
  const suffix = mode === 'next' || mode === 'async' ? `@${mode}` : '';
  return `r${number}: ${prefix}${head.name}(${columns.join(', ')})${suffix} :- ${body.literals.join(', ')};`;
}

/** Makes the last column an aggregate where its type takes one. */
function aggregate(head: MixedRelation, columns: string[], body: RandomBody, draw: Draw): void {
  const last = columns.length - 1;
  const type = head.columns[last]!;
  const [any, int] = [body.plainTerm('any'), body.plainTerm('int')];
  if (type === 'any')
    columns[last] =
      `${pick(['count', 'min', 'max', 'list', 'set', 'count_distinct'], draw)}<${any}>`;
  if (type === 'int' || type === 'lmax<int>' || type === 'lmin<int>')
    columns[last] = pick([`count<${any}>`, `min<${int}>`, `max<${int}>`, `sum<${int}>`], draw);
  if (type === 'lset<any>') columns[last] = `set<${any}>`;
  if (type === 'lset<int>') columns[last] = `set<${int}>`;
}

class RandomBody {
  readonly literals: string[] = [];
  readonly #bound: Bound = { any: [], int: [], string: [], lattices: [] };
  readonly #draw: Draw;
  #fresh = 0;

  constructor(
    readable: readonly MixedRelation[],
    below: readonly MixedRelation[],
    own: number,
    draw: Draw,
  ) {
    this.#draw = draw;
    for (let n = 1 + draw(3); n > 0; n--) this.#atom(pick(readable, draw), own);
    if (draw(3) === 0 && below.length > 0) this.#negation(pick(below, draw));
    if (draw(2) === 0) this.#test();
    for (const { name, type, grows } of this.#bound.lattices)
      if (draw(3) === 0) this.#latticeTest(name, type, grows);
  }

  /** A variable of a plain type that is bound, or a constant. */
  plainTerm(type: PlainType): string {
    const draw = this.#draw;
    const bound = type === 'any' ? [...this.#bound.any, ...this.#bound.int] : this.#bound[type];
    return bound.length === 0 || draw(10) === 0
      ? valueText(randomOf(type, draw))
      : pick(bound, draw);
  }

  /** A term that the types let be compared with any other: a variable of type `any`, or an int. */
  #comparable(): string {
    const { any } = this.#bound;
    return any.length > 0 ? pick(any, this.#draw) : this.plainTerm('int');
  }

  headTerm(type: ColumnType, isAggregated: boolean): string {
    const draw = this.#draw;
    if (!isLattice(type)) {
      const shown = this.#bound.lattices.filter(({ grows }) => !grows);
      if (type === 'any' && shown.length > 0 && draw(3) === 0) return pick(shown, draw).name;
      return this.plainTerm(type);
    }
    const own = this.#bound.lattices.filter(
      (each) => each.type === type && !(isAggregated && each.grows),
    );
    if (own.length > 0 && draw(4) > 0) return this.#grown(pick(own, draw).name, type);
    return latticeTerm(
      type,
      () => this.plainTerm('int'),
      () => (type === 'lbool' ? this.#comparable() : this.plainTerm('any')),
      draw,
    );
  }

  /** A lattice value that is at least as great as the variable's, or made from it monotonically. */
  #grown(name: string, type: LatticeType): string {
    const draw = this.#draw;
    if (draw(3) > 0) return name;
    const int = this.plainTerm('int');
    switch (type) {
      case 'lmin<int>':
        return pick([`${name} + ${int}`, `${name}.merge(${draw(4)})`, `${name}.minus(0)`], draw);
      case 'lmax<int>':
        return draw(4) === 0 ? `${name} + ${int}` : `${name}.merge(${draw(4)})`;
      case 'lset<int>':
        return pick([`${name}.with(${int})`, `${name}.intersect(${name})`], draw);
      case 'lset<any>':
        return `${name}.with(${this.plainTerm('any')})`;
      case 'lmap<int, lmax<int>>':
        return `${name}.merge({${int}: ${draw(3)}})`;
      case 'lbool':
        return `${name}.or(${name})`;
      case '(lset<int>, lmin<int>)':
        return `(${name}.first(), ${name}.second())`;
      default:
        return name;
    }
  }

  #atom({ name, columns, level }: MixedRelation, own: number): void {
    const draw = this.#draw;
    const written = columns.map((type) => {
      const choice = draw(10);
      if (choice === 0) return '_';
      if (isLattice(type)) {
        if (choice < 3) return '_';
        if (choice === 3 && level < own && isMatched(type)) return contentText(type, draw);
        const variable = `m${this.#fresh++}`;
        this.#bound.lattices.push({ name: variable, type, grows: level === own });
        return variable;
      }
      if (choice === 1) return valueText(randomOf(type, draw));
      const variable = pick(names[type], draw);
      if (!this.#bound[type].includes(variable)) this.#bound[type].push(variable);
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
    this.literals.push(`notin ${name}(${written.join(', ')})`);
  }

  /** A test of plain values, or a literal that binds one more. */
  #test(): void {
    const draw = this.#draw;
    const [one, two] = [this.#comparable(), this.#comparable()];
    const [k, n] = [this.plainTerm('int'), this.plainTerm('int')];
    const bindsAny = (literal: string): void => {
      this.literals.push(literal);
      this.#bound.any.push('e');
    };
    const bindsInt = (...literals: string[]): void => {
      this.literals.push(...literals);
      this.#bound.int.push('d');
    };
    switch (draw(12)) {
      case 0:
        return void this.literals.push(`${k} ${pick(['<', '>=', '!='], draw)} ${n}`);
      case 1:
        return void this.literals.push(`${one} == ${two}`);
      case 2:
        return void this.literals.push(`${one} != ${two}`);
      case 3:
        return bindsAny(`e = (${one}, ${two})`);
      case 4:
        return bindsAny(`e in [${one}, ${two}, 1]`);
      case 5:
        return this.#bound.any.length > 0
          ? bindsAny(`(e, _) = ${this.#bound.any[0]!}`)
          : void this.literals.push(`${one} == ${one}`);
      case 6:
        return bindsAny(`e = least(${one}, ${two})`);
      case 7:
        return bindsInt(`d = ${k} ${pick(['+', '-', '*'], draw)} ${n}`, 'd < 6', 'd > -6');
      case 8:
        return bindsInt(`d = 6 / ${k}`);
      case 9:
        return void this.literals.push(`${k} + ${n} ${pick(['<', '>'], draw)} 3`);
      case 10:
        return void this.literals.push(`${one} notin [${two}, 0]`);
      default:
        return bindsInt(`d = if ${k} < ${n} then ${k} else ${n}`);
    }
  }

  /** A threshold, or members, of a lattice value; what is not monotone only where it has settled. */
  #latticeTest(name: string, type: LatticeType, grows: boolean): void {
    const draw = this.#draw;
    const int = this.plainTerm('int');
    const push = (...tests: string[]): void => void this.literals.push(pick(tests, draw));
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
        if (draw(2) === 0) return this.#members(`d in ${name}`, 'd', 'int');
        return push(`${name}.contains(${int})`, `${name}.size() >= 2`);
      case 'lset<any>':
        if (draw(2) === 0) return this.#members(`e in ${name}`, 'e', 'any');
        return push(`${name}.size() >= 1`, `${name}.contains(${this.plainTerm('any')})`);
      case 'lbool':
        return push(name, `${name}.when_true()`);
      case 'lmap<int, lmax<int>>':
        if (draw(2) === 0) return this.#members(`(d, _) in ${name}`, 'd', 'int');
        return push(`${name}.has_key(${int})`, `${name}.at(${int}) >= 2`);
      case 'lbag<int>':
        return push(`${name}.size() >= 2`, `${name}.contains(${int})`);
      case 'lpset<int>':
        return push(`${name}.sum() >= 3`);
      case '(lset<int>, lmin<int>)':
        return push(`${name}.second() <= ${int}`, `${name}.first().size() >= 1`);
      case 'ldom<lmax<int>, lset<int>>':
        return push(`${name}.has_value()`);
    }
  }

  #members(literal: string, variable: string, type: 'any' | 'int'): void {
    if (this.#bound.any.includes(variable) || this.#bound.int.includes(variable)) return;
    this.literals.push(literal);
    this.#bound[type].push(variable);
  }

  #revealed(name: string, type: LatticeType): void {
    const draw = this.#draw;
    if (type === 'lmin<int>' || type === 'lmax<int>') {
      const variable = `h${this.#fresh++}`;
      this.literals.push(`${variable} = reveal(${name})`);
      this.#bound.int.push(variable);
      if (draw(2) === 0) this.literals.push(`${name} != ${draw(4)}`);
    } else {
      const variable = `h${this.#fresh++}`;
      this.literals.push(`${variable} = reveal(${name})`);
    }
  }
}
