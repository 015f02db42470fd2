/**
 * Events that are bound to come once a tuple is stored.
 *
 * `answer(i) :- reply(_, i), pending(i);` is a race if a reply may come before what it answers is
 * pending, and none after. Where whatever stores `pending(i)` also sends off what leads to a reply, a
 * reply comes afterwards for each tuple that is pending, whatever came before; then the rule fires for
 * exactly the tuples that `pending` ever holds, and it does not matter which replies came too early.
 * (Tuples given at the start are there before any reply.)
 *
 * From each history (causes.ts) of a rule that stores the tuple, the program is run forward over
 * symbols: what holds at that moment sends messages, each arrives at its receiver in some later
 * timestep, and so on, a few hops far (the chase: Maier, Mendelzon and Sagiv, 1979). Known to be
 * somewhere is only a node at which something has happened, and `cluster` holds every such node.
 *
 * Contract: nothing may fail a timestep, and with it lose a message on the way.
 */
import type { Cause, CauseFact, Moment, Symbols } from './causes.js';
import { Causes } from './causes.js';
import { Entailment } from './entailment.js';
import { mayConflict } from './functional-keys.js';
import type { GrowthFacts } from './growth.js';
import { mergesNothing } from './lattice-reads.js';
import { callsOpaque } from './opaque-functions.js';
import { mayFail } from './partial-rules.js';
import { clausesOf, relationOf } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';

/** A moment of a node with all that is known to hold there. */
interface Scene {
  readonly cause: Cause;
  readonly at: Moment;
}

/** Rules on the way to an event: those of the same timestep, and those that send. */
interface Leading {
  readonly now: readonly Clause[];
  readonly sent: readonly Clause[];
}

/** Relations from which an event may come; beyond them it is not followed. */
const mostRelations = 64;
/** Messages one after the other, and scenes at a time. */
const [mostHops, mostScenes] = [3, 12];
/** Facts that one moment is given by deductive rules. */
const mostFacts = 40;

export class ComingEvents {
  readonly #index: ProgramIndex;
  readonly #causes: Causes;
  readonly #entailment: Entailment;
  readonly #stays: (relation: string) => boolean;
  readonly #leadingByEvent = new Map<string, Leading>();
  #isSafe: boolean | null = null;

  constructor(index: ProgramIndex, { growthByRelation, stored }: GrowthFacts) {
    this.#index = index;
    this.#causes = new Causes(index);
    this.#stays = (name) => stored.has(name) && growthByRelation.get(name) === 'inflationary';
    this.#entailment = new Entailment(index, this.#causes, this.#stays);
  }

  /**
   * Whether the clause, which reads nothing else that moves, fires for every stored tuple, sooner or
   * later: the event literal asks for no more than the stored one says, and such an event follows.
   */
  follow(clause: Clause, event: Atom, stored: Atom): boolean {
    const { kind } = relationOf(this.#index, stored.relation);
    if (kind !== 'table' || !this.#stays(stored.relation) || clause.rule.aggregated) return false;
    if (![event, stored].every(({ relation }) => mergesNothing(relationOf(this.#index, relation))))
      return false;
    const said = new Set(
      stored.arguments.flatMap((each) => (each.kind === 'variable' ? [each.name] : [])),
    );
    const { location } = relationOf(this.#index, event.relation);
    const asksNoMore = event.arguments.every(
      (each, column) =>
        each.kind !== 'variable' ||
        said.has(each.name) ||
        column === location ||
        clause.occurrences.get(each.name) === 1,
    );
    if (!asksNoMore || stored.negated || event.negated) return false;
    this.#isSafe ??= this.#nothingFails();
    return (
      this.#isSafe &&
      clausesOf(this.#index, stored.relation).every((storing) =>
        this.#followsStoring(storing, event, stored),
      )
    );
  }

  #nothingFails(): boolean {
    return (
      !this.#index.clauses.some((clause) => mayFail(this.#index, clause)) &&
      !this.#index.relations.some((relation) => mayConflict(this.#index, relation))
    );
  }

  /** Whether the event follows whenever this clause stores a tuple. */
  #followsStoring(storing: Clause, event: Atom, stored: Atom): boolean {
    const { mode, arguments: head } = storing.rule.head;
    if (!['now', 'next'].includes(mode) || storing.rule.aggregated) return false;
    const symbols = this.#causes.symbolsOf(storing);
    const shown = head.map((argument) =>
      argument.kind === 'term' ? this.#causes.symbolOf(argument.term, symbols) : '',
    );
    const inStoring: Symbols = new Map();
    stored.arguments.forEach((argument, column) => {
      if (argument.kind === 'variable' && !inStoring.has(argument.name))
        inStoring.set(argument.name, shown[column]!);
    });
    const { location } = relationOf(this.#index, event.relation);
    const asked = event.arguments.map((argument, column) => {
      if (argument.kind === 'wildcard' || column === location) return null;
      if (argument.kind === 'variable') return inStoring.get(argument.name) ?? null;
      return this.#causes.symbolOf(argument, inStoring);
    });
    return this.#causes.causesOf(storing).every((cause) => {
      const at = cause.facts[0]?.at;
      return at !== undefined && this.#comes({ cause, at }, event.relation, asked);
    });
  }

  /** Whether such an event comes to the scene's node after the scene. */
  #comes(start: Scene, event: string, asked: readonly (string | null)[]): boolean {
    const leading = this.#leadingTo(event);
    let scenes: readonly Scene[] = [start];
    for (let hop = 0; hop < mostHops; hop++) {
      const arrivals = scenes.flatMap((scene) => [...this.#arrivals(scene, leading)]);
      const isThere = arrivals.some(
        ({ cause, at }) =>
          at.node === start.at.node &&
          this.#entailment.holds(cause, { relation: event, arguments: asked, at }),
      );
      if (isThere) return true;
      scenes = arrivals.slice(0, mostScenes);
    }
    return false;
  }

  /** The scenes to which the messages of a scene lead. */
  *#arrivals(scene: Scene, leading: Leading): Iterable<Scene> {
    const full = this.#saturate(scene, leading);
    for (const clause of leading.sent) {
      const { kind, location } = relationOf(this.#index, clause.head);
      if (kind !== 'channel' && kind !== 'loopback') continue;
      for (const row of this.#heads(full, clause)) {
        const node = kind === 'loopback' || location === null ? full.at.node : row[location]!;
        if (!isNode(full.cause, node)) continue;
        const at: Moment = { node, later: null };
        const arrived: CauseFact = { relation: clause.head, arguments: row, at, depth: 0 };
        // What is stored there has stayed.
        const kept = full.cause.facts.filter(
          (fact) => fact.at.node === node && this.#stays(fact.relation),
        );
        const facts = [arrived, ...kept.map((fact) => ({ ...fact, at })), ...full.cause.facts];
        yield { cause: { ...full.cause, facts }, at };
      }
    }
  }

  /** With what deductive rules add at that moment. */
  #saturate({ cause, at }: Scene, leading: Leading): Scene {
    const isMember = this.#index.program.relations.get('cluster')?.builtin === 'cluster';
    const member: CauseFact = { relation: 'cluster', arguments: [at.node], at, depth: 0 };
    let full: Cause = { ...cause, facts: isMember ? [...cause.facts, member] : cause.facts };
    const room = full.facts.length + mostFacts;
    for (let size = -1; size !== full.facts.length && full.facts.length < room;) {
      size = full.facts.length;
      for (const clause of leading.now) {
        for (const row of this.#heads({ cause: full, at }, clause)) {
          const fact: CauseFact = { relation: clause.head, arguments: row, at, depth: 0 };
          if (!full.facts.some((known) => isSame(known, fact)))
            full = { ...full, facts: [...full.facts, fact] };
        }
      }
    }
    return { cause: full, at };
  }

  /** What the clause certainly derives in the scene. */
  #heads({ cause, at }: Scene, clause: Clause): readonly (readonly string[])[] {
    const { rule, body, atoms } = clause;
    const written = body.literals.filter(({ kind }) => kind === 'atom').length;
    // A literal that was left out because it holds back what was sent before would hold it back now.
    if (rule.aggregated || written !== atoms.length) return [];
    if (callsOpaque(this.#index.program, rule, body)) return [];
    const { arguments: head } = rule.head;
    const none = head.map(() => null);
    const rows: (readonly string[])[] = [];
    for (const symbols of this.#entailment.firings(cause, clause, none, at)) {
      const row = head.map((argument) =>
        argument.kind === 'term'
          ? this.#causes.symbolOf(argument.term, symbols)
          : this.#causes.fresh(),
      );
      if (rows.push(row) === mostScenes) break;
    }
    return rows;
  }

  /** The rules by which the event may come; none where they are too many. */
  #leadingTo(event: string): Leading {
    const known = this.#leadingByEvent.get(event);
    if (known !== undefined) return known;
    const names = new Set([event]);
    for (const name of names) {
      if (names.size > mostRelations) break;
      for (const { atoms } of clausesOf(this.#index, name))
        for (const { relation } of atoms) names.add(relation);
    }
    const isFew = names.size <= mostRelations;
    const clauses = isFew ? [...names].flatMap((name) => clausesOf(this.#index, name)) : [];
    const leading = {
      now: clauses.filter(({ rule }) => rule.head.mode === 'now'),
      // What stands is sent when it begins to stand, which may have been before.
      sent: clauses.filter(({ rule }) => rule.head.mode === 'async' && rule.eventDriven),
    };
    this.#leadingByEvent.set(event, leading);
    return leading;
  }
}

/** Whether something is known to have happened at a node of that name. */
function isNode({ facts }: Cause, node: string): boolean {
  return facts.some(({ at }) => at.node === node);
}

function isSame(a: CauseFact, b: CauseFact): boolean {
  return (
    a.relation === b.relation &&
    a.at === b.at &&
    a.arguments.every((symbol, i) => symbol === b.arguments[i])
  );
}
