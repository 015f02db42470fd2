/**
 * One version of a rule's body as a function: nested loops and tests, a level a step, around the
 * head. What the head does with a binding depends on the rule: it goes into a relation, or into
 * the groups of an aggregate, or, behind an evaluation that has failed, proves the failure.
 */
import { defined } from '../base/assert.js';
import type {
  AtomAccess,
  BodyVersion,
  PhysicalPlan,
  PlanLiteral,
  PlannedRule,
  PlanPattern,
  PlanTerm,
  PlanType,
  Step,
} from '../plan/physical-plan.js';
import { isReadByLayout } from '../plan/layouts.js';
import { fitsSurely } from '../plan/fits-surely.js';
import type { CodeUnit } from './code-unit.js';
import { addBinding, headWords, type HeadContext } from './generate-head.js';
import {
  converted,
  generateBoxed,
  generateCondition,
  generateTerm,
  mayReveal,
  mayThrow,
  type Scope,
} from './generate-term.js';
import { InsertCursor, type PivotPlace } from './insert-cursor.js';
import {
  absentLattice,
  fetchTarget,
  isKeyedLattice,
  keyOfLattice,
  openLattice,
  writeMerge,
} from './open-lattice.js';
import { columnOf, fetchByKey, openByKey } from './open-csr.js';
import {
  absentTest,
  fetchArrays,
  fetchChange,
  openPair,
  openRun,
  openUnary,
  rowsOf,
  type Layout,
  type PairContext,
  type Run,
} from './open-pairs.js';
import { openAbsent, openProbe } from './open-probe.js';
import { identifier, quoteComment } from './quote.js';
import {
  isSure,
  neededWords,
  variablesOf,
  type ChangeUse,
  type FailingStep,
} from './step-facts.js';
import { isLoop, TurnCounter } from './turn-counter.js';

/** A word that no value has; see the engine's words. */
const NO_WORD = '-1';
/** What is no relation of the program. */
const NO_SLOT = -1;

type Head = 'insert' | 'aggregate' | 'confirm' | 'note';

export class VersionGenerator {
  readonly #unit: CodeUnit;
  readonly #plan: PhysicalPlan;
  readonly #rule: PlannedRule;
  readonly #body: number;
  readonly #scope: Scope = new Map();
  /** Runs that nobody has needed to walk so far. */
  #pending: Run[] = [];
  #isLenient = false;
  /** Slots of the head's relation, by the variable that is their key. */
  readonly #slotByKey = new Map<string, string>();
  /** Where the head's key has all it needs; null where each insertion looks for itself. */
  #cursor: InsertCursor | null = null;
  /** The slot that the cursor stands on, as far as that was known beforehand. */
  #cursorSlot: string | null = null;

  readonly #turns: TurnCounter;
  readonly #unchanging: ReadonlySet<number>;

  /** `unchanging`: slots that are read as rows that do not change while the function runs. */
  constructor(
    unit: CodeUnit,
    plan: PhysicalPlan,
    rule: PlannedRule,
    body: number,
    unchanging: readonly number[] = [],
  ) {
    [this.#unit, this.#plan, this.#rule, this.#body] = [unit, plan, rule, body];
    this.#unchanging = new Set(unchanging);
    this.#turns = new TurnCounter(unit, rule.rule.id);
  }

  /** A function that derives what the body version gives. */
  version(version: BodyVersion, key: string): void {
    const { rule } = this.#rule;
    const name = identifier('rule', this.#unit.nextNumber(), rule.name);
    const { writer } = this.#unit;
    writer.line(
      quoteComment(
        `${rule.origin.rule}${version.delta === null ? '' : `, new tuples of literal ${version.delta + 1}`}`,
      ),
    );
    writer.open(`function ${name}() {`);
    this.#unit.beginTally(key);
    this.#declareRelations(version.steps, true);
    this.#turns.begin(version.steps);
    this.#derive(version.steps);
    writer.closeTo(0);
    this.#unit.export(key, name);
  }

  /** A function of a change that derives, or notes, what the steps give. */
  ofChange(steps: readonly Step[], { notes, isLenient }: ChangeUse, key: string): void {
    const { rule } = this.#rule;
    const name = identifier('upkeep', this.#unit.nextNumber(), rule.name);
    const { writer } = this.#unit;
    this.#isLenient = isLenient;
    writer.line(quoteComment(`${rule.origin.rule}, upkeep ${key}`));
    writer.open(`function ${name}(change) {`);
    this.#declareRelations(steps, true);
    for (const { access } of steps) if (access !== null) fetchChange(access, writer);
    this.#turns.begin(steps);
    if (!notes) this.#derive(steps);
    else {
      writer.line(`const noted = $.notedOf(${rule.id}), head = noted.row;`);
      this.#steps(steps, 'note');
    }
    writer.closeTo(0);
    this.#unit.export(key, name);
  }

  #derive(steps: readonly Step[]): void {
    const { rule } = this.#rule;
    const { writer } = this.#unit;
    if (rule.aggregated) writer.line(`const groups = $.groupsOf(${rule.id});`);
    else {
      writer.line(`const target = $.targetOf(${rule.id});`);
      writer.line('const into = target.relation, head = target.row;');
      if (this.#mergesWords()) fetchTarget(this.#unit, this.#keySource(steps));
    }
    this.#steps(steps, rule.aggregated ? 'aggregate' : 'insert');
  }

  /** An expression for words among which the head's key will be, if they are at hand in one array. */
  #keySource(steps: readonly Step[]): string | null {
    const key = keyOfLattice(this.#plan.relations[this.#rule.head]!);
    const argument = this.#rule.rule.head.arguments[key]!;
    if (argument.kind !== 'term' || argument.term.kind !== 'variable') return null;
    const { name } = argument.term;
    for (const step of steps) {
      const bound = step.access?.binds.find((bind) => bind.name === name);
      if (bound === undefined || step.access!.changeWidth !== null) continue;
      const { slot, columns } = step.access!;
      const relation = this.#relation(slot);
      if (this.#isByLayout(step)) return columnOf(relation, columns[0]!, bound.column);
      if (this.#unchanging.has(slot) && columns.length === 1)
        return `${rowsOf(relation, columns[0]!)}$words`;
      const { arity, keyColumn, isLattice } = this.#layoutOf(step.access!);
      const walksKeys = arity === 2 && !isLattice && columns.length === 0;
      return walksKeys && bound.column === keyColumn ? `${relation}.directory.words` : null;
    }
    return null;
  }

  /** A function that throws `error` if what remains after a failed evaluation holds. */
  rest(steps: readonly Step[], bound: readonly string[], key: string): void {
    const { writer } = this.#unit;
    const parameters = bound.map((name) => this.#declare(name));
    writer.line(
      quoteComment(`${this.#rule.rule.origin.rule}, behind an evaluation that has failed`),
    );
    writer.open(`function rest(${['error', ...parameters].join(', ')}) {`);
    this.#declareRelations(steps, false);
    this.#turns.begin(steps);
    this.#steps(steps, 'confirm');
    writer.closeTo(0);
    this.#unit.export(key, 'rest');
  }

  /** Derives what a recursive body gives for the tuple on which a cursor stands, in its pivot and beside it. */
  fromPivot({ steps: [first, ...others] }: BodyVersion, at: PivotPlace): void {
    const { keyColumn } = this.#plan.relations[this.#rule.head]!;
    for (const { column, name } of defined(first?.access, 'the recursive atom').binds)
      this.#scope.set(name, column === keyColumn ? at.key : at.value);
    this.#cursor = at.cursor;
    this.#steps(others, 'insert');
  }

  /** Fetches what the steps read. */
  fetch(steps: readonly Step[]): void {
    this.#declareRelations(steps, true);
  }

  #declare(name: string): string {
    const local = identifier('v', this.#unit.nextNumber(), name);
    this.#scope.set(name, local);
    return local;
  }

  /** `isPlanned`: the indexes that the steps need are there. */
  #declareRelations(steps: readonly Step[], isPlanned: boolean): void {
    const accesses = steps.flatMap(({ access }) =>
      access === null || access.changeWidth !== null ? [] : [access],
    );
    const { writer } = this.#unit;
    for (const slot of new Set(accesses.map((access) => access.slot))) {
      const name = this.#relation(slot);
      writer.line(`const ${name} = $.relations[${slot}];`);
      const relation = this.#plan.relations[slot]!;
      if (!isPlanned || relation.merged.length > 0) continue;
      const own = steps.flatMap((step) =>
        accesses.includes(step.access!) && step.literal.kind === 'atom' && !step.literal.negated
          ? [{ step, access: step.access! }]
          : [],
      );
      const ofSlot = own.filter(({ access }) => access.slot === slot);
      const byKey = ofSlot.filter(({ step }) => this.#isByLayout(step));
      const searched = ofSlot.map(({ access }) => access);
      fetchByKey(
        byKey.map(({ access }) => access),
        name,
        writer,
      );
      if (relation.schema.columns.length === 2 && searched.length > 0)
        fetchArrays(name, searched, this.#layoutOf(searched[0]!), this.#context(slot));
    }
  }

  #isByLayout({ literal, access }: Step): boolean {
    if (access === null || access.changeWidth !== null) return false;
    const { relations } = this.#plan;
    const head = relations[this.#rule.head]!;
    return isReadByLayout(literal, access, relations[access.slot]!, head.storage);
  }

  /** Whether the head inserts into the relation while the function runs. */
  #isTarget(slot: number): boolean {
    return this.#rule.rule.head.mode === 'now' && this.#rule.head === slot;
  }

  #nameOf({ slot, changeWidth }: AtomAccess): string {
    return changeWidth === null ? this.#relation(slot) : 'change';
  }

  /** How what an atom reads is laid out. */
  #layoutOf({ slot, changeWidth }: AtomAccess): Layout {
    const { schema, keyColumn, merged } = this.#plan.relations[slot]!;
    if (changeWidth !== null) return { arity: changeWidth, keyColumn: 0, isLattice: false };
    return { arity: schema.columns.length, keyColumn, isLattice: merged.length > 0 };
  }

  /** Whether the search of an atom is loops and tests, without a callback. */
  #isWrittenOut(access: AtomAccess): boolean {
    const { isLattice, arity } = this.#layoutOf(access);
    return isLattice ? isKeyedLattice(this.#plan.relations[access.slot]!) : arity < 3;
  }

  #relation(slot: number): string {
    return identifier('r', slot, defined(this.#plan.relations[slot], 'a slot').schema.name);
  }

  #term(term: PlanTerm): string {
    return generateTerm(term, this.#scope, this.#unit);
  }

  #steps(steps: readonly Step[], head: Head): void {
    const key = head === 'insert' && this.#insertsWords() ? this.#cursorKey(steps) : null;
    for (const [i, step] of steps.entries()) {
      if (key !== null && i > 0) this.#openCursor(key, step);
      this.#step(step, head !== 'confirm');
    }
    if (head === 'insert' && this.#mergesWords()) return this.#mergeWords();
    if (head === 'insert' && this.#insertsWords()) return this.#insertWords();
    this.#walk(() => true);
    if (head === 'confirm') this.#unit.writer.line('throw error;');
    else if (head === 'aggregate') addBinding(this.#head());
    else if (head === 'note') this.#noteHead();
    else this.#insertHead();
  }

  /** `isPlanned`: the indexes that the step needs are there. */
  #step(step: Step, isPlanned: boolean): void {
    const { literal, access } = step;
    if (literal.kind !== 'atom') {
      this.#walk(() => true);
      return this.#openTest(step, literal);
    }
    const needed = neededWords(step);
    this.#walk(({ variable }) => needed.has(variable));
    const layout = this.#layoutOf(access!);
    const { arity } = layout;
    const relation = this.#plan.relations[access!.slot]!;
    const name = this.#nameOf(access!);
    if (access!.columns.length > 0) this.#unit.tally('probes');
    if (isLoop(step))
      this.#turns.loop(this.#cursor, access!.columns.length === 0 ? `${name}.size` : undefined);
    if (literal.negated) {
      const absent = layout.isLattice
        ? () => absentLattice(access!, relation, name, this.#wordAt)
        : () => absentTest(access!, layout, name, this.#wordAt);
      const test = isPlanned ? absent() : null;
      if (test === null) openAbsent(access!, name, this.#wordAt, this.#unit);
      else this.#unit.writer.open(`if (${test}) {`);
    } else if (layout.isLattice && isPlanned && isKeyedLattice(relation))
      openLattice(access!, relation, name, this.#contextOf(access!));
    else if (layout.isLattice) this.#openAtom(access!);
    else if (isPlanned && this.#isByLayout(step))
      openByKey(access!, name, this.#contextOf(access!));
    else if (isPlanned && arity === 1) openUnary(access!, name, this.#contextOf(access!));
    else if (isPlanned && arity === 2) {
      const run = openPair(access!, layout, name, this.#contextOf(access!));
      if (run !== null) this.#pending.push(run);
    } else this.#openAtom(access!);
  }

  /** The word of a known argument, as its column holds it. */
  readonly #wordAt = (access: AtomAccess, column: number): string => {
    const argument = defined(access.known[access.columns.indexOf(column)], 'a known column');
    const { type } = this.#plan.relations[access.slot]!.schema.columns[column]!;
    return converted(this.#term(argument), argument.type, type, this.#unit);
  };

  #contextOf({ slot, changeWidth }: AtomAccess): PairContext {
    return this.#context(changeWidth === null ? slot : NO_SLOT);
  }

  #context(slot: number): PairContext {
    return {
      writer: this.#unit.writer,
      fresh: (prefix) => identifier(prefix, this.#unit.nextNumber(), ''),
      declare: (variable) => this.#declare(variable),
      lookup: (variable) => defined(this.#scope.get(variable), variable),
      word: this.#wordAt,
      isTarget: this.#isTarget(slot),
      isUnchanging: this.#unchanging.has(slot),
      noteSlot: (variable, name) => void this.#slotByKey.set(variable, name),
    };
  }

  /** Opens the loops over pending runs that somebody needs. */
  #walk(isNeeded: (run: Run) => boolean): void {
    const needed = this.#pending.filter(isNeeded);
    this.#pending = this.#pending.filter((run) => !needed.includes(run));
    for (const run of needed) {
      const declared = this.#declare(run.variable);
      openRun(this.#atCursor(run), declared, this.#context(NO_SLOT));
    }
  }

  /** While a cursor is open, it alone knows the arrays of its relation. */
  #atCursor(run: Run): Run {
    const cursor = this.#cursor;
    if (cursor === null || run.ownSlot === null) return run;
    const { words } = cursor;
    if (run.ownSlot === this.#cursorSlot) return { ...run, words, base: cursor.base };
    // Only the cursor's own vector moves, and leaves behind what it held.
    const base = identifier('base', this.#unit.nextNumber(), '');
    this.#unit.writer.line(`const ${base} = ${run.base};`);
    return { ...run, words, base };
  }

  /**
   * The term for the key under which the head inserts, if a cursor may stand on it: where all
   * loops are written out and nothing inside them can fail.
   */
  #cursorKey(steps: readonly Step[]): (PlanTerm & { kind: 'variable' }) | null {
    const { keyColumn, schema } = this.#plan.relations[this.#rule.head]!;
    const argument = this.#rule.rule.head.arguments[keyColumn]!;
    if (schema.columns.length !== 2 || argument.kind !== 'term') return null;
    if (argument.term.kind !== 'variable') return null;
    const areSimple = steps.every(({ literal, access }) =>
      literal.kind === 'atom'
        ? this.#isWrittenOut(access!)
        : literal.kind === 'condition' && isSure(literal.term),
    );
    return areSimple ? argument.term : null;
  }

  /** Opens a cursor on the key as soon as it is bound, with `step` and more still inside. */
  #openCursor(key: PlanTerm & { kind: 'variable' }, step: Step): void {
    if (this.#cursor !== null) return;
    const needed = neededWords(step);
    const isNeeded = ({ variable }: Run): boolean => needed.has(variable);
    // Where two runs are to be walked anyhow, the key's comes first.
    if (this.#pending.some((run) => isNeeded(run) && run.variable !== key.name))
      this.#walk(({ variable }) => variable === key.name);
    const word = this.#scope.get(key.name);
    if (word === undefined) return;
    this.#cursorSlot = this.#slotByKey.get(key.name) ?? null;
    const fresh = (prefix: string): string => identifier(prefix, this.#unit.nextNumber(), '');
    this.#cursor = new InsertCursor(this.#unit.writer, fresh, word, this.#cursorSlot);
  }

  #mergesWords(): boolean {
    const relation = this.#plan.relations[this.#rule.head]!;
    if (!isKeyedLattice(relation) || relation.merged.length !== 1) return false;
    return this.#rule.rule.head.mode === 'now' && relation.bare.some((name) => name !== null);
  }

  /** Whether the head goes into a unary or binary relation as it is. */
  #insertsWords(): boolean {
    const { rule } = this.#rule;
    const { merged, schema } = this.#plan.relations[this.#rule.head]!;
    const { columns } = schema;
    if (merged.length > 0) return false;
    if (rule.head.arguments.some((a) => a.kind === 'term' && mayReveal(a.term))) return false;
    if (
      this.#rule.readsGrowing &&
      rule.head.arguments.some((a) => a.kind === 'term' && mayThrow(a.term))
    )
      return false;
    if (columns.length === 0 || columns.length > 2 || rule.head.mode !== 'now') return false;
    return rule.head.arguments.every(
      (argument, i) => argument.kind === 'term' && fitsSurely(argument.term, columns[i]!.type),
    );
  }

  #insertWords(): void {
    const { writer } = this.#unit;
    const { keyColumn, schema } = this.#plan.relations[this.#rule.head]!;
    const terms = this.#rule.rule.head.arguments.flatMap((a) =>
      a.kind === 'term' ? [a.term] : [],
    );
    const used = new Set(terms.flatMap((term) => [...variablesOf(term)]));
    if (schema.columns.length === 1) {
      this.#walkUsed(used);
      this.#unit.tally('derivations');
      writer.open(`if (into.insertWord(${this.#term(terms[0]!)})) {`);
      writer.line('target.spend(1);');
      return;
    }
    const [key, value] = [terms[keyColumn]!, terms[1 - keyColumn]!];
    if (this.#cursor !== null) {
      this.#walkUsed(used);
      this.#unit.tally('derivations');
      this.#cursor.insert(this.#term(value));
      return;
    }
    const run = this.#pending.find(
      ({ variable }) =>
        value.kind === 'variable' && value.name === variable && !variablesOf(key).has(variable),
    );
    if (run === undefined) {
      this.#walkUsed(used);
      const [k, v] = [this.#term(key), this.#term(value)];
      const word = identifier('w', this.#unit.nextNumber(), '');
      this.#unit.tally('derivations');
      writer.line(`const ${word} = ${v};`);
      writer.open(`if (into.insertValue(into.slotFor(${k}), ${word})) {`);
      writer.line('target.spend(1);');
      return;
    }
    this.#pending = this.#pending.filter((other) => other !== run);
    this.#walkUsed(used);
    this.#unit.tally('derivations', `${run.to} - ${run.from}`);
    const fresh = identifier('fresh', this.#unit.nextNumber(), '');
    writer.line(
      `const ${fresh} = into.insertRun(into.slotFor(${this.#term(key)}), ${run.words}, ${run.base} + ${run.from}, ${run.base} + ${run.to});`,
    );
    writer.open(`if (${fresh} > 0) {`);
    writer.line(`target.spend(${fresh});`);
  }

  /** Walks the runs whose variables the head has; of others it is enough that they are not empty. */
  #walkUsed(used: ReadonlySet<string>): void {
    this.#walk(({ variable }) => used.has(variable));
    this.#pending = [];
  }

  #openAtom(access: AtomAccess): void {
    const { arity } = this.#layoutOf(access);
    openProbe(access, arity, this.#nameOf(access), this.#contextOf(access));
  }

  #openTest(step: Step, literal: Exclude<PlanLiteral, { kind: 'atom' }>): void {
    const { writer } = this.#unit;
    if (literal.kind === 'condition') {
      const test = generateCondition(literal.term, this.#scope, this.#unit);
      writer.open(
        isSure(literal.term) ? `if (${test}) {` : `if (${this.#guarded(step, test, 'false')}) {`,
      );
      return;
    }
    if (literal.kind === 'member') return this.#openMember(step, literal);
    const value = this.#guardedWord(step, literal.term);
    const pattern = literal.kind === 'assign' ? literal.variable : literal.pattern;
    this.#openPattern(pattern, value, literal.term.type);
  }

  #openMember(step: Step, literal: Extract<PlanLiteral, { kind: 'member' }>): void {
    const { writer } = this.#unit;
    const collection = generateBoxed(literal.collection, this.#scope, this.#unit);
    const members = `${this.#unit.helper('membersOf')}(${collection})`;
    const all = this.#guarded(step, members, 'null');
    const item = identifier('item', this.#unit.nextNumber(), '');
    if (!literal.negated) {
      writer.open(`if (${all} !== null) {`);
      this.#turns.loop(this.#cursor, `${all}.length`);
      writer.open(`for (const ${item} of ${all}) {`);
      return this.#openPattern(literal.pattern, item);
    }
    const found = identifier('found', this.#unit.nextNumber(), '');
    writer.line(`let ${found} = ${all} === null;`);
    const depth = writer.depth;
    writer.open(`if (!${found}) {`);
    writer.open(`for (const ${item} of ${all}) {`);
    this.#openPattern(literal.pattern, item);
    writer.line(`${found} = true;`);
    writer.line('break;');
    writer.closeTo(depth);
    writer.open(`if (!${found}) {`);
  }

  /** The name of a word, or of `NO_WORD` where the evaluation failed; opens the test for that. */
  #guardedWord(step: FailingStep, term: PlanTerm): string {
    const { writer } = this.#unit;
    if (!mayThrow(term)) {
      const plain = identifier('w', this.#unit.nextNumber(), '');
      writer.line(`const ${plain} = ${this.#term(term)};`);
      return plain;
    }
    const word = this.#guarded(step, this.#term(term), NO_WORD);
    writer.open(`if (${word} !== ${NO_WORD}) {`);
    return word;
  }

  /** The name of a variable that holds the expression, or `otherwise` if evaluating it failed. */
  #guarded(step: FailingStep, expression: string, otherwise: string): string {
    const { writer } = this.#unit;
    const name = identifier('t', this.#unit.nextNumber(), '');
    const { rule } = this.#rule;
    const site = this.#unit.site({
      rule: rule.id,
      body: this.#body,
      others: step.others,
      bound: step.bound,
    });
    const words = step.bound.map((variable) => this.#scope.get(variable)!);
    writer.line(`let ${name} = ${otherwise};`);
    writer.open('try {');
    writer.line(`${name} = ${expression};`);
    writer.closeTo(writer.depth - 1);
    writer.open('catch (error) {');
    if (this.#isLenient) writer.line(`${this.#unit.helper('passOver')}(error);`);
    else writer.line(`${this.#unit.helper('failed')}(${site}, error, [${words.join(', ')}]);`);
    writer.closeTo(writer.depth - 1);
    return name;
  }

  /** Opens blocks that are entered if the pattern matches the word of a type, boxed unless given. */
  #openPattern(pattern: PlanPattern, given: string, type: PlanType = boxedType): void {
    const { writer } = this.#unit;
    if (pattern.kind === 'wildcard') return;
    const word =
      pattern.kind === 'pattern' ? given : converted(given, type, pattern.type, this.#unit);
    if (pattern.kind === 'constant') {
      writer.open(`if (${word} === ${this.#term(pattern)}) {`);
      return;
    }
    if (pattern.kind === 'variable') {
      const known = this.#scope.get(pattern.name);
      if (known === undefined) writer.line(`const ${this.#declare(pattern.name)} = ${word};`);
      else writer.open(`if (${word} === ${known}) {`);
      return;
    }
    const items = identifier('items', this.#unit.nextNumber(), '');
    const helper = this.#unit.helper(pattern.shape === 'tuple' ? 'tupleItems' : 'listItems');
    writer.line(`const ${items} = ${helper}(${word});`);
    writer.open(`if (${items} !== null && ${items}.length === ${pattern.items.length}) {`);
    for (const [i, part] of pattern.items.entries()) this.#openPattern(part, `${items}[${i}]`);
  }

  #head(): HeadContext {
    const { columns } = this.#plan.relations[this.#rule.head]!.schema;
    return { rule: this.#rule, columns, scope: this.#scope, unit: this.#unit };
  }

  #insertHead(): void {
    const { writer } = this.#unit;
    const words = headWords(this.#head());
    this.#unit.tally('derivations');
    for (const [i, word] of words.entries()) writer.line(`head[${i}] = ${word};`);
    writer.line('target.insert();');
  }

  /** Merges into a relation of one plain and one lattice column whose words are compared. */
  #mergeWords(): void {
    const relation = this.#plan.relations[this.#rule.head]!;
    const used = this.#rule.rule.head.arguments.flatMap((argument) =>
      argument.kind === 'term' ? [...variablesOf(argument.term)] : [],
    );
    this.#walkUsed(new Set(used));
    const words = headWords(this.#head());
    this.#unit.tally('derivations');
    writeMerge(relation, words, this.#unit);
  }

  /** Notes the head, or the group of an aggregate. */
  #noteHead(): void {
    const { writer } = this.#unit;
    const terms = this.#rule.rule.head.arguments.flatMap((argument) =>
      argument.kind === 'term' && argument.term.kind !== 'wildcard' ? [argument.term] : [],
    );
    const words = this.#isLenient
      ? terms.map((term) => this.#guardedWord({ others: [], bound: [] }, term))
      : headWords(this.#head());
    for (const [i, word] of words.entries()) writer.line(`head[${i}] = ${word};`);
    writer.line('noted.insert();');
  }
}

/** A type whose words are boxed. */
const boxedType: PlanType = { kind: 'any' };
