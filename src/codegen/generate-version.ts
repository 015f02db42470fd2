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
  PlannedRule,
  PlanTerm,
  Step,
} from '../plan/physical-plan.js';
import { fitsSurely } from '../plan/fits-surely.js';
import { plainArguments } from '../plan/plan-upkeep.js';
import { BodyContext } from './body-context.js';
import type { CodeUnit } from './code-unit.js';
import { addBinding, headWords, type HeadContext } from './generate-head.js';
import { mayReveal, mayThrow } from './generate-term.js';
import { InsertCursor, type PivotPlace } from './insert-cursor.js';
import {
  absentLattice,
  fetchTarget,
  isKeyedLattice,
  openLattice,
  writeMerge,
} from './open-lattice.js';
import { openByKey } from './open-csr.js';
import {
  absentTest,
  fetchChange,
  openPair,
  openRun,
  openUnary,
  rowsOf,
  type Run,
} from './open-pairs.js';
import { openAbsent, openProbe, openWalk } from './open-probe.js';
import { guardedWord, openTest } from './open-test.js';
import { identifier, quoteComment } from './quote.js';
import { isSure, neededWords, variablesOf, type ChangeUse } from './step-facts.js';
import { isLoop } from './turn-counter.js';

type Head = 'insert' | 'aggregate' | 'confirm' | 'note';

export class VersionGenerator {
  readonly #context: BodyContext;
  readonly #unit: CodeUnit;
  readonly #plan: PhysicalPlan;
  readonly #rule: PlannedRule;
  /** Runs that nobody has needed to walk so far. */
  #pending: Run[] = [];
  /** Where the head's key has all it needs; null where each insertion looks for itself. */
  #cursor: InsertCursor | null = null;
  /** The slot that the cursor stands on, as far as that was known beforehand. */
  #cursorSlot: string | null = null;

  /** `unchanging`: slots that are read as rows that do not change while the function runs. */
  constructor(
    unit: CodeUnit,
    plan: PhysicalPlan,
    rule: PlannedRule,
    body: number,
    unchanging: readonly number[] = [],
  ) {
    [this.#unit, this.#plan, this.#rule] = [unit, plan, rule];
    this.#context = new BodyContext(unit, plan, rule, body, unchanging);
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
    this.#context.fetchRelations(version.steps, true);
    this.#context.turns.begin(version.steps);
    this.#derive(version.steps);
    writer.closeTo(0);
    this.#unit.export(key, name);
  }

  /** A function of a change that derives, or notes, what the steps give. */
  ofChange(steps: readonly Step[], { notes, isLenient }: ChangeUse, key: string): void {
    const { rule } = this.#rule;
    const name = identifier('upkeep', this.#unit.nextNumber(), rule.name);
    const { writer } = this.#unit;
    this.#context.isLenient = isLenient;
    writer.line(quoteComment(`${rule.origin.rule}, upkeep ${key}`));
    writer.open(`function ${name}(change) {`);
    this.#unit.beginTally(key);
    this.#context.fetchRelations(steps, true);
    for (const { access } of steps) if (access !== null) fetchChange(access, writer);
    this.#context.turns.begin(steps);
    if (!notes) this.#derive(steps);
    else {
      writer.line(`const noted = ${this.#unit.helper('notedOf')}(${rule.id}), head = noted.row;`);
      this.#steps(steps, 'note');
    }
    writer.closeTo(0);
    this.#unit.export(key, name);
  }

  #derive(steps: readonly Step[]): void {
    const { rule } = this.#rule;
    const { writer } = this.#unit;
    if (rule.aggregated)
      writer.line(`const groups = ${this.#unit.helper('groupsOf')}(${rule.id});`);
    else {
      writer.line(`const target = ${this.#unit.helper('targetOf')}(${rule.id});`);
      writer.line('const into = target.relation, head = target.row;');
      if (this.#mergesWords()) fetchTarget(this.#unit, this.#context.keySource(steps));
    }
    this.#steps(steps, rule.aggregated ? 'aggregate' : 'insert');
  }

  /** A function that throws `error` if what remains after a failed evaluation holds. */
  rest(steps: readonly Step[], bound: readonly string[], key: string): void {
    const { writer } = this.#unit;
    const parameters = bound.map((name) => this.#context.declare(name));
    writer.line(
      quoteComment(`${this.#rule.rule.origin.rule}, behind an evaluation that has failed`),
    );
    writer.open(`function rest(${['error', ...parameters].join(', ')}) {`);
    this.#context.fetchRelations(steps, false);
    this.#context.turns.begin(steps);
    this.#steps(steps, 'confirm');
    writer.closeTo(0);
    this.#unit.export(key, 'rest');
  }

  /** Derives what a recursive body gives for the tuple on which a cursor stands, in its pivot and beside it. */
  fromPivot({ steps: [first, ...others] }: BodyVersion, at: PivotPlace): void {
    const { keyColumn } = this.#plan.relations[this.#rule.head]!;
    for (const { column, name } of defined(first?.access, 'the recursive atom').binds)
      this.#context.scope.set(name, column === keyColumn ? at.key : at.value);
    this.#cursor = at.cursor;
    this.#steps(others, 'insert');
  }

  /** Fetches what the steps read. */
  fetch(steps: readonly Step[]): void {
    this.#context.fetchRelations(steps, true);
  }

  #steps(steps: readonly Step[], head: Head): void {
    if (head === 'insert' && this.#copiesRows(steps)) return this.#copyRows(steps);
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
      return openTest(this.#context, step, literal);
    }
    const needed = neededWords(step);
    this.#walk(({ variable }) => needed.has(variable));
    const layout = this.#context.layoutOf(access!);
    const { arity } = layout;
    const relation = this.#plan.relations[access!.slot]!;
    const name = this.#context.nameOf(access!);
    if (access!.columns.length > 0) this.#unit.tally('probes');
    if (isLoop(step)) {
      const most = access!.columns.length === 0 ? `${name}.size` : undefined;
      this.#context.turns.loop(this.#cursor, most);
    }
    if (literal.negated) {
      const absent = layout.isLattice
        ? () => absentLattice(access!, relation, name, this.#context.wordAt)
        : () => absentTest(access!, layout, name, this.#context.wordAt);
      const test = isPlanned ? absent() : null;
      if (test === null) openAbsent(access!, name, this.#context.wordAt, this.#unit);
      else this.#unit.writer.open(`if (${test}) {`);
    } else if (layout.isLattice && isPlanned && isKeyedLattice(relation))
      openLattice(access!, relation, name, this.#context.contextOf(access!));
    else if (layout.isLattice) this.#openAtom(access!);
    else if (isPlanned && this.#context.isByLayout(step))
      openByKey(access!, name, this.#context.contextOf(access!));
    else if (isPlanned && arity === 1) openUnary(access!, name, this.#context.contextOf(access!));
    else if (isPlanned && arity === 2) {
      const run = openPair(access!, layout, name, this.#context.contextOf(access!));
      if (run !== null) this.#pending.push(run);
    } else if (this.#context.isWalkedByRows(step))
      openWalk(access!, arity, name, this.#context.contextOf(access!));
    else this.#openAtom(access!);
  }

  /** Whether the head takes given pairs over as they are. */
  #copiesRows(steps: readonly Step[]): boolean {
    const [access, ...others] = steps.map((step) => step.access);
    if (access === null || access === undefined || others.length > 0) return false;
    const { slot, columns, binds, changeWidth } = access;
    if (changeWidth !== null || !this.#context.isGiven(slot) || columns.length > 0) return false;
    const { keyColumn } = this.#plan.relations[slot]!;
    const into = this.#plan.relations[this.#rule.head]!;
    const { arguments: items } = this.#rule.rule.head;
    const isInOrder = items.every(
      (argument, column) =>
        argument.kind === 'term' &&
        argument.term.kind === 'variable' &&
        binds.find((bind) => bind.column === column)?.name === argument.term.name,
    );
    const isPair = items.length === 2 && binds.length === 2;
    return this.#insertsWords() && isPair && isInOrder && keyColumn === into.keyColumn;
  }

  #copyRows([step]: readonly Step[]): void {
    const { slot } = defined(step?.access, 'an atom');
    const rows = rowsOf(this.#context.relation(slot), this.#plan.relations[slot]!.keyColumn);
    this.#unit.tally('derivations', `${rows}.size`);
    this.#unit.writer.line(`target.spend(into.insertRows(${rows}));`);
  }

  /** Opens the loops over pending runs that somebody needs. */
  #walk(isNeeded: (run: Run) => boolean): void {
    const needed = this.#pending.filter(isNeeded);
    this.#pending = this.#pending.filter((run) => !needed.includes(run));
    for (const run of needed) {
      const declared = this.#context.declare(run.variable);
      openRun(this.#atCursor(run), declared, this.#context.context());
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
    if (this.#unit.isTerse || schema.columns.length !== 2 || argument.kind !== 'term') return null;
    if (argument.term.kind !== 'variable') return null;
    const areSimple = steps.every(({ literal, access }) =>
      literal.kind === 'atom'
        ? this.#context.isWrittenOut(access!)
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
    const word = this.#context.scope.get(key.name);
    if (word === undefined) return;
    this.#cursorSlot = this.#context.slotByKey.get(key.name) ?? null;
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
    const { merged, schema, isRows } = this.#plan.relations[this.#rule.head]!;
    const { columns } = schema;
    if (merged.length > 0 || isRows) return false;
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
      writer.open(`if (into.insertWord(${this.#context.term(terms[0]!)})) {`);
      writer.line('target.spend(1);');
      return;
    }
    const [key, value] = [terms[keyColumn]!, terms[1 - keyColumn]!];
    if (this.#cursor !== null) {
      this.#walkUsed(used);
      this.#unit.tally('derivations');
      this.#cursor.insert(this.#context.term(value));
      return;
    }
    const run = this.#pending.find(
      ({ variable }) =>
        value.kind === 'variable' && value.name === variable && !variablesOf(key).has(variable),
    );
    if (run === undefined) {
      this.#walkUsed(used);
      const [k, v] = [this.#context.term(key), this.#context.term(value)];
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
      `const ${fresh} = into.insertRun(into.slotFor(${this.#context.term(key)}), ${run.words}, ${run.base} + ${run.from}, ${run.base} + ${run.to});`,
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
    const { arity } = this.#context.layoutOf(access);
    openProbe(access, arity, this.#context.nameOf(access), this.#context.contextOf(access));
  }

  #head(): HeadContext {
    const { columns } = this.#plan.relations[this.#rule.head]!.schema;
    return { rule: this.#rule, columns, scope: this.#context.scope, unit: this.#unit };
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

  /** Notes the head, of one whose values merge the other columns, or the group of an aggregate. */
  #noteHead(): void {
    const { writer } = this.#unit;
    const plain = plainArguments(this.#plan, this.#rule);
    const terms = this.#rule.rule.head.arguments.flatMap((argument) =>
      argument.kind === 'term' && argument.term.kind !== 'wildcard'
        ? [{ term: argument.term, isNoted: plain.includes(argument) }]
        : [],
    );
    const words = this.#context.isLenient
      ? terms.map(({ term, isNoted }) =>
          isNoted ? guardedWord(this.#context, { others: [], bound: [] }, term) : '',
        )
      : headWords(this.#head());
    const noted = words.filter((_, i) => terms[i]!.isNoted);
    this.#unit.tally('derivations');
    for (const [i, word] of noted.entries()) writer.line(`head[${i}] = ${word};`);
    writer.line('noted.insert();');
  }
}
