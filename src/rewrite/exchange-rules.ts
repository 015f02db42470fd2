/**
 * A rule over cluster-wide relations as rules of single nodes: its alternatives joined each at some
 * node, and what they derive sent to its owner.
 *
 * What a rule that no event triggers derives non-monotonically may turn out wrong as more arrives.
 * It is evaluated where all that it depends on is, again and again, and may be shown as a view or
 * read by such rules there; before it is stored, sent or released it waits until what it reads is
 * complete (exchange-barriers.ts), since nothing would take it back. A rule that an event triggers
 * decides at the owner, in the order of the owner's timesteps, as it would on one machine.
 */
import { termVariables } from '../analysis/program-index.js';
import type {
  Column,
  Head,
  Literal,
  Relation,
  Rule,
  Term,
  Variable,
} from '../semantics/program.js';
import { barrierAtom, hasBarrier, rootsOf } from './exchange-barriers.js';
import { BodyExchange } from './exchange-body.js';
import type { SoftRules } from './exchange-soft.js';
import {
  mayTravel,
  ownerFilter,
  settle,
  travelOf,
  travelRefusal,
  type ExchangeContext,
  type Reached,
  type Stage,
} from './exchange-stage.js';
import { bodyRelations } from '../semantics/mark-events.js';
import { isLatticeType } from '../semantics/lattice-shape.js';
import {
  atom,
  groupTerms,
  headTerms,
  holdsLatticeValue,
  isKnown,
  isNamed,
  ruleVariables,
  samePlace,
  variable,
  wildcard,
} from './exchange-terms.js';
import type { Destination, DraftRule } from './exchange-draft.js';

export interface RuleContext extends ExchangeContext {
  /** Rules whose conclusions may turn out wrong as more arrives. */
  readonly soft: SoftRules;
  /** Relations from which rules delete or upsert. */
  readonly shrinking: ReadonlySet<string>;
}

export class RuleExchange {
  readonly #context: RuleContext;
  readonly #rule: Rule;
  readonly #head: Relation;
  readonly #names: ReadonlySet<string>;
  readonly #given = new Map<number, string>();
  /** Whether the rule waits until what it reads is complete. */
  readonly #waits: boolean;
  #isLabelled: boolean;

  constructor(context: RuleContext, rule: Rule) {
    this.#context = context;
    this.#rule = rule;
    this.#head = context.program.relations.get(rule.head.relation)!;
    this.#names = ruleVariables(rule);
    this.#waits = rule.bodies.some(hasBarrier);
    this.#isLabelled = rule.labelled;
  }

  /** Adds the rules; tells what cannot be done. */
  rewrite(): void {
    if (this.#refuseHead()) return;
    const reached: Stage[] = [];
    for (const body of this.#rule.bodies) {
      const exchange = new BodyExchange(this.#context, this.#rule, body, this.#fresh);
      const joined = exchange.join();
      if (joined === null) return;
      reached.push(joined);
    }
    if (this.#refuseLate(reached)) return;
    if (this.#rule.aggregated) this.#aggregate(reached);
    else for (const stage of reached) this.#conclude(stage);
  }

  /** A variable that the rule does not use: the same for the same number. */
  readonly #fresh = (n: number): string => {
    const known = this.#given.get(n);
    if (known !== undefined) return known;
    let name = `__${n + 1}`;
    const given = new Set(this.#given.values());
    for (let i = n + 2; this.#names.has(name) || given.has(name); i++) name = `__${i}`;
    this.#given.set(n, name);
    return name;
  };

  // ---- what cannot be -----------------------------------------------------------------------

  #refuseHead(): boolean {
    const { head } = this.#rule;
    const { name, kind, location } = this.#head;
    const say = (message: string, help: string): true => {
      this.#context.refuse({ code: 'TRL0622', span: head.span, message, help });
      return true;
    };
    if (head.mode === 'delete' && this.#context.spread.get(name) === null)
      return say(
        `\`${name}\` is spread over the cluster, and no column says at which nodes what this deletes is`,
        `declare \`${name}\` with \`partition by\``,
      );
    const reads = this.#rule.bodies.some(({ literals }) =>
      literals.some((l) => l.kind === 'atom' && this.#context.spread.has(l.relation)),
    );
    if (!reads) return false;
    if (kind === 'lattice')
      return say(
        `every node would have a \`${name}\` of its own, merged from its part of what this rule reads`,
        `make it a table with a lattice column, so that one node has all of a value: \`table ${name}(key: ... => value: ...) partition by (key);\``,
      );
    if (location !== null && head.mode !== 'async')
      return say(
        `what this rule reads is spread over the cluster, and \`${name}\` names the node where a tuple lives`,
        'send it there: `@async`',
      );
    if (kind === 'static' && !this.#context.spread.has(name))
      return say(
        `each node would have a part of \`${name}\`, and rules take a static to be whole at every node`,
        `declare \`${name}\` with \`partition by\``,
      );
    return false;
  }

  #refuseLate(reached: readonly Reached[]): boolean {
    const { head } = this.#rule;
    const { name, kind } = this.#head;
    if (!this.#context.soft.rules.has(this.#rule)) return false;
    const isShown = head.mode === 'now' && (kind === 'view' || kind === 'scratch');
    if (isShown && reached.every((stage) => this.#staysHere(stage))) return false;
    const how =
      kind === 'output'
        ? 'is released for good'
        : isShown
          ? 'would go to another node for good'
          : 'is kept for good';
    this.#context.refuse({
      waits: this.#waiters(),
      code: 'TRL0620',
      span: head.span,
      message: `\`${name}\` ${how}, but it may turn out wrong as more arrives: this rule needs what it reads to be complete`,
      help: `let it wait (\`--coordinate auto\`, no event in the rule); or show it as a view, which takes corrections, derived where the tuples are (a scratch or view with the columns by which they are placed); or count into a lattice column, which only grows (\`n: lmax<int>\`)`,
    });
    return true;
  }

  /**
   * The rules that would have to wait: this one, or, where what it derives goes on in the program,
   * those on whose conclusions it rests, so that a recursion above them need not wait in every
   * round.
   */
  #waiters(): readonly Rule[] {
    const { soft, program } = this.#context;
    const rule = this.#rule;
    const read = rule.bodies
      .flatMap(({ literals }) => literals)
      .flatMap((literal) => (literal.kind === 'atom' ? [literal.relation] : []));
    const isEnd = !program.rules.some((each) => bodyRelations(each).has(this.#head.name));
    const roots = soft.own.has(rule) || isEnd ? [] : rootsOf(program, soft, read);
    return roots.length > 0 ? roots : [rule];
  }

  /** Whether a non-monotone conclusion is drawn where it belongs. */
  #staysHere(stage: Reached): boolean {
    const goal = this.#goal();
    if (this.#rule.aggregated || goal === null) return true;
    return goal === 'everywhere' || samePlace(goal, stage.place) || stage.isEverywhere;
  }

  // ---- heads --------------------------------------------------------------------------------

  /** Where the head's tuples belong; null if where they are derived. */
  #goal(): Destination | null {
    const key = this.#context.spread.get(this.#rule.head.relation) ?? null;
    if (key === null || this.#rule.head.mode === 'async') return null;
    const place: Term[] = [];
    for (const i of key) {
      const argument = this.#rule.head.arguments[i]!;
      if (argument.kind !== 'term') return null;
      if (argument.term.kind === 'wildcard') return 'everywhere';
      place.push(argument.term);
    }
    return place;
  }

  /** Names of the columns that place the head's tuples. */
  #keyColumns(): readonly string[] {
    const key = this.#context.spread.get(this.#head.name) ?? [];
    return key.map((i) => this.#head.columns[i]!.name);
  }

  #conclude(joined: Reached): void {
    const stage = this.#afterWaiting(joined);
    const goal = this.#goal();
    const { draft } = this.#context;
    if (goal === null || (goal !== 'everywhere' && samePlace(goal, stage.place))) {
      this.#add(this.#rule.head, [stage.literals]);
      return;
    }
    if (stage.isEverywhere) {
      const filter =
        goal === 'everywhere' ? [] : ownerFilter(draft, goal, this.#fresh, this.#rule.origin.span);
      this.#add(this.#rule.head, [[...stage.literals, ...filter]]);
      return;
    }
    if (this.#head.kind === 'static') {
      this.#context.refuse({
        code: 'TRL0622',
        span: this.#rule.head.span,
        message: `\`${this.#head.name}\` is static, there from the start, but its tuples would have to travel to their owners first`,
        help: `partition it by the columns that place what it is derived from, or declare \`table ${this.#head.name}\``,
      });
      return;
    }
    // A table keeps what it was given when its reason is gone, wherever that was.
    const leaving = this.#isStored() ? { ...stage, unsteady: null } : stage;
    if (mayTravel(leaving)) this.#send(stage, goal);
    else this.#context.refuse(travelRefusal(this.#context, this.#rule, leaving));
  }

  /** With all joined the rule waits, if it is one that does. */
  #afterWaiting(stage: Reached): Reached {
    if (!this.#waits || stage.isEvent) return stage;
    return {
      ...stage,
      literals: [...stage.literals, barrierAtom(this.#rule.origin.span)],
      unsteady: null,
    };
  }

  /** Whether the head keeps what it is given once, so that nothing else needs to. */
  #isStored(): boolean {
    const { mode, relation } = this.#rule.head;
    return this.#head.kind === 'table' && mode === 'now' && !this.#context.shrinking.has(relation);
  }

  #add(head: Head, bodies: readonly (readonly Literal[])[]): void {
    const { name, doc, origin, aggregated } = this.#rule;
    const rule: DraftRule = {
      name,
      labelled: this.#isLabelled,
      head,
      bodies: bodies.map((literals) => ({ literals, span: origin.span })),
      aggregated,
      doc: this.#isLabelled ? doc : null,
      origin: { ...origin, rewrite: 'exchange' },
    };
    this.#context.draft.rules.push(rule);
  }

  /** The head's tuples travel to their owner and are derived there. */
  #send(stage: Reached, goal: Destination): void {
    const { draft } = this.#context;
    const { head } = this.#rule;
    const { span } = head;
    const given = head.arguments.flatMap((argument, i) =>
      argument.kind === 'term' && argument.term.kind !== 'wildcard'
        ? [{ i, term: argument.term, column: this.#head.columns[i]! }]
        : [],
    );
    const ordered = [
      ...given.filter(({ column }) => !isLatticeType(column.type)),
      ...given.filter(({ column }) => isLatticeType(column.type)),
    ];
    const isDirect = stage.isEvent || this.#isStored();
    const suffix = head.mode === 'now' ? '' : `_${head.mode}`;
    const columns = ordered.map(({ column }) => column);
    const { relation, front } = draft.ship(
      {
        wanted: `${head.relation}${suffix}_${isDirect ? 'sent' : 'arrived'}`,
        what: 'derived',
        of: head.relation,
        by: goal === 'everywhere' ? null : this.#keyColumns(),
      },
      this.#rule,
      {
        columns,
        values: ordered.map(({ term }) => term),
        body: stage.literals,
        destination: goal,
        isEvent: isDirect,
      },
      this.#fresh,
    );
    const arrived = ordered.map(({ column }) => variable(column.name, column.type, span));
    const terms = head.arguments.map((argument, i): Term => {
      const at = ordered.findIndex((each) => each.i === i);
      if (at >= 0) return arrived[at]!;
      return argument.kind === 'term' ? argument.term : wildcard(this.#head.columns[i]!.type, span);
    });
    this.#add(draft.head(head.relation, head.mode, terms, span), [
      [atom(relation, [...front, ...arrived], span)],
    ]);
  }

  // ---- aggregates ---------------------------------------------------------------------------

  /** All bindings of a group come together at one node, which takes the aggregate. */
  #aggregate(reached: readonly Stage[]): void {
    const { head } = this.#rule;
    const goal = this.#goal();
    const isKeyed = (this.#context.spread.get(head.relation) ?? null) !== null;
    if (isKeyed && goal === null) {
      this.#context.refuse({
        waits: [this.#rule],
        code: 'TRL0622',
        span: head.span,
        message: `where a tuple of \`${head.relation}\` lives depends on an aggregate, which is only known once it is there`,
        help: 'partition it by columns of the group',
      });
      return;
    }
    const groups = groupTerms(head);
    const fixed = new Set(groups.flatMap((term) => (term.kind === 'variable' ? [term.name] : [])));
    const isComplete = ({ place, isEverywhere }: Reached): boolean =>
      !isEverywhere &&
      isKnown(place, fixed) &&
      (goal === null || goal === 'everywhere' || samePlace(place, goal));
    const [first] = reached;
    if (reached.every((stage) => isComplete(stage) && samePlace(stage.place, first!.place))) {
      this.#add(
        head,
        reached.map((stage) => this.#afterWaiting(stage).literals),
      );
      return;
    }
    this.#gather(reached, goal === null || goal === 'everywhere' ? groups : goal);
  }

  #gather(reached: readonly Stage[], goal: readonly Term[]): void {
    const { draft } = this.#context;
    const { head, origin } = this.#rule;
    if (this.#waits) for (const stage of reached) settle(stage, origin.span);
    const stuck = reached.find((stage) => stage.isEvent || !mayTravel(stage));
    if (stuck !== undefined) {
      this.#context.refuse(
        stuck.isEvent
          ? {
              code: 'TRL0620',
              span: head.span,
              message:
                'the bindings of a group are made at several nodes, and those of one timestep do not arrive in one timestep',
              help: 'group by the columns that place what the rule reads, so that all of a group is at one node',
            }
          : travelRefusal(this.#context, this.#rule, stuck),
      );
      return;
    }
    const bound = this.#gathered(reached);
    const columns = bound.map(({ name, type, span }): Column => ({ name, type, span }));
    const names = new Set<string>();
    for (const stage of reached) {
      const { relation } = draft.ship(
        travelOf(stage, goal, head.relation, this.#context.program.relations),
        this.#rule,
        { columns, values: bound, body: stage.literals, destination: goal, isEvent: false },
        this.#fresh,
      );
      names.add(relation);
    }
    this.#add(
      head,
      [...names].map((name) => [
        atom(name, bound, origin.span),
        ...(this.#waits ? [barrierAtom(origin.span)] : []),
      ]),
    );
  }

  /** The variables that every alternative binds and that tell bindings apart or stand in the head. */
  #gathered(reached: readonly Reached[]): readonly Variable[] {
    const used = new Set(headTerms(this.#rule.head).flatMap(termVariables));
    const [first, ...others] = reached;
    const all = [...first!.bound.values()].filter(
      (each) =>
        (isNamed(each) || used.has(each.name)) && others.every(({ bound }) => bound.has(each.name)),
    );
    return [...all.filter((each) => !holdsLatticeValue(each)), ...all.filter(holdsLatticeValue)];
  }
}
