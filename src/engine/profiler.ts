/**
 * What evaluating costs, counted and timed by versions of rules. Generated code has a variant that
 * counts (derivations: bindings that reach a head; probes: searches by known columns); time and
 * insertions are taken around its functions, also of those that bring rules up to date. Without a
 * profiler there is neither.
 *
 * The clock is whoever asks for the profile's: nothing here depends on it but the figures.
 */
import { defined } from '../base/assert.js';
import type { EvaluatorStatistics, VersionStatistics } from '../evaluator/evaluator.js';
import type { PhysicalPlan, PlannedRule } from '../plan/physical-plan.js';
import type { RuleUpkeep } from '../plan/plan-upkeep.js';

/** Positions in the counts of a version, as generated code knows them. */
const DERIVATIONS = 0;
const PROBES = 1;

interface Tally {
  readonly rule: PlannedRule;
  readonly part: string;
  readonly counts: Float64Array;
  calls: number;
  ms: number;
  inserts: number;
}

export class Profiler {
  readonly #plan: PhysicalPlan;
  readonly #nowMs: () => number;
  readonly #tallies = new Map<string, Tally>();
  #timesteps = 0;
  /** Time of whole timesteps. */
  #ms = 0;
  /** When the timestep at hand began; it may be broken off. */
  #sinceMs: number | null = null;

  constructor(plan: PhysicalPlan, nowMs: () => number) {
    [this.#plan, this.#nowMs] = [plan, nowMs];
    const rules = [...plan.strata.flatMap((stratum) => stratum.rules), ...plan.effects];
    for (const rule of rules) {
      const { id } = rule.rule;
      for (const [body, { deltas }] of rule.bodies.entries()) {
        const which = rule.bodies.length > 1 ? `alternative ${body + 1}, ` : '';
        this.#add(`r${id}b${body}full`, rule, `${which}all tuples`);
        for (const { delta } of deltas)
          this.#add(`r${id}b${body}d${delta}`, rule, `${which}new tuples of literal ${delta! + 1}`);
      }
      if (rule.rule.aggregated) this.#add(groupsKey(id), rule, 'groups');
    }
  }

  /** Takes up the versions that bring rules up to date, which are made when a change first comes. */
  addUpkeep(rules: readonly RuleUpkeep[]): void {
    for (const { planned, bodies, follow } of rules) {
      if (follow !== null)
        this.#add(
          `r${planned.rule.id}b0follow${follow.literal}`,
          planned,
          'upkeep: bindings that come and go',
        );
      for (const [body, { leave, enter }] of bodies.entries()) {
        const key = `r${planned.rule.id}b${body}`;
        const which = bodies.length > 1 ? `alternative ${body + 1}, ` : '';
        for (const [purpose, versions] of [
          ['leave', leave],
          ['enter', enter],
        ] as const)
          for (const { literal, isNegated } of versions) {
            const change = (purpose === 'leave') === isNegated ? 'gained' : 'lost';
            const part = `${which}upkeep: what literal ${literal + 1} has ${change}`;
            this.#add(`${key}${purpose}${literal}`, planned, part);
          }
        this.#add(`${key}restore0`, planned, `${which}upkeep: what is derived otherwise`);
      }
    }
  }

  /** The counts of a version's function, for generated code. */
  countsOf(key: string): Float64Array {
    return this.#of(key).counts;
  }

  /** The functions, each with its time taken; `sizeOf` tells how much a rule's relation holds. */
  wrap<Arguments extends readonly never[]>(
    functions: Readonly<Record<string, (...given: Arguments) => void>>,
    sizeOf: (rule: number) => number,
  ): Readonly<Record<string, (...given: Arguments) => void>> {
    return Object.fromEntries(
      Object.entries(functions).map(([key, run]) => [
        key,
        (...given: Arguments) => this.measure(key, () => run(...given), sizeOf),
      ]),
    );
  }

  /** Runs what belongs to a version, and takes its time. */
  measure(key: string, run: () => void, sizeOf: (rule: number) => number): void {
    const tally = this.#of(key);
    const { id } = tally.rule.rule;
    const [begun, before] = [this.#nowMs(), sizeOf(id)];
    try {
      run();
    } finally {
      tally.calls++;
      tally.ms += this.#nowMs() - begun;
      tally.inserts += sizeOf(id) - before;
    }
  }

  /** Runs a whole timestep. */
  timestep<T>(run: () => T): T {
    this.#sinceMs = this.#nowMs();
    this.#timesteps++;
    try {
      return run();
    } finally {
      this.#ms += this.#nowMs() - this.#sinceMs;
      this.#sinceMs = null;
    }
  }

  profile(): NonNullable<EvaluatorStatistics['profile']> {
    const underWay = this.#sinceMs === null ? 0 : this.#nowMs() - this.#sinceMs;
    return { timesteps: this.#timesteps, ms: this.#ms + underWay, versions: this.#versions() };
  }

  /** Of the versions that have run, in the order of the plan. */
  #versions(): readonly VersionStatistics[] {
    return [...this.#tallies.values()].flatMap(({ rule, part, counts, calls, ms, inserts }) => {
      const { origin } = rule.rule;
      const relation = this.#plan.relations[rule.head]!.schema.name;
      const [derivations, probes] = [counts[DERIVATIONS]!, counts[PROBES]!];
      if (calls === 0 && derivations + probes === 0) return [];
      return [
        {
          rule: origin.rule,
          relation,
          span: origin.span,
          part,
          calls,
          ms,
          derivations,
          inserts,
          probes,
        },
      ];
    });
  }

  #add(key: string, rule: PlannedRule, part: string): void {
    const counts = new Float64Array(2);
    this.#tallies.set(key, { rule, part, counts, calls: 0, ms: 0, inserts: 0 });
  }

  #of(key: string): Tally {
    return defined(this.#tallies.get(key), `the version ${key}`);
  }
}

/** The key of what turns a rule's groups into tuples. */
export function groupsKey(rule: number): string {
  return `r${rule}groups`;
}
