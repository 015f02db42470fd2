/**
 * One version of a rule's body while its code is written: which program's variable goes by which
 * name, how what the atoms read is laid out, and what is fetched of it beforehand.
 */
import { defined } from '../base/assert.js';
import { areGivenPairs, isReadByLayout, placedColumns } from '../plan/layouts.js';
import type {
  AtomAccess,
  PhysicalPlan,
  PlannedRule,
  PlanTerm,
  Step,
} from '../plan/physical-plan.js';
import type { CodeUnit } from './code-unit.js';
import { converted, generateTerm, type Scope } from './generate-term.js';
import { columnOf, fetchByKey } from './open-csr.js';
import { isKeyedLattice, keyOfLattice } from './open-lattice.js';
import { fetchArrays, rowsOf, type Layout, type PairContext } from './open-pairs.js';
import { identifier } from './quote.js';
import { TurnCounter } from './turn-counter.js';

/** What is no relation of the program. */
const NO_SLOT = -1;

export class BodyContext {
  readonly unit: CodeUnit;
  readonly plan: PhysicalPlan;
  readonly rule: PlannedRule;
  /** Position of the body in its rule. */
  readonly body: number;
  readonly scope: Scope = new Map();
  /** Slots of the head's relation, by the variable that is their key. */
  readonly slotByKey = new Map<string, string>();
  /** Whether what fails to evaluate is passed over. */
  isLenient = false;
  readonly unchanging: ReadonlySet<number>;
  readonly turns: TurnCounter;

  /** `unchanging`: slots that are read as rows that do not change while the function runs. */
  constructor(
    unit: CodeUnit,
    plan: PhysicalPlan,
    rule: PlannedRule,
    body: number,
    unchanging: readonly number[],
  ) {
    [this.unit, this.plan, this.rule, this.body] = [unit, plan, rule, body];
    this.unchanging = new Set(unchanging);
    this.turns = new TurnCounter(unit, rule.rule.id);
  }

  /** An expression for words among which the head's key will be, if they are at hand in one array. */
  keySource(steps: readonly Step[]): string | null {
    const key = keyOfLattice(this.plan.relations[this.rule.head]!);
    const argument = this.rule.rule.head.arguments[key]!;
    if (argument.kind !== 'term' || argument.term.kind !== 'variable') return null;
    const { name } = argument.term;
    for (const step of steps) {
      const bound = step.access?.binds.find((bind) => bind.name === name);
      if (bound === undefined || step.access!.changeWidth !== null) continue;
      const { slot, columns } = step.access!;
      const relation = this.relation(slot);
      if (this.isByLayout(step)) return columnOf(relation, columns[0]!, bound.column);
      const { arity, keyColumn, isLattice } = this.layoutOf(step.access!);
      if (this.isUnchanging(slot) && columns.length === 1)
        return `${rowsOf(relation, columns[0]!)}$words`;
      if (this.isGiven(slot) && columns.length === 0) {
        const rows = rowsOf(relation, keyColumn);
        return bound.column === keyColumn ? rows : `${rows}$words`;
      }
      const walksKeys = arity === 2 && !isLattice && columns.length === 0;
      return walksKeys && bound.column === keyColumn ? `${relation}.directory.words` : null;
    }
    return null;
  }

  /** Binds a program's variable to a new identifier. */
  declare(name: string): string {
    const local = identifier('v', this.unit.nextNumber(), name);
    this.scope.set(name, local);
    return local;
  }

  /** Fetches what the steps read; `isPlanned`: the indexes that they need are there. */
  fetchRelations(steps: readonly Step[], isPlanned: boolean): void {
    const accesses = steps.flatMap(({ access }) =>
      access === null || access.changeWidth !== null ? [] : [access],
    );
    const { writer } = this.unit;
    for (const slot of new Set(accesses.map((access) => access.slot))) {
      const name = this.relation(slot);
      const relation = this.plan.relations[slot]!;
      const readsOnlyRows = steps.every(
        ({ access, literal }) =>
          access?.slot !== slot ||
          access.changeWidth !== null ||
          (literal.kind === 'atom' && !literal.negated && access.columns.length < 2),
      );
      const wantsSlots = this.isGiven(slot) && !(isPlanned && readsOnlyRows);
      const held = `${this.unit.helper('relations')}[${slot}]`;
      writer.line(`const ${name} = ${held}${wantsSlots ? '.unpacked()' : ''};`);
      if (!isPlanned || placedColumns(relation).length > 0) continue;
      const own = steps.flatMap((step) =>
        accesses.includes(step.access!) && step.literal.kind === 'atom' && !step.literal.negated
          ? [{ step, access: step.access! }]
          : [],
      );
      const ofSlot = own.filter(({ access }) => access.slot === slot);
      const byKey = ofSlot.filter(({ step }) => this.isByLayout(step));
      const searched = ofSlot.map(({ access }) => access);
      fetchByKey(
        byKey.map(({ access }) => access),
        name,
        writer,
      );
      if (relation.schema.columns.length === 2 && searched.length > 0)
        fetchArrays(name, searched, this.layoutOf(searched[0]!), this.context(slot));
    }
  }

  /** Whether an atom is searched through a layout by one column. */
  isByLayout({ literal, access }: Step): boolean {
    if (access === null || access.changeWidth !== null) return false;
    const { relations } = this.plan;
    const head = relations[this.rule.head]!;
    return isReadByLayout(literal, access, relations[access.slot]!, head.storage);
  }

  /** Whether an atom walks over rows that lie one after another. */
  isWalkedByRows({ literal, access }: Step): boolean {
    if (literal.kind !== 'atom' || literal.negated || access!.columns.length > 0) return false;
    const { arity, isLattice } = this.layoutOf(access!);
    // What comes all at once for good is not laid out anew for one walk.
    const isStatic = this.plan.relations[access!.slot]!.storage === 'static';
    return arity > 2 && !isLattice && (access!.changeWidth !== null || !isStatic);
  }

  /** Whether the head inserts into the relation while the function runs. */
  isTarget(slot: number): boolean {
    return this.rule.rule.head.mode === 'now' && this.rule.head === slot;
  }

  /** Whether the relation is read as rows that do not change while the function runs. */
  isUnchanging(slot: number): boolean {
    return this.unchanging.has(slot) || this.isGiven(slot);
  }

  /** Whether it is one of pairs that are there as rows, once and for all. */
  isGiven(slot: number): boolean {
    const relation = this.plan.relations[slot];
    return relation !== undefined && areGivenPairs(relation);
  }

  /** The name of what an atom reads. */
  nameOf({ slot, changeWidth }: AtomAccess): string {
    return changeWidth === null ? this.relation(slot) : 'change';
  }

  /** How what an atom reads is laid out. */
  layoutOf({ slot, changeWidth }: AtomAccess): Layout {
    const relation = this.plan.relations[slot]!;
    const { schema, keyColumn } = relation;
    if (changeWidth !== null) return { arity: changeWidth, keyColumn: 0, isLattice: false };
    return {
      arity: schema.columns.length,
      keyColumn,
      isLattice: placedColumns(relation).length > 0,
    };
  }

  /** Whether the search of an atom is loops and tests, without a callback. */
  isWrittenOut(access: AtomAccess): boolean {
    const { isLattice, arity } = this.layoutOf(access);
    return isLattice ? isKeyedLattice(this.plan.relations[access.slot]!) : arity < 3;
  }

  /** The name of a relation. */
  relation(slot: number): string {
    return identifier('r', slot, defined(this.plan.relations[slot], 'a slot').schema.name);
  }

  /** An expression for a term's word. */
  term(term: PlanTerm): string {
    return generateTerm(term, this.scope, this.unit);
  }

  /** The word of a known argument, as its column holds it. */
  readonly wordAt = (access: AtomAccess, column: number): string => {
    const argument = defined(access.known[access.columns.indexOf(column)], 'a known column');
    const { columns } = this.plan.relations[access.slot]!.schema;
    // What is narrower than its relation holds none of the values that merge.
    const isNarrow = access.changeWidth !== null && access.changeWidth < columns.length;
    const type = isNarrow ? argument.type : columns[column]!.type;
    return converted(this.term(argument), argument.type, type, this.unit);
  };

  /** What the loops of an atom's search need. */
  contextOf({ slot, changeWidth }: AtomAccess): PairContext {
    return this.context(changeWidth === null ? slot : NO_SLOT);
  }

  /** The same of a relation; by default of none. */
  context(slot = NO_SLOT): PairContext {
    return {
      writer: this.unit.writer,
      fresh: (prefix) => identifier(prefix, this.unit.nextNumber(), ''),
      declare: (variable) => this.declare(variable),
      lookup: (variable) => defined(this.scope.get(variable), variable),
      word: this.wordAt,
      isTarget: this.isTarget(slot),
      isUnchanging: this.isUnchanging(slot),
      isGiven: this.isGiven(slot),
      noteSlot: (variable, name) => void this.slotByKey.set(variable, name),
    };
  }
}
