/**
 * How the tuples that a cluster-wide relation begins with come to their owners. Facts of the program
 * are known at every node, which keeps those that it owns. What is given at start is given at a node:
 * a static's tuples at their owner, others anywhere, from where they travel.
 */
import type {
  AtomArgument,
  Fact,
  Literal,
  Program,
  Relation,
  Rule,
  Term,
  Variable,
} from '../semantics/program.js';
import { ownerFilter } from './exchange-stage.js';
import { receiverColumn, type ExchangeDraft } from './exchange-draft.js';
import type { Spread } from './exchange-spread.js';
import { atom, nodesType, ownerTerm, variable, wildcard } from './exchange-terms.js';

/** Where what is given for a cluster-wide relation goes in. */
export interface Entry {
  /** The static that takes it. */
  readonly relation: string;
  /** The columns that place a tuple, in the order in which they are hashed. */
  readonly partition: readonly number[];
  /** Whether a tuple can go in at its owner only, and does not travel. */
  readonly isFixed: boolean;
}

const nodesName = '__1';
const hereName = '__2';
const fresh = (n: number): string => (n === 0 ? nodesName : hereName);

export class FactExchange {
  readonly #draft: ExchangeDraft;
  readonly entries = new Map<string, Entry>();
  readonly facts: Fact[] = [];

  constructor(program: Program, spread: Spread, draft: ExchangeDraft) {
    this.#draft = draft;
    const stated = groupFacts(program);
    for (const [name, key] of spread) {
      const relation = program.relations.get(name)!;
      if (key === null) continue;
      this.#state(relation, key, stated.get(name) ?? []);
      if (relation.kind === 'table' || relation.kind === 'static') this.#give(relation, key);
    }
    for (const fact of program.facts)
      if ((spread.get(fact.relation) ?? null) === null) this.facts.push(fact);
  }

  #rowOf({ columns, span }: Relation): readonly Variable[] {
    return columns.map(({ name, type }) => variable(name, type, span));
  }

  #static(relation: Relation, suffix: 'facts' | 'given'): string {
    const name = this.#draft.declare(
      `${relation.name}_${suffix}`,
      'static',
      relation.columns,
      relation.span,
      {
        madeFrom: {
          relation: relation.name,
          how: suffix === 'given' ? 'given at start' : 'its facts',
        },
      },
    );
    const { keyLength, hasKey } = relation;
    this.#draft.relations.set(name, { ...this.#draft.relations.get(name)!, keyLength, hasKey });
    return name;
  }

  /** Facts of the program. */
  #state(relation: Relation, key: readonly number[], facts: readonly Fact[]): void {
    const [first] = facts;
    if (first === undefined) return;
    const source = this.#static(relation, 'facts');
    for (const fact of facts) this.facts.push({ ...fact, relation: source });
    const row = this.#rowOf(relation);
    const { span } = relation;
    const body = [
      ...this.#once(relation),
      atom(source, row, span),
      ...ownerFilter(
        this.#draft,
        key.map((i) => row[i]!),
        fresh,
        span,
      ),
    ];
    this.#add(relation, first.name, row, body);
  }

  /** What is given at start. */
  #give(relation: Relation, key: readonly number[]): void {
    const { name, kind, span } = relation;
    const source = this.#static(relation, 'given');
    const isFixed = kind === 'static';
    this.entries.set(name, { relation: source, partition: key, isFixed });
    const row = this.#rowOf(relation);
    const place = key.map((i) => row[i]!);
    if (isFixed) {
      this.#add(relation, source, row, [atom(source, row, span)]);
      return;
    }
    const given = [...this.#once(relation), atom(source, row, span)];
    this.#add(relation, source, row, [...given, ...ownerFilter(this.#draft, place, fresh, span)]);
    this.#route(relation, source, row, place, given);
  }

  /** A given tuple of another owner goes there. */
  #route(
    relation: Relation,
    source: string,
    row: readonly Variable[],
    place: readonly Term[],
    given: readonly Literal[],
  ): void {
    const { span } = relation;
    const of = this.#ruleOf(relation, source);
    const columns = [receiverColumn(relation.columns, span), ...relation.columns];
    const channel = this.#draft.declare(`${source}_sent`, 'channel', columns, relation.span, {
      durable: relation.durable,
      madeFrom: { relation: relation.name, how: 'given at start, sent to its owner' },
    });
    const { keyLength, hasKey } = relation;
    const declared = this.#draft.relations.get(channel)!;
    this.#draft.relations.set(channel, { ...declared, keyLength: keyLength + 1, hasKey });
    const nodes = variable(nodesName, nodesType, span);
    const here = variable(hereName, { kind: 'addr' }, span);
    const owner = ownerTerm(place, nodes, span);
    const elsewhere: Term = {
      kind: 'apply',
      function: '!=',
      arguments: [owner, here],
      type: { kind: 'bool' },
      span,
    };
    this.#draft.addRule(of, this.#draft.head(channel, 'async', [owner, ...row], span), [
      ...given,
      this.#draft.nodesAtom(nodes),
      atom('self', [here], span),
      { kind: 'condition', term: elsewhere, span },
    ]);
    const arrived = [atom(channel, [wildcard({ kind: 'addr' }, span), ...row], span)];
    this.#add(relation, source, row, arrived);
  }

  /** Statics hold from the start and always; all else begins with them when the node boots, and what outlives the process when it boots for the first time. */
  #once({ kind, durable, span }: Relation): readonly Literal[] {
    if (kind === 'static') return [];
    this.#draft.builtin('boot', span);
    const type = { kind: 'bool' } as const;
    const first: AtomArgument = durable
      ? { kind: 'constant', value: true, type, span }
      : wildcard(type, span);
    return [atom('boot', [first], span)];
  }

  #ruleOf({ span }: Relation, name: string): Pick<Rule, 'name' | 'origin'> {
    return { name, origin: { rule: name, span, rewrite: 'exchange' } };
  }

  #add(relation: Relation, name: string, row: readonly Term[], body: readonly Literal[]): void {
    const of = this.#ruleOf(relation, name);
    this.#draft.addRule(of, this.#draft.head(relation.name, 'now', row, relation.span), body);
  }
}

function groupFacts({ facts }: Program): ReadonlyMap<string, readonly Fact[]> {
  const groups = new Map<string, Fact[]>();
  for (const fact of facts) {
    const group = groups.get(fact.relation);
    if (group === undefined) groups.set(fact.relation, [fact]);
    else group.push(fact);
  }
  return groups;
}
