/**
 * The groups of one aggregated rule while it is evaluated. Generated code offers bindings; those
 * that are new fall into the group of their plain head terms, and at the end each group gives a
 * tuple. Which bindings are distinct is judged on all named variables, so that a binding found by
 * two alternatives, or through wildcards, counts once.
 */
import { defined } from '../base/assert.js';
import type { Value } from '../base/value.js';
import { aggregates } from '../builtins/aggregates.js';
import type { BuiltinAggregate } from '../builtins/aggregate.js';
import type { PlannedRule } from '../plan/physical-plan.js';
import { createRelation } from './create-relation.js';
import type { Relation, Words } from './relation.js';
import { TupleDirectory } from './tuple-directory.js';
import type { RunningColumn } from './running-groups.js';
import type { Encoding } from './word-operations.js';

interface Column {
  /** Position among the plain terms; null for an aggregate. */
  readonly plain: number | null;
  readonly aggregate: BuiltinAggregate | null;
  /** Where its arguments begin among a binding's inputs, and how many there are. */
  readonly inputs: readonly [start: number, count: number];
}

export class Aggregation {
  /** Set by generated code: the words of the named variables, the plain terms, the arguments. */
  readonly binding: Int32Array;
  readonly plain: Int32Array;
  readonly inputs: Int32Array;
  readonly #columns: readonly Column[];
  readonly #seen: Relation;
  readonly #groups: TupleDirectory;
  /** By group, the inputs of its bindings one after the other. */
  readonly #inputsByGroup: number[][] = [];
  readonly #sizeByGroup: number[] = [];

  constructor({ rule, variables }: PlannedRule) {
    const columns: Column[] = [];
    let [plain, inputs] = [0, 0];
    for (const argument of rule.head.arguments) {
      if (argument.kind === 'term')
        columns.push({ plain: plain++, aggregate: null, inputs: [inputs, 0] });
      else {
        const aggregate = defined(aggregates.get(argument.function), argument.function);
        columns.push({ plain: null, aggregate, inputs: [inputs, argument.arguments.length] });
        inputs += argument.arguments.length;
      }
    }
    this.#columns = columns;
    this.binding = new Int32Array(variables.length);
    this.plain = new Int32Array(plain);
    this.inputs = new Int32Array(inputs);
    this.#seen = createRelation(variables.length);
    this.#groups = new TupleDirectory(plain);
  }

  /** Whether `binding` has not been offered before. */
  isNew(): boolean {
    return this.#seen.insert(this.binding);
  }

  /** Adds `inputs` to the group of `plain`. */
  add(): void {
    const group = this.#groups.add(this.plain);
    const inputs = (this.#inputsByGroup[group] ??= []);
    for (const word of this.inputs) inputs.push(word);
    this.#sizeByGroup[group] = (this.#sizeByGroup[group] ?? 0) + 1;
  }

  /** The aggregates, each with the position of its argument among a binding's inputs. */
  get aggregateColumns(): readonly RunningColumn[] {
    return this.#columns.flatMap(({ aggregate, inputs: [input] }) =>
      aggregate === null ? [] : [{ aggregate: aggregate.name, input }],
    );
  }

  /**
   * Calls `visit` with each group and what its aggregates come to, in their order, and forgets
   * everything.
   */
  finish(
    { decode }: Pick<Encoding, 'decode'>,
    visit: (group: Int32Array, values: readonly Value[], size: number) => void,
  ): void {
    for (let group = 0; group < this.#sizeByGroup.length; group++) {
      const values = this.#columns.flatMap((column) =>
        column.plain === null ? [this.#aggregate(column, group, decode)] : [],
      );
      visit(this.#wordsOf(group), values, this.#sizeByGroup[group]!);
    }
    this.reset();
  }

  /** The head's words of a group; `columnWord` gives the word of an aggregate's value in a column. */
  headOf(
    group: Words,
    values: readonly Value[],
    columnWord: (value: Value, column: number) => number,
  ): readonly number[] {
    let next = 0;
    return this.#columns.map(({ plain }, i) =>
      plain === null ? columnWord(values[next++]!, i) : group[plain]!,
    );
  }

  /** Calls `visit` with each group and the inputs of its bindings, and forgets everything. */
  drain(
    { decode }: Pick<Encoding, 'decode'>,
    visit: (group: Int32Array, bindings: readonly (readonly Value[])[]) => void,
  ): void {
    for (let group = 0; group < this.#sizeByGroup.length; group++)
      visit(this.#wordsOf(group), this.#bindings(group, 0, this.inputs.length, decode));
    this.reset();
  }

  /** Forgets everything; also after a failure. */
  reset(): void {
    this.#seen.clear();
    this.#groups.clear();
    this.#inputsByGroup.length = 0;
    this.#sizeByGroup.length = 0;
  }

  #wordsOf(group: number): Int32Array {
    const width = this.plain.length;
    return this.#groups.words.subarray(group * width, (group + 1) * width);
  }

  #aggregate(
    { aggregate, inputs: [start, count] }: Column,
    group: number,
    decode: Encoding['decode'],
  ): Value {
    const rows = this.#bindings(group, start, count, decode);
    return defined(aggregate, 'an aggregate').evaluate(rows);
  }

  /** So many inputs of each binding of a group. */
  #bindings(
    group: number,
    start: number,
    count: number,
    decode: Encoding['decode'],
  ): readonly (readonly Value[])[] {
    const words = this.#inputsByGroup[group]!;
    const width = this.inputs.length;
    const bindings: Value[][] = [];
    for (let i = 0, at = start; i < this.#sizeByGroup[group]!; i++, at += width) {
      const inputs: Value[] = [];
      for (let j = 0; j < count; j++) inputs.push(decode(words[at + j]!));
      bindings.push(inputs);
    }
    return bindings;
  }
}
