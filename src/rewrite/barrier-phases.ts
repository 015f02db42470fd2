/**
 * What a program with barriers comes to, epoch by epoch: which rules fire in which phase, and what
 * holds in one epoch only.
 *
 * A rule that waits fires once an epoch, when all that it reads is complete; what it derives holds for
 * the rest of the epoch, and so does what is derived from that. A relation of the program that rests
 * on such is read in two ways: in the epoch, by rules that work on; and as it was at the end of
 * the last one, by those who look at it from outside (observers, and rules that an event triggers).
 *
 * A recursive rule that waits fires from its phase on: what it derives it reads again, and all else that
 * it reads is complete by then.
 *
 * An epoch is to the whole cluster what a timestep is to a node. So what rules bring about for the next
 * timestep, or send, from what was found out in an epoch, they bring about when the next one opens.
 */
import type { Program, Relation, Rule } from '../semantics/program.js';
import { bodyRelations } from '../semantics/mark-events.js';
import { findComponents } from '../analysis/find-components.js';
import { hasBarrier } from './exchange-barriers.js';
import type { Exchange } from './exchange-report.js';

export interface Phases {
  /** Relations of the program that hold in an epoch, and copies that go with them. */
  readonly passing: ReadonlySet<string>;
  /** Of these, the tables in which rows wait at their owners. */
  readonly arrivals: ReadonlySet<string>;
  /** Rules that wait, or read what is passing, and derive within the epoch. */
  readonly rules: ReadonlySet<Rule>;
  /** Rules by which what an epoch has found out leads to the next one. */
  readonly outward: ReadonlySet<Rule>;
  /** Whether a relation is read while the epoch goes on. */
  readonly isRead: (relation: string) => boolean;
  /** Whether a relation is looked at after the epoch. */
  readonly isShown: (relation: string) => boolean;
  /** Whether a rule derives from what it derives, within the epoch. */
  readonly isRecursive: (rule: Rule) => boolean;
  /** The level at which a waiting rule fires, from 1. Of those that fire last, which is no level, any number. */
  readonly levelOf: (rule: Rule) => number;
  /** The highest level at which something fires before the last phase. */
  readonly levels: number;
}

export function waits(rule: Pick<Rule, 'bodies'>): boolean {
  return rule.bodies.some(hasBarrier);
}

export function findPhases(program: Program, exchanges: readonly Exchange[]): Phases {
  const flow = new Flow(program, exchanges);
  const { passing, rules } = flow.findPassing();
  const outward = flow.findOutward();
  const isWorking = (rule: Rule): boolean => flow.worksOn(rule) || outward.has(rule);
  const readBy = (readers: readonly Rule[]): ReadonlySet<string> =>
    new Set(readers.flatMap((rule) => [...bodyRelations(rule)]));
  const read = readBy(program.rules.filter(isWorking));
  const looked = readBy(program.rules.filter((rule) => !isWorking(rule)));
  const isShown = (name: string): boolean => {
    const { kind } = program.relations.get(name)!;
    return kind === 'output' || kind === 'view' || (looked.has(name) && !flow.isArrival(name));
  };
  const isRead = (name: string): boolean => read.has(name);
  const firesLast = (rule: Rule): boolean =>
    outward.has(rule) ||
    (rule.head.mode === 'now' && passing.has(rule.head.relation) && !isRead(rule.head.relation));
  const levelOf = flow.findLevels(firesLast);
  const fired = program.rules.filter((rule) => waits(rule) && !firesLast(rule)).map(levelOf);
  return {
    passing,
    arrivals: new Set([...passing].filter((name) => flow.isArrival(name))),
    rules,
    outward,
    isRead,
    isShown,
    isRecursive: (rule) => flow.isRecursive(rule),
    levelOf,
    levels: Math.max(0, ...fired),
  };
}

/** How tuples go from rule to rule within an epoch. */
class Flow {
  readonly #program: Program;
  readonly #channels: ReadonlySet<string>;
  readonly #arrivalOf: ReadonlyMap<string, string>;
  readonly #arrivals: ReadonlySet<string>;
  /** By relation: which ones derive each other have one number. */
  readonly #componentOf: ReadonlyMap<string, number>;

  constructor(program: Program, exchanges: readonly Exchange[]) {
    const kept = exchanges.filter((exchange) => exchange.kept);
    this.#program = program;
    this.#channels = new Set(exchanges.map(({ channel }) => channel));
    this.#arrivalOf = new Map(kept.map(({ channel, arrival }) => [channel, arrival]));
    this.#arrivals = new Set(kept.map(({ arrival }) => arrival));
    this.#componentOf = this.#findComponents();
  }

  #findComponents(): ReadonlyMap<string, number> {
    const names = [...this.#program.relations.keys()];
    const position = new Map(names.map((name, i) => [name, i]));
    const successors: number[][] = names.map(() => []);
    for (const rule of this.#program.rules)
      for (const name of this.#readBy(rule))
        successors[position.get(name)!]!.push(position.get(rule.head.relation)!);
    const components = findComponents(successors);
    return new Map(components.flatMap((each, n) => each.map((i) => [names[i]!, n] as const)));
  }

  /** What a rule reads that the epoch goes on with: an event takes what is there when it comes. */
  #readBy(rule: Rule): readonly string[] {
    const read = [...bodyRelations(rule)];
    if (this.worksOn(rule)) return read;
    return rule.eventDriven ? read.filter((name) => this.#channels.has(name)) : [];
  }

  isRecursive(rule: Rule): boolean {
    const { relation } = rule.head;
    return this.#readBy(rule).some((name) => this.#isBeside(name, relation));
  }

  #isBeside(name: string, head: string): boolean {
    return this.#componentOf.get(name) === this.#componentOf.get(head);
  }

  isArrival(name: string): boolean {
    return this.#arrivals.has(name);
  }

  /** Whether a rule derives while the epoch goes on, or sends as the compiler's exchanges do. */
  worksOn({ head, eventDriven }: Rule): boolean {
    if (eventDriven) return false;
    return head.mode === 'now' || (head.mode === 'async' && this.#channels.has(head.relation));
  }

  findPassing(): Pick<Phases, 'passing' | 'rules'> {
    const passing = new Set<string>();
    const rules = new Set<Rule>();
    const isTransient = ({ kind }: Relation): boolean =>
      kind === 'scratch' || kind === 'output' || kind === 'view';
    for (let before = -1; before !== rules.size;) {
      before = rules.size;
      for (const rule of this.#program.rules) {
        if (rules.has(rule) || !this.worksOn(rule)) continue;
        if (!waits(rule) && ![...bodyRelations(rule)].some((name) => passing.has(name))) continue;
        rules.add(rule);
        const { relation } = rule.head;
        const arrival = this.#arrivalOf.get(relation);
        if (arrival !== undefined) passing.add(arrival);
        else if (isTransient(this.#program.relations.get(relation)!)) passing.add(relation);
      }
    }
    return { passing, rules };
  }

  /** Rules for the next timestep, and messages of the program, that read what an epoch finds out. */
  findOutward(): ReadonlySet<Rule> {
    const found = new Set<string>();
    for (let before = -1; before !== found.size;) {
      before = found.size;
      for (const rule of this.#program.rules)
        if (this.#readsFound(rule, found)) found.add(rule.head.relation);
    }
    const leads = (rule: Rule): boolean =>
      !rule.eventDriven &&
      !this.worksOn(rule) &&
      (waits(rule) || [...bodyRelations(rule)].some((name) => found.has(name)));
    return new Set(this.#program.rules.filter(leads));
  }

  #readsFound(rule: Rule, found: ReadonlySet<string>): boolean {
    if (this.worksOn(rule))
      return waits(rule) || [...bodyRelations(rule)].some((name) => found.has(name));
    // What an exchange brings is put where it belongs.
    return [...bodyRelations(rule)].some((name) => this.#channels.has(name) && found.has(name));
  }

  /** A rule that waits fires one level above all that it reads, but for what it derives itself. */
  findLevels(firesLast: (rule: Rule) => boolean): (rule: Rule) => number {
    const levels = new Map<string, number>();
    const highest = (names: readonly string[]): number =>
      Math.max(0, ...names.map((name) => levels.get(name) ?? 0));
    const levelOf = (rule: Rule): number => {
      const { relation } = rule.head;
      const read = this.#readBy(rule);
      const below = highest(read.filter((name) => !this.#isBeside(name, relation)));
      const beside = highest(read.filter((name) => this.#isBeside(name, relation)));
      return Math.max(waits(rule) ? below + 1 : below, beside);
    };
    for (let changed = true; changed;) {
      changed = false;
      for (const rule of this.#program.rules) {
        if (firesLast(rule)) continue;
        const level = levelOf(rule);
        if (level <= (levels.get(rule.head.relation) ?? 0)) continue;
        levels.set(rule.head.relation, level);
        changed = true;
      }
    }
    return levelOf;
  }
}
