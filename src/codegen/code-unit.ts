/**
 * One text that is linked at once: a function of the runtime `$` that returns its functions by
 * name. A unit collects what its code uses of the runtime, so that its first lines can fetch it
 * into constants.
 */
import type { PlanType, PlanValue } from '../plan/physical-plan.js';
import type { CodePools, FailureSite } from './code-pools.js';
import { CodeWriter } from './code-writer.js';

export class CodeUnit {
  readonly writer = new CodeWriter();
  readonly #pools: CodePools;
  readonly #prologue = new Map<string, string>();
  readonly #exports: string[] = [];
  #names = 0;

  constructor(pools: CodePools) {
    this.#pools = pools;
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

  site(site: FailureSite): number {
    return this.#pools.site(site);
  }

  /** A helper of the runtime, by its own name. */
  helper(name: string): string {
    this.#prologue.set(name, `const ${name} = $.${name};`);
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
