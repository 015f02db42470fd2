/**
 * What generated code works on: the `$` of its linking function. It hands out relations, the
 * places where heads go, builtins and constants as words, and decides what a failed evaluation
 * means.
 */
import { assert, defined } from '../base/assert.js';
import { valueText } from '../base/value-text.js';
import type { Value } from '../base/value.js';
import { PartialError } from '../builtins/function.js';
import type { PlannedRule, PlanType } from '../plan/physical-plan.js';
import { NoPlainValue } from '../builtins/lattice.js';
import type { RuleUpkeep } from '../plan/plan-upkeep.js';
import { Aggregation } from './aggregation.js';
import type { Budget } from './budget.js';
import { closeTransitively } from './close-transitively.js';
import type { LinkedUnit, Linker } from './load.js';
import { groupsKey, type Profiler } from './profiler.js';
import type { Relation } from './relation.js';
import type { RelationStore } from './relation-store.js';
import type { RowCodec } from './row-codec.js';
import { createExtremeOperations, bareWord, extremeValue } from './extreme-words.js';
import { Noted } from './upkeep.js';
import {
  createWordOperations,
  wordFunction,
  type Encoding,
  type OuterFunction,
  type WordFunction,
  type WordOperations,
} from './word-operations.js';

/** Generated code of a program; what the code generator gives. */
export interface EngineCode {
  readonly source: string;
  /** What stack traces call the source. */
  readonly url: string;
  readonly pools: {
    readonly constants: readonly Value[];
    readonly functions: readonly string[];
    readonly types: readonly PlanType[];
  };
  readonly rest: (site: number) => string;
  readonly upkeep: (
    rules: readonly PlannedRule[],
    own: ReadonlySet<number>,
  ) => { readonly rules: readonly RuleUpkeep[]; readonly source: string };
}

/** A value that does not fit its column; the code is explained in the table of diagnostics. */
const VALUE_OUTSIDE_TYPE = 'TRL0805';

/** Where the tuples of one rule go. */
export class Target {
  /** Set by generated code before `insert`. */
  readonly row: Int32Array;
  relation: Relation;
  readonly #budget: Budget;
  readonly #counts: boolean;

  constructor(relation: Relation, width: number, budget: Budget, counts: boolean) {
    this.row = new Int32Array(width);
    [this.relation, this.#budget, this.#counts] = [relation, budget, counts];
  }

  /** Counts tuples that were inserted into `relation` directly. */
  spend(tuples: number): void {
    if (this.#counts) this.#budget.spend(tuples);
    else this.#budget.pass(tuples);
  }

  /** Takes account of tuples that were looked at. */
  pass(tuples: number): void {
    this.#budget.pass(tuples);
  }

  insert(): void {
    if (this.relation.insert(this.row)) this.spend(1);
  }
}

type Rest = (error: unknown, ...words: number[]) => void;

export interface RuntimeParts {
  readonly encoding: Encoding;
  /** By slot. */
  readonly codecs: readonly RowCodec[];
  readonly store: RelationStore;
  readonly budget: Budget;
  readonly code: EngineCode;
  readonly fits: (value: Value, type: PlanType) => boolean;
  readonly forColumn: (value: Value, type: PlanType) => Value;
  /** Functions from TypeScript by the names that rules call. */
  readonly functions: ReadonlyMap<string, OuterFunction>;
  /** Where a rule's tuples go now. */
  readonly targetOf: (rule: number) => Target;
  /** Makes functions of generated text. */
  readonly linker: Linker;
  /** Null unless a profile is wanted; then the code must be the variant that counts. */
  readonly profiler: Profiler | null;
}

/** Linked code and what it works on. */
export class Runtime implements Encoding {
  readonly #parts: RuntimeParts;
  readonly #constants: number[] = [];
  readonly #groups = new Map<number, Aggregation>();
  readonly #rests = new Map<number, Rest>();
  readonly #noted = new Map<number, Noted>();
  readonly #scope: object;
  #readsGrowing = false;
  #hasFailed = false;

  constructor(parts: RuntimeParts, rules: readonly PlannedRule[]) {
    this.#parts = parts;
    for (const rule of rules)
      if (rule.rule.aggregated) this.#groups.set(rule.rule.id, new Aggregation(rule));
    this.#scope = this.#makeScope();
  }

  /** The functions of the program's code, by version. */
  link(): Readonly<Record<string, () => void>> {
    const linked = this.#parts.linker(this.#parts.code.source, this.#scope, this.#parts.code.url);
    return this.#parts.profiler?.wrap(linked, this.#sizeOf) ?? linked;
  }

  /** What brings rules up to date, and its functions by version. */
  linkUpkeep(
    rules: readonly PlannedRule[],
    own: ReadonlySet<number>,
  ): { readonly rules: readonly RuleUpkeep[]; readonly linked: LinkedUnit } {
    for (const rule of rules) this.notedOf(rule);
    const { linker, code } = this.#parts;
    const { rules: upkeep, source } = code.upkeep(rules, own);
    const url = `${code.url}#upkeep${rules[0]?.rule.id ?? ''}`;
    // What it counts with has to be there before it is linked.
    this.#parts.profiler?.addUpkeep(upkeep);
    const linked = linker(source, this.#scope, url);
    return {
      rules: upkeep,
      linked: this.#parts.profiler?.wrap(linked, this.#sizeOf) ?? linked,
    };
  }

  /** Where a rule's code puts heads that it notes. */
  notedOf(rule: PlannedRule): Noted {
    const { id, head } = rule.rule;
    let noted = this.#noted.get(id);
    if (noted === undefined) {
      noted = new Noted(head.arguments.length);
      this.#noted.set(id, noted);
    }
    return noted;
  }

  get encode(): Encoding['encode'] {
    return this.#parts.encoding.encode;
  }

  /** Runs what turns a rule's groups into tuples. */
  finishing(rule: number, run: () => void): void {
    const { profiler } = this.#parts;
    if (profiler === null) run();
    else profiler.measure(groupsKey(rule), run, this.#sizeOf);
  }

  readonly #sizeOf = (rule: number): number => this.#parts.targetOf(rule).relation.size;

  get decode(): Encoding['decode'] {
    return this.#parts.encoding.decode;
  }

  /**
   * While it is set, evaluations that fail are noted and give nothing: the lattice values that they
   * read may still grow to where they do not fail.
   */
  set readsGrowing(isSo: boolean) {
    this.#readsGrowing = isSo;
    this.#hasFailed = false;
  }

  /** Whether an evaluation has failed since `readsGrowing` was set. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** The word of an aggregate's value in a column; throws `PartialError` if it does not fit. */
  columnWord(value: Value, slot: number, column: number, type: PlanType): number {
    const { forColumn, fits, codecs } = this.#parts;
    const held = forColumn(value, type);
    if (!fits(held, type)) throw misfit(held);
    return codecs[slot]!.word(held, column);
  }

  groupsOf(rule: number): Aggregation {
    return defined(this.#groups.get(rule), `groups of rule ${rule}`);
  }

  /** The word, if its value fits the type; else a `PartialError` is thrown. */
  typeTest(type: PlanType): (word: number) => number {
    const { fits } = this.#parts;
    const takesInts = type.kind === 'int' || type.kind === 'nat';
    return (word) => {
      if ((takesInts && word >= 0) || fits(this.decode(word), type)) return word;
      throw misfit(this.decode(word));
    };
  }

  /** The same for words of `lmin` or `lmax` in bare form. */
  bareTest(type: PlanType): (word: number) => number {
    assert(type.kind === 'lattice', 'only lattice values have a bare form');
    const name = type.name as 'lmin' | 'lmax';
    return (word) => {
      const value = extremeValue(name, word, this.decode);
      if (this.#parts.fits(value, type)) return word;
      throw misfit(value);
    };
  }

  /** Forgets what an evaluation that was broken off has left. */
  reset(): void {
    this.readsGrowing = false;
    for (const groups of this.#groups.values()) groups.reset();
  }

  forEachWord(mark: (word: number) => void): void {
    for (const word of this.#constants) mark(word);
  }

  #makeScope(): object {
    const { code, store, targetOf, functions } = this.#parts;
    const operations: WordOperations = createWordOperations(this);
    return {
      ...operations,
      ...createExtremeOperations(this),
      relations: store.current,
      targetOf,
      groupsOf: (rule: number): Aggregation => this.groupsOf(rule),
      notedOf: (rule: number): Noted => defined(this.#noted.get(rule), `heads of rule ${rule}`),
      passOver,
      closeTransitively,
      pause: (rule: number): number => {
        this.#parts.budget.askHost(rule);
        return 0;
      },
      constant: (number: number): number => {
        const word = this.encode(code.pools.constants[number]!);
        this.#constants.push(word);
        return word;
      },
      bareConstant: (number: number): number => {
        const word = bareWord(code.pools.constants[number]!, this.encode);
        this.#constants.push(word);
        return word;
      },
      functionOf: (number: number): WordFunction =>
        wordFunction(code.pools.functions[number]!, this, functions),
      typeTest: (number: number) => this.typeTest(code.pools.types[number]!),
      bareTest: (number: number) => this.bareTest(code.pools.types[number]!),
      hasMatch,
      headFailed: (error: unknown): void => this.#headFailed(error),
      countsOf: (key: string) => this.#parts.profiler?.countsOf(key),
      failed: (site: number, error: unknown, words: readonly number[]): void =>
        this.#failed(site, error, words),
    };
  }

  /** Whether a failure just means that there is no tuple here: of a bottom, or for now. */
  #passes(error: PartialError): boolean {
    if (error instanceof NoPlainValue) return true;
    if (this.#readsGrowing) this.#hasFailed = true;
    return this.#readsGrowing;
  }

  #headFailed(error: unknown): void {
    if (!(error instanceof PartialError) || !this.#passes(error)) throw error;
  }

  /** The evaluation at a site has failed: throws the error if what does not depend on it holds. */
  #failed(site: number, error: unknown, words: readonly number[]): void {
    if (!(error instanceof PartialError)) throw error;
    if (this.#passes(error)) return;
    let rest = this.#rests.get(site);
    if (rest === undefined) {
      const { linker, code } = this.#parts;
      const linked = linker(code.rest(site), this.#scope, `${code.url}#rest${site}`);
      rest = defined(linked['rest'], 'generated code') as Rest;
      this.#rests.set(site, rest);
    }
    rest(error, ...words);
  }
}

function misfit(value: Value): PartialError {
  return new PartialError(VALUE_OUTSIDE_TYPE, `${valueText(value)} does not fit its column`);
}

/** An evaluation has failed where that tells nothing. */
function passOver(error: unknown): void {
  if (!(error instanceof PartialError)) throw error;
}

/** Whether a settled relation has a tuple with these words in these columns. */
function hasMatch(
  relation: Relation,
  columns: readonly number[],
  words: readonly number[],
): boolean {
  assert(columns.length === words.length, 'a word for each column');
  if (columns.length === relation.arity) return relation.has(words);
  if (columns.length === 0) return relation.size > 0;
  let found = false;
  relation.probe(columns, words, 'visible', () => {
    found = true;
  });
  return found;
}
