/**
 * What generated code refers to by number instead of by text: values, functions, column types,
 * and the sites at which an evaluation may fail. The pools grow as code is generated; whoever
 * links code looks entries up when it is linked.
 */
import { valueKey } from '../base/value.js';
import type { PlanType, PlanValue } from '../plan/physical-plan.js';

/** Where an evaluation may fail, and what is then still to hold for it to be an error. */
export interface FailureSite {
  readonly rule: number;
  readonly body: number;
  /** Positions of the literals that have not had their turn, without the one that failed. */
  readonly others: readonly number[];
  /** Variables whose words are handed over, in this order. */
  readonly bound: readonly string[];
}

export class CodePools {
  readonly constants: PlanValue[] = [];
  readonly functions: string[] = [];
  readonly types: PlanType[] = [];
  readonly sites: FailureSite[] = [];
  readonly #constantByKey = new Map<string, number>();
  readonly #functionByName = new Map<string, number>();
  readonly #typeByText = new Map<string, number>();

  constant(value: PlanValue): number {
    return numberOf(this.#constantByKey, valueKey(value), value, this.constants);
  }

  function(name: string): number {
    return numberOf(this.#functionByName, name, name, this.functions);
  }

  type(type: PlanType): number {
    return numberOf(this.#typeByText, JSON.stringify(type), type, this.types);
  }

  site(site: FailureSite): number {
    return this.sites.push(site) - 1;
  }
}

function numberOf<T>(known: Map<string, number>, key: string, entry: T, entries: T[]): number {
  let number = known.get(key);
  if (number === undefined) {
    number = entries.push(entry) - 1;
    known.set(key, number);
  }
  return number;
}
