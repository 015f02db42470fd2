/**
 * One text that is linked at once: a function of the runtime `$` that returns its functions by
 * name. A unit collects what its code uses of the runtime, so that its first lines can fetch it
 * into constants.
 */
import type { Span } from '../base/span.js';
import type { PlanType, PlanValue } from '../plan/physical-plan.js';
import type { CodePools, FailureSite } from './code-pools.js';
import { CodeWriter } from './code-writer.js';
import { quoteText } from './quote.js';

/** Positions in the counts of a version; see the engine's profiler. */
const tallies = { derivations: 0, probes: 1 } as const;

export class CodeUnit {
  readonly writer = new CodeWriter();
  /** Whether insertion is called rather than written out in loops: for text that is seldom hot. */
  isTerse = false;
  readonly #counts: boolean;
  readonly #pools: CodePools;
  readonly #prologue = new Map<string, string>();
  readonly #exports: string[] = [];
  #names = 0;

  /** `counts`: its functions count what they do. */
  constructor(pools: CodePools, counts = false) {
    [this.#pools, this.#counts] = [pools, counts];
  }

  /** The name of a constant's word. */
  constant(value: PlanValue): string {
    return this.#fetch('c', this.#pools.constant(value), 'constant');
  }

  /** The name of the word of a constant that is held bare. */
  bareConstant(value: PlanValue): string {
    return this.#fetch('b', this.#pools.constant(value), 'bareConstant');
  }

  /** The name of a builtin over words. */
  function(name: string): string {
    return this.#fetch('f', this.#pools.function(name), 'functionOf');
  }

  /** The name of a test whether a word fits a type. */
  typeTest(type: PlanType): string {
    return this.#fetch('fits', this.#pools.type(type), 'typeTest');
  }

  /** The same for a word that is held bare. */
  bareTest(type: PlanType): string {
    return this.#fetch('fitsBare', this.#pools.type(type), 'bareTest');
  }

  /** For a profile: the function just opened counts what it does. */
  beginTally(key: string): void {
    if (this.#counts) this.writer.line(`const counts = $.countsOf(${quoteText(key)});`);
  }

  /** In such a function: one of its counts goes up. */
  tally(which: keyof typeof tallies, amount = '1'): void {
    if (this.#counts) this.writer.line(`counts[${tallies[which]}] += ${amount};`);
  }

  site(site: FailureSite): number {
    return this.#pools.site(site);
  }

  /** A helper of the runtime, by its own name. */
  helper(name: string): string {
    this.#prologue.set(name, `const ${name} = $.${name};`);
    return name;
  }

  /** A variable of the unit, which keeps its value from call to call. */
  counter(start: number): string {
    const name = `turns${this.nextNumber()}`;
    this.#prologue.set(name, `let ${name} = ${start};`);
    return name;
  }

  /** A number that no other name of the unit has. */
  nextNumber(): number {
    return this.#names++;
  }

  /** Makes a function known to whoever links the unit. */
  export(key: string, name: string): void {
    this.#exports.push(`${key}: ${name}`);
  }

  /** For each line of the source the rule that it is for; null for lines of no rule. */
  origins(): readonly (Span | null)[] {
    return [null, ...Array.from(this.#prologue, () => null), ...this.writer.origins, null];
  }

  /** The body of the linking function. */
  source(): string {
    const lines = ["'use strict';", ...this.#prologue.values()];
    return `${lines.join('\n')}\n${this.writer.toString()}return { ${this.#exports.join(', ')} };\n`;
  }

  #fetch(prefix: string, number: number, method: string): string {
    const name = `${prefix}${number}`;
    this.#prologue.set(name, `const ${name} = $.${method}(${number});`);
    return name;
  }
}
