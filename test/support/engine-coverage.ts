/**
 * What a run of random programs has reached: in how many programs each construct stands, held
 * tuples of each arity and values of each type, and which parts of the engine ran. A fuzz run that
 * finds nothing is worth what it has tried.
 */
import type { Value } from '../../src/base/value.js';
import { linkUnit, type Linker } from '../../src/engine/load.js';
import type { PhysicalPlan, PlannedRule } from '../../src/plan/physical-plan.js';
import type { Literal, Program, Rule } from '../../src/semantics/program.js';
import type { Comparison } from './compare-evaluators.js';

/** In the order in which they are told; what never came up is told as 0. */
const parts = [
  {
    title: 'programs with',
    prefix: '',
    names:
      'recursion, mutual recursion, recursion of lattices, negation, alternatives, statics, delete, upsert, next, async, 50 timesteps, restarts',
  },
  {
    title: 'aggregates',
    prefix: 'aggregate ',
    names:
      'count, count_distinct, sum, min, max, avg, choose, any, every, list, set, map, argmin, argmax, top',
  },
  {
    title: 'tuples held of arity',
    prefix: 'arity ',
    names: '0, 1, 2, 3, 4, 5, 6, 7, 8',
  },
  {
    title: 'values held',
    prefix: 'value ',
    names:
      'null, bool, int, float, string, bytes, tuple, list, set, map, lmin, lmax, lset, lbool, lmap, lbag, lpset, ldom, lvclock',
  },
  {
    title: 'in the engine',
    prefix: 'path ',
    names: 'upkeep, pivot, closure, supplementary, static rows, keyed tables, failure in mid-body',
  },
  {
    title: 'brought up to date',
    prefix: 'upkeep of ',
    names:
      'lattice views, lattice tables, lattices through recursion, aggregates into lattices, effects on lattice tables',
  },
];

export class EngineCoverage {
  readonly #counts = new Map<string, number>();
  #seen = new Set<string>();
  /** First rules of the units of which upkeep has been linked. */
  #upkept = new Set<number>();

  /** Links, and notes which parts of the engine a program uses. */
  readonly linker: Linker = (source, runtime, url) => {
    const upkept = /#upkeep(\d+)$/.exec(url);
    if (upkept !== null) this.#see('path upkeep').#upkept.add(Number(upkept[1]));
    if (url.includes('#rest')) this.#see('path failure in mid-body');
    if (/by\d\$\d/.test(source)) this.#see('path static rows');
    return linkUnit(source, runtime, url);
  };

  /** A program has run to its end. */
  add(program: Program, comparison: Comparison, timesteps: number, restarts: boolean): void {
    this.#seeProgram(program);
    this.#seePlan(comparison.plan, program);
    this.#seeUpkeep(comparison.plan);
    this.#seeContent(program, comparison);
    if (timesteps >= 50) this.#see('50 timesteps');
    if (restarts) this.#see('restarts');
    for (const what of this.#seen) this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
    this.#seen = new Set();
    this.#upkept = new Set();
  }

  /** How many programs had what, a line a part. */
  lines(): readonly string[] {
    return parts.map(({ title, prefix, names }) => {
      const counts = names
        .split(', ')
        .map((name) => `${name} ${this.#counts.get(prefix + name) ?? 0}`);
      return `${title}: ${counts.join(', ')}`;
    });
  }

  /** What never came up. */
  missing(): readonly string[] {
    const all = parts.flatMap(({ prefix, names }) =>
      names.split(', ').map((name) => prefix + name),
    );
    return all.filter((what) => !this.#counts.has(what));
  }

  #see(what: string): this {
    this.#seen.add(what);
    return this;
  }

  #seeProgram({ rules, relations }: Program): void {
    for (const rule of rules) {
      if (rule.head.mode !== 'now') this.#see(rule.head.mode);
      if (rule.bodies.length > 1) this.#see('alternatives');
      for (const argument of rule.head.arguments)
        if (argument.kind === 'aggregate') this.#see(`aggregate ${argument.function}`);
      const literals = rule.bodies.flatMap((body) => body.literals);
      if (literals.some(isNegated)) this.#see('negation');
    }
    if (rules.some(({ head }) => relations.get(head.relation)?.kind === 'static'))
      this.#see('statics');
  }

  #seePlan({ strata, relations }: PhysicalPlan, program: Program): void {
    if (relations.some(({ isKeyed }) => isKeyed)) this.#see('path keyed tables');
    for (const stratum of strata) {
      if (stratum.pivot !== null) this.#see('path pivot');
      if (stratum.closure !== null) this.#see('path closure');
      const planned = stratum.relations.map((slot) => relations[slot]!);
      if (planned.some(({ isSupplementary }) => isSupplementary)) this.#see('path supplementary');
      if (!stratum.isRecursive) continue;
      this.#see('recursion');
      if (
        headsOf(
          stratum.rules.map(({ rule }) => rule),
          program,
        ).size > 1
      )
        this.#see('mutual recursion');
      if (planned.some(({ merged }) => merged.length > 0)) this.#see('recursion of lattices');
    }
  }

  /** Of what merges, what was brought up to date. */
  #seeUpkeep({ strata, effects, relations }: PhysicalPlan): void {
    const isUpkept = ([first]: readonly PlannedRule[]): boolean =>
      first !== undefined && this.#upkept.has(first.rule.id);
    for (const { rules, isRecursive } of strata) {
      if (!isUpkept(rules)) continue;
      for (const { rule, head } of rules) {
        const { merged, storage } = relations[head]!;
        if (merged.length === 0) continue;
        this.#see(`upkeep of lattice ${storage === 'stored' ? 'tables' : 'views'}`);
        if (isRecursive) this.#see('upkeep of lattices through recursion');
        if (rule.aggregated) this.#see('upkeep of aggregates into lattices');
      }
    }
    for (const rule of effects)
      if (isUpkept([rule]) && relations[rule.head]!.merged.length > 0)
        this.#see('upkeep of effects on lattice tables');
  }

  #seeContent(program: Program, comparison: Comparison): void {
    for (const [name, { columns }] of program.relations) {
      const rows = comparison.rowsOf(name);
      if (rows.length > 0) this.#see(`arity ${columns.length}`);
      for (const row of rows) for (const value of row) this.#see(`value ${kindOf(value)}`);
    }
  }
}

function isNegated(literal: Literal): boolean {
  return literal.kind === 'atom' && literal.negated;
}

/** Relations of the program, without what the planner has made. */
function headsOf(rules: readonly Rule[], { relations }: Program): ReadonlySet<string> {
  return new Set(rules.map(({ head }) => head.relation).filter((name) => relations.has(name)));
}

function kindOf(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return 'int';
  if (typeof value === 'string') return 'string';
  return value.kind === 'lattice' ? value.lattice : value.kind;
}
