/**
 * Where the alternatives of a cluster-wide rule are joined, and what travels for it.
 *
 * The atoms of a body fall into groups that are at one node: those whose relations are placed by
 * the same variables, and those that are the node's own. Group by group is joined to what is there
 * so far, by the cheapest way that serves:
 *
 *     both are placed alike                               nothing travels
 *     what is there binds what places the group           it goes to the group's owners
 *     the group binds what places what is there           the group goes to its owners
 *     they share variables                                both go to the owners of their values
 *     they share none                                     one goes to every node
 *
 * An event goes to statics, never they to it: on one machine they are there before any event. Only
 * what never shrinks, or holds in one timestep only, may travel: nothing takes back what was sent.
 * A rule that waits for a barrier waits on the way as well, where it must. Conditions go along as
 * early as they have what they need; what may fail waits until all else is bound, so that it fails
 * for the bindings for which it fails on one machine.
 */
import { literalVariables, termVariables } from '../analysis/program-index.js';
import { latticeUse } from '../semantics/lattice-uses.js';
import type {
  Body,
  Column,
  Literal,
  Relation,
  Rule,
  Term,
  Variable,
} from '../semantics/program.js';
import { hasBarrier, isBarrier } from './exchange-barriers.js';
import type { Destination } from './exchange-draft.js';
import {
  emptyStage,
  mayTravel,
  ownerFilter,
  settle,
  travelOf,
  travelRefusal,
  type ExchangeContext,
  type Stage,
} from './exchange-stage.js';
import {
  atom,
  bindable,
  equality,
  holdsLatticeValue,
  inputsOf,
  isKnown,
  isNamed,
  isTotal,
  samePlace,
  variable,
  type Atom,
  type Place,
} from './exchange-terms.js';

export class BodyExchange {
  readonly #context: ExchangeContext;
  readonly #rule: Rule;
  readonly #body: Body;
  readonly #fresh: (n: number) => string;
  /** The variables whose lattice values the rule reveals, each with the atom that binds it. */
  readonly #revealed = new Map<string, Atom>();
  #pending: Literal[] = [];
  #groups: Stage[] = [];
  /** The stage to which all others are joined. */
  #main: Stage | null = null;
  #negated: Atom[] = [];

  constructor(context: ExchangeContext, rule: Rule, body: Body, fresh: (n: number) => string) {
    this.#context = context;
    this.#rule = rule;
    this.#fresh = fresh;
    this.#body = { ...body, literals: body.literals.map((literal) => this.#withKeys(literal)) };
  }

  /** The body with everything joined at one node; null if it cannot be, which is told. */
  join(): Stage | null {
    this.#findRevealed();
    if (!this.#sort()) return null;
    const stage = this.#start();
    if (stage === null) return null;
    this.#main = stage;
    this.#groups = this.#groups.filter((group) => group !== stage);
    this.#absorb(stage, stage.isEverywhere);
    while (this.#groups.length > 0) if (!this.#joinNext(stage)) return null;
    if (!this.#filter(stage)) return null;
    this.#finish(stage);
    return stage;
  }

  // ---- sorting ------------------------------------------------------------------------------

  /** Keys of growing values stay bound, so that no two values merge that are of different keys. */
  #withKeys(literal: Literal): Literal {
    if (literal.kind !== 'atom' || literal.negated) return literal;
    if (!literal.arguments.some((a) => a.kind === 'variable' && holdsLatticeValue(a)))
      return literal;
    const { keyLength } = this.#relation(literal.relation);
    return {
      ...literal,
      arguments: literal.arguments.map((argument, i) =>
        argument.kind === 'wildcard' && i < keyLength
          ? variable(this.#fresh(i + 1), argument.type, argument.span)
          : argument,
      ),
    };
  }

  #findRevealed(): void {
    for (const [i, literal] of this.#body.literals.entries()) {
      if (literal.kind !== 'atom') continue;
      if (latticeUse(this.#rule, this.#body, i, this.#context.program.relations) !== 'revealed')
        continue;
      for (const argument of literal.arguments)
        if (argument.kind === 'variable' && holdsLatticeValue(argument))
          this.#revealed.set(argument.name, literal);
    }
  }

  #relation(name: string): Relation {
    return this.#context.program.relations.get(name)!;
  }

  /** False if a relation is ruled out of which only some other node knows, which is told. */
  #sort(): boolean {
    const own: Stage = emptyStage(null);
    const { spread } = this.#context;
    const ruledOut: Atom[] = [];
    for (const literal of this.#body.literals) {
      // The rule waits where all is joined; on the way to there only where it must.
      if (isBarrier(literal)) continue;
      if (literal.kind !== 'atom') this.#pending.push(literal);
      else if (spread.has(literal.relation)) {
        if (literal.negated) this.#negated.push(literal);
        else this.#add(this.#groupAt(this.#placeOf(literal)), literal);
      } else if (this.#isEverywhere(literal)) this.#pending.push(literal);
      else if (literal.negated) ruledOut.push(literal);
      else this.#add(own, literal);
    }
    if (own.literals.length > 0) this.#groups.unshift(own);
    return ruledOut.every((literal) => this.#ruleOutOwn(own, literal));
  }

  /** What a node's own relation rules out is ruled out at that node, before anything leaves it. */
  #ruleOutOwn(own: Stage, literal: Atom): boolean {
    const { relation, span } = literal;
    if (own.literals.length > 0 && inputsOf(literal).every((name) => own.bound.has(name))) {
      own.literals.push(literal);
      if (this.#context.growthOf(relation) !== 'static') own.unsteady ??= literal;
      return true;
    }
    this.#context.refuse({
      code: 'TRL0620',
      span,
      message: `each node has a \`${relation}\` of its own, and what this rules out is put together elsewhere`,
      help: `declare \`${relation}\` with \`partition by\`, and bind those columns in the positive part of the body`,
    });
    return false;
  }

  /** Whether every node can evaluate the atom: it has the static, the clock and the timer itself. */
  #isEverywhere({ relation }: Atom): boolean {
    const { kind, builtin } = this.#relation(relation);
    return this.#context.alike.has(relation) || kind === 'periodic' || builtin === 'now';
  }

  #groupAt(place: Place): Stage {
    const known = this.#groups.find((group) => samePlace(group.place, place));
    if (known !== undefined) return known;
    const made = emptyStage(place);
    this.#groups.push(made);
    return made;
  }

  #placeOf({ relation, arguments: args }: Atom): Place {
    const key = this.#context.spread.get(relation) ?? null;
    if (key === null) return null;
    const place = key.map((i) => args[i]!);
    return place.some(({ kind }) => kind === 'wildcard') ? null : place;
  }

  #add(stage: Stage, literal: Atom): void {
    stage.literals.push(literal);
    for (const bound of bindable(literal)) stage.bound.set(bound.name, bound);
    const { isEvent, isMixed } = this.#context.events;
    if (isEvent(literal.relation)) stage.isEvent = true;
    if (isMixed(literal.relation)) stage.mixed ??= literal;
    if (this.#context.mayFall(literal.relation)) stage.unsteady ??= literal;
  }

  // ---- joining ------------------------------------------------------------------------------

  /** The group to begin with: the one that holds in one timestep only, if there is one. */
  #start(): Stage | null {
    const events = this.#groups.filter(({ isEvent }) => isEvent);
    if (events.length > 1) {
      const [first, second] = events.map(({ literals }) => this.#eventIn(literals));
      this.#context.refuse({
        code: 'TRL0621',
        span: second!.span,
        message: `\`${second!.relation}\` and \`${first!.relation}\` hold in one timestep each, and the tuples that would meet are at different nodes`,
        help: 'keep one of them in a table with `partition by`, and join that',
      });
      return null;
    }
    return events[0] ?? this.#groups[0] ?? { ...emptyStage(null), isEverywhere: true };
  }

  #eventIn(literals: readonly Literal[]): Atom {
    return literals.find(
      (literal): literal is Atom =>
        literal.kind === 'atom' && this.#context.events.isEvent(literal.relation),
    )!;
  }

  /** Joins one more group; false if none can be, which is told. */
  #joinNext(stage: Stage): boolean {
    const alike = this.#groups.find((group) => samePlace(group.place, stage.place));
    if (alike !== undefined) return this.#meet(stage, alike);
    for (;;) {
      if (this.#shipSide(stage)) return true;
      if (!this.#absorbStatic(stage)) break;
    }
    return (
      this.#visitStatic(stage) ||
      this.#shipBoth(stage) ||
      this.#shipEverywhere(stage) ||
      this.#settleOne(stage) ||
      this.#refuseJoin(stage)
    );
  }

  /** An event goes to the parts of a static at all nodes. */
  #visitStatic(stage: Stage): boolean {
    const group = stage.isEvent ? this.#groups.find((each) => this.#isFixed(each)) : undefined;
    if (group === undefined) return false;
    this.#ship(stage, 'everywhere');
    stage.place = group.place;
    return this.#meet(stage, group);
  }

  #isFixed({ literals }: Stage): boolean {
    return literals.every(
      (l) => l.kind !== 'atom' || this.#context.growthOf(l.relation) === 'static',
    );
  }

  /** One of the sides goes to the owners of the other. */
  #shipSide(stage: Stage): boolean {
    const comes = (group: Stage): boolean =>
      mayTravel(group) &&
      !group.isEvent &&
      !(stage.isEvent && this.#isFixed(group)) &&
      isKnown(stage.place, group.bound);
    const fixed = this.#groups.find((group) => this.#isFixed(group) && comes(group));
    const goal = mayTravel(stage)
      ? this.#groups.find((group) => isKnown(group.place, stage.bound))
      : undefined;
    const comer = fixed ?? (goal === undefined ? this.#groups.find(comes) : undefined);
    if (comer !== undefined) return this.#bring(stage, comer, stage.place!);
    if (goal === undefined) return false;
    this.#ship(stage, goal.place!);
    return this.#meet(stage, goal);
  }

  /** Both sides go to the owners of the values that they share. */
  #shipBoth(stage: Stage): boolean {
    if (!mayTravel(stage)) return false;
    for (const group of this.#groups) {
      if (!mayTravel(group) || group.isEvent) continue;
      const shared = [...stage.bound.values()].filter(
        (each) => group.bound.has(each.name) && !holdsLatticeValue(each),
      );
      if (shared.length === 0) continue;
      this.#ship(stage, shared);
      return this.#bring(stage, group, shared);
    }
    return false;
  }

  /** One of the sides goes to every node. */
  #shipEverywhere(stage: Stage): boolean {
    const group = this.#groups.find((each) => mayTravel(each) && !each.isEvent);
    if (group !== undefined) return this.#bring(stage, group, 'everywhere');
    if (!mayTravel(stage)) return false;
    this.#ship(stage, 'everywhere');
    const [other] = this.#groups;
    stage.place = other!.place;
    return this.#meet(stage, other!);
  }

  #bring(stage: Stage, group: Stage, destination: Destination): boolean {
    this.#absorb(group);
    this.#ship(group, destination);
    return this.#meet(stage, group);
  }

  /** The group is at the stage's node now. */
  #meet(stage: Stage, group: Stage): boolean {
    stage.literals.push(...group.literals);
    for (const [name, each] of group.bound) if (!stage.bound.has(name)) stage.bound.set(name, each);
    stage.isEvent ||= group.isEvent;
    stage.mixed ??= group.mixed;
    stage.unsteady ??= group.unsteady;
    this.#groups = this.#groups.filter((each) => each !== group);
    this.#absorb(stage);
    return true;
  }

  /** What may be taken back waits until it is final, if the rule may wait; true to try again. */
  #settleOne(stage: Stage): boolean {
    if (!hasBarrier(this.#body)) return false;
    return [stage, ...this.#groups].some((each) => settle(each, this.#body.span));
  }

  #refuseJoin(stage: Stage): false {
    return this.#refuseTravel([stage, ...this.#groups].find((each) => !mayTravel(each))!);
  }

  // ---- conditions and filters ---------------------------------------------------------------

  /** Takes in what has a value for all bindings and has its inputs. */
  #absorb(stage: Stage, isLast = false): void {
    for (let index = 0; index < this.#pending.length;) {
      const literal = this.#pending[index]!;
      const isStatic = literal.kind === 'atom' && !literal.negated;
      if (!isLast && (isStatic || !this.#isReady(literal, stage))) {
        index++;
        continue;
      }
      if (!inputsOf(literal).every((name) => stage.bound.has(name))) {
        index++;
        continue;
      }
      this.#pending.splice(index, 1);
      this.#take(stage, literal);
      index = 0;
    }
  }

  #isReady(literal: Literal, stage: Stage): boolean {
    if (!isTotal(literal) || !inputsOf(literal).every((name) => stage.bound.has(name)))
      return false;
    if (literalVariables(literal).some((name) => this.#revealed.has(name))) return false;
    return (
      literal.kind !== 'atom' ||
      (this.#isEverywhere(literal) && !this.#relation(literal.relation).eventDriven)
    );
  }

  #take(stage: Stage, literal: Literal): void {
    this.#noteRevealed(stage, literal);
    if (literal.kind === 'assign' && stage.bound.has(literal.variable.name)) {
      stage.literals.push(
        equality(stage.bound.get(literal.variable.name)!, literal.term, literal.span),
      );
      return;
    }
    if (literal.kind === 'atom') this.#add(stage, literal);
    else {
      stage.literals.push(literal);
      for (const bound of bindable(literal))
        if (!stage.bound.has(bound.name)) stage.bound.set(bound.name, bound);
    }
  }

  /** What is made of a revealed value does not hold any more when the value has grown. */
  #noteRevealed(stage: Stage, literal: Literal): void {
    const source = literalVariables(literal).flatMap((name) => this.#revealed.get(name) ?? [])[0];
    if (source !== undefined && this.#context.growthOf(source.relation) !== 'static')
      stage.unsteady ??= source;
  }

  /** Takes in a static that shares a variable: it may bind what says where the next group is. */
  #absorbStatic(stage: Stage): boolean {
    const index = this.#pending.findIndex(
      (literal) =>
        literal.kind === 'atom' &&
        !literal.negated &&
        !this.#relation(literal.relation).eventDriven &&
        literalVariables(literal).some((name) => stage.bound.has(name)),
    );
    if (index < 0) return false;
    const [literal] = this.#pending.splice(index, 1);
    this.#take(stage, literal!);
    this.#absorb(stage);
    return true;
  }

  /**
   * Brings what is joined to the owners of what is negated: statics first, and before them all
   * whose owner is known without what may fail, since it may rule out what would.
   */
  #filter(stage: Stage): boolean {
    const isFixed = ({ relation }: Atom): boolean => this.#context.growthOf(relation) === 'static';
    const waiting = [...this.#negated.filter(isFixed), ...this.#negated.filter((a) => !isFixed(a))];
    while (waiting.length > 0) {
      const reached = waiting.findIndex((negation) => this.#reaches(stage, negation));
      const [negation] = waiting.splice(Math.max(reached, 0), 1);
      if (negation === undefined) break;
      if (reached < 0 && waiting.length > 0 && !this.#pending.every(isTotal))
        return this.#refuseOrder(negation, waiting[0]!);
      const place = this.#boundPlace(stage, negation);
      if (place === null) {
        if (!this.#bringRuledOut(stage, negation)) return false;
        continue;
      }
      if (stage.isEverywhere) this.#stayAtOwner(stage, place);
      else if (!samePlace(place, stage.place)) {
        if (!this.#canLeave(stage)) return this.#refuseTravel(stage);
        this.#ship(stage, place);
      }
      stage.literals.push(negation);
      if (!isFixed(negation)) stage.unsteady ??= negation;
    }
    return true;
  }

  /** Whether what places a negated tuple is bound, by statics if need be. */
  #reaches(stage: Stage, negation: Atom): boolean {
    const place = this.#placeOf(negation);
    if (place === null) return false;
    while (!isKnown(place, stage.bound)) if (!this.#absorbStatic(stage)) return false;
    return true;
  }

  /** What places a negated tuple, with all that is left to bind it bound; null if nothing does. */
  #boundPlace(stage: Stage, negation: Atom): readonly Term[] | null {
    const place = this.#placeOf(negation);
    if (place === null) return null;
    if (!isKnown(place, stage.bound)) this.#absorb(stage, true);
    return isKnown(place, stage.bound) ? place : null;
  }

  /** Of rows that every node has, each node goes on with those that it would own. */
  #stayAtOwner(stage: Stage, place: readonly Term[]): void {
    stage.literals.push(...ownerFilter(this.#context.draft, place, this.#fresh, this.#body.span));
    stage.place = place;
    stage.isEverywhere = false;
  }

  #refuseOrder({ relation, span }: Atom, other: Atom): false {
    this.#context.refuse({
      code: 'TRL0620',
      span,
      message: `which node knows of \`${relation}\` what this rules out depends on what may fail, even for what \`${other.relation}\` rules out at another node`,
      help: `derive what \`${other.relation}\` leaves into a relation of its own, and rule out \`${relation}\` there`,
    });
    return false;
  }

  /**
   * Where nothing says which node knows all that is to be ruled out, it is brought together: its
   * tuples, as far as the rule asks for them, go to the owners of what is bound.
   */
  #bringRuledOut(stage: Stage, negation: Atom): boolean {
    const asked: Atom = { ...negation, negated: false };
    const ruledOut = emptyStage(this.#placeOf(negation));
    this.#add(ruledOut, asked);
    if (stage.isEvent || this.#context.growthOf(negation.relation) === 'static')
      return this.#refuseNegation(negation);
    if (!this.#canLeave(ruledOut)) return this.#refuseTravel(ruledOut);
    const shared = [...ruledOut.bound.values()];
    const isThere = !stage.isEverywhere && isKnown(stage.place, ruledOut.bound);
    const destination = shared.length === 0 ? 'everywhere' : isThere ? stage.place! : shared;
    if (stage.isEverywhere && destination !== 'everywhere') this.#stayAtOwner(stage, destination);
    else if (destination !== 'everywhere' && !isThere) {
      if (!this.#canLeave(stage)) return this.#refuseTravel(stage);
      this.#ship(stage, destination);
    }
    this.#shipAs(ruledOut, destination, shared);
    stage.literals.push(...ruledOut.literals.map((l) => ({ ...(l as Atom), negated: true })));
    stage.unsteady ??= negation;
    return true;
  }

  /** Whether the rows of a stage may travel, if need be once they are final. */
  #canLeave(stage: Stage): boolean {
    return mayTravel(stage) || (hasBarrier(this.#body) && settle(stage, this.#body.span));
  }

  #refuseTravel(stage: Stage): false {
    this.#context.refuse(travelRefusal(this.#context, this.#rule, stage));
    return false;
  }

  #refuseNegation({ relation, span }: Atom): false {
    this.#context.refuse({
      code: 'TRL0620',
      span,
      message: `no single node knows all of \`${relation}\` that this would have to rule out`,
      help: 'bind the columns of its `partition by` in the positive part of the body: the rule is then evaluated where such a tuple would be',
    });
    return false;
  }

  /** All that is left goes in where everything else is. */
  #finish(stage: Stage): void {
    this.#absorb(stage, true);
    for (const literal of this.#pending) this.#take(stage, literal);
    this.#pending = [];
  }

  // ---- travelling ---------------------------------------------------------------------------

  /** The stage's rows go to their new owners; there the stage begins with them alone. */
  #ship(stage: Stage, destination: Destination): void {
    this.#shipAs(stage, destination, this.#neededOf(stage));
  }

  /** Of its rows these variables. */
  #shipAs(stage: Stage, destination: Destination, kept: readonly Variable[]): void {
    const { draft } = this.#context;
    const columns = kept.map(({ name, type, span }): Column => ({ name, type, span }));
    const { relation, front } = draft.ship(
      travelOf(stage, destination, this.#rule.head.relation, this.#context.program.relations),
      this.#rule,
      { columns, values: kept, body: stage.literals, destination, isEvent: stage.isEvent },
      this.#fresh,
    );
    stage.literals = [atom(relation, [...front, ...kept], this.#body.span)];
    const dropped = [...stage.bound.keys()].filter(
      (name) => !kept.some((each) => each.name === name),
    );
    for (const name of dropped) stage.bound.delete(name);
    stage.place = destination === 'everywhere' ? null : destination;
    stage.unsteady = null;
    stage.mixed = null;
  }

  /** The variables that others still need, plain ones first; with growing values among them all. */
  #neededOf(stage: Stage): readonly Variable[] {
    const used = new Set([
      ...this.#pending.flatMap(literalVariables),
      ...this.#negated.flatMap(literalVariables),
      ...this.#groups.filter((group) => group !== stage).flatMap(({ bound }) => [...bound.keys()]),
      ...(stage === this.#main ? [] : (this.#main?.bound.keys() ?? [])),
      ...this.#rule.head.arguments.flatMap((argument) =>
        argument.kind === 'term'
          ? termVariables(argument.term)
          : argument.arguments.flatMap(termVariables),
      ),
    ]);
    const all = [...stage.bound.values()];
    const grows = all.some((each) => holdsLatticeValue(each) && used.has(each.name));
    const kept = all.filter(
      (each) =>
        used.has(each.name) ||
        (grows && !holdsLatticeValue(each)) ||
        (this.#rule.aggregated && isNamed(each)),
    );
    return [...kept.filter((e) => !holdsLatticeValue(e)), ...kept.filter(holdsLatticeValue)];
  }
}
