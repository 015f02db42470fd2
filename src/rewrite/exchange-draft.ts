/**
 * The relations and rules that exchanges add, under names that the program does not use, and what
 * of them is there already: rules that send the same rows to the same owners share one exchange.
 *
 * An exchange is a channel and, for what stands, a table in which the rows wait at their owner for
 * what they are to meet. What holds in one timestep only is read off the channel, so that it holds
 * at its owner in the one timestep in which it arrives.
 */
import { builtinRelation } from '../semantics/builtin-relations.js';
import { isLatticeType } from '../semantics/lattice-shape.js';
import type {
  AtomArgument,
  Column,
  Head,
  HeadMode,
  Literal,
  MadeFrom,
  Program,
  Relation,
  RelationKind,
  Rule,
  Term,
  Variable,
} from '../semantics/program.js';
import type { Span } from '../base/span.js';
import type { Exchange } from './exchange-report.js';
import { atom, nodesType, ownerTerm, termArgument, variable, wildcard } from './exchange-terms.js';

export type DraftRule = Omit<Rule, 'id' | 'eventDriven'>;

/** Where rows go: to the owner of these terms, or to every node. */
export type Destination = readonly Term[] | 'everywhere';

/** What is sent: rows of these values, bound by a body. */
export interface Shipment {
  readonly columns: readonly Column[];
  readonly values: readonly Term[];
  readonly body: readonly Literal[];
  readonly destination: Destination;
  /** Whether the rows hold in one timestep only. */
  readonly isEvent: boolean;
}

/** What a shipment is, and what its relation is to be called. */
export type Travel = Pick<Exchange, 'what' | 'of' | 'by'> & { readonly wanted: string };

export class ExchangeDraft {
  readonly relations: Map<string, Relation>;
  readonly rules: DraftRule[] = [];
  readonly exchanges: Exchange[] = [];
  readonly #taken: Set<string>;
  readonly #arrivals = new Map<string, Exchange>();
  #nodes: string | null = null;

  constructor(program: Program) {
    this.relations = new Map(program.relations);
    const functions = program.functions.map(({ name }) => name);
    const params = program.params.map(({ name }) => name);
    this.#taken = new Set([...program.relations.keys(), ...functions, ...params]);
  }

  /** A relation of the compiler's own, called so or nearly so. */
  declare(
    wanted: string,
    kind: RelationKind,
    columns: readonly Column[],
    span: Span,
    { durable = false, madeFrom }: { readonly durable?: boolean; readonly madeFrom: MadeFrom },
  ): string {
    const name = this.#fresh(wanted);
    const ordered = [...columns].filter(({ type }) => isLatticeType(type)).length;
    this.relations.set(name, {
      name,
      kind,
      columns,
      keyLength: columns.length - ordered,
      hasKey: ordered > 0,
      location: kind === 'channel' ? 0 : null,
      partition: null,
      builtin: null,
      // Copies of what outlives a process, and what carries them, do so too.
      durable,
      // What nobody declared nobody can be advised to seal.
      declared: false,
      periodMs: null,
      eventDriven: kind === 'channel',
      observable: null,
      doc: null,
      span,
      madeFrom,
    });
    return name;
  }

  #fresh(wanted: string): string {
    let name = wanted;
    for (let n = 2; this.#taken.has(name); n++) name = `${wanted}_${n}`;
    this.#taken.add(name);
    return name;
  }

  /** Adds a rule that does a part of the work of another. */
  addRule(of: Pick<Rule, 'name' | 'origin'>, head: Head, literals: readonly Literal[]): void {
    this.rules.push({
      name: of.name,
      labelled: false,
      head,
      bodies: [{ literals, span: of.origin.span }],
      aggregated: head.arguments.some(({ kind }) => kind === 'aggregate'),
      doc: null,
      origin: { rule: of.origin.rule, span: of.origin.span, rewrite: 'exchange' },
    });
  }

  head(relation: string, mode: HeadMode, terms: readonly Term[], span: Span): Head {
    return { relation, mode, arguments: terms.map(termArgument), span };
  }

  /**
   * The relation that lists the cluster's nodes in order, in one tuple; a literal over it binds the
   * variable.
   */
  nodesAtom(nodes: Variable): Literal {
    return atom(this.#nodesRelation(nodes.span), [nodes], nodes.span);
  }

  /**
   * What outlives the process is at the owners that the nodes of then made of it. Under other nodes
   * it would be at the wrong ones, so what the nodes were is kept beside it, and none but the same
   * agree with that.
   */
  keepNodes(span: Span): void {
    const nodes = variable('nodes', nodesType, span);
    const columns = [
      { name: 'key', type: { kind: 'int' } as const, span },
      { name: 'nodes', type: nodesType, span },
    ];
    const madeFrom = { relation: 'cluster', how: 'as it was at first' };
    const name = this.declare('spread_over', 'table', columns, span, { durable: true, madeFrom });
    this.relations.set(name, { ...this.relations.get(name)!, keyLength: 1, hasKey: true });
    const key: Term = { kind: 'constant', value: 0, type: { kind: 'int' }, span };
    const origin = { rule: name, span, rewrite: 'exchange' };
    this.addRule({ name, origin }, this.head(name, 'now', [key, nodes], span), [
      this.nodesAtom(nodes),
    ]);
  }

  #nodesRelation(span: Span): string {
    if (this.#nodes !== null) return this.#nodes;
    this.builtin('cluster', span);
    const column = { name: 'nodes', type: nodesType, span };
    const madeFrom = { relation: 'cluster', how: 'all of it' };
    this.#nodes = this.declare('cluster_nodes', 'static', [column], span, { madeFrom });
    const node = variable('node', { kind: 'addr' }, span);
    const head: Head = {
      relation: this.#nodes,
      mode: 'now',
      arguments: [
        { kind: 'aggregate', function: 'list', arguments: [node], type: nodesType, span },
      ],
      span,
    };
    const origin = { rule: this.#nodes, span, rewrite: 'exchange' };
    this.addRule({ name: `${this.#nodes}#1`, origin }, head, [atom('cluster', [node], span)]);
    return this.#nodes;
  }

  /** A built-in relation, which stands in a program only where it is used. */
  builtin(name: 'cluster' | 'self' | 'boot', span: Span): void {
    if (this.relations.has(name)) return;
    const { columns, shapedAt, ...draft } = builtinRelation(name, span);
    const relation: Relation = {
      ...draft,
      span: shapedAt,
      columns: columns.map((column) => ({ name: column.name, type: column.type, span })),
      eventDriven: draft.kind === 'input',
      observable: null,
    };
    this.relations.set(name, relation);
  }

  /**
   * The relation in which shipped rows are read where they arrive, and the arguments in front of
   * their columns. The same shipment is made once.
   */
  ship(
    { wanted, what, of, by }: Travel,
    rule: Pick<Rule, 'name' | 'origin'>,
    shipment: Shipment,
    fresh: (n: number) => string,
  ): { readonly relation: string; readonly front: readonly AtomArgument[] } {
    const { isEvent } = shipment;
    const key = shipmentKey(shipment);
    const front = isEvent ? [wildcard({ kind: 'addr' }, rule.origin.span)] : [];
    const known = this.#arrivals.get(key);
    if (known !== undefined) {
      known.rules.add(rule.name);
      return { relation: known.arrival, front };
    }
    const durable = this.#outlives(of) || shipment.body.some((l) => this.#outlives(relationOf(l)));
    const name = isEvent ? wanted : `${wanted}_sent`;
    const madeFrom = madeFromOf({ what, of, by });
    const channel = this.#send(name, rule, shipment, { durable, madeFrom }, fresh);
    const arrival = isEvent ? channel : this.#keep(wanted, channel, rule, { durable, madeFrom });
    const exchange = {
      channel,
      arrival,
      what,
      of,
      by,
      kept: !isEvent,
      rules: new Set([rule.name]),
    };
    this.#arrivals.set(key, exchange);
    this.exchanges.push(exchange);
    return { relation: arrival, front };
  }

  #outlives(relation: string | null): boolean {
    return relation !== null && (this.relations.get(relation)?.durable ?? false);
  }

  /** The channel on which a rule of its own sends the rows. */
  #send(
    wanted: string,
    of: Pick<Rule, 'name' | 'origin'>,
    { columns, values, body, destination }: Shipment,
    kind: { readonly durable: boolean; readonly madeFrom: MadeFrom },
    fresh: (n: number) => string,
  ): string {
    const { span } = of.origin;
    const channel = this.declare(
      wanted,
      'channel',
      [receiverColumn(columns, span), ...columns],
      span,
      kind,
    );
    const place =
      destination === 'everywhere'
        ? variable(fresh(0), { kind: 'addr' }, span)
        : variable(fresh(0), nodesType, span);
    if (destination === 'everywhere') this.builtin('cluster', span);
    const where: Literal =
      destination === 'everywhere' ? atom('cluster', [place], span) : this.nodesAtom(place);
    const receiver = destination === 'everywhere' ? place : ownerTerm(destination, place, span);
    this.addRule(of, this.head(channel, 'async', [receiver, ...values], span), [...body, where]);
    return channel;
  }

  /** A table that keeps what a channel brings. */
  #keep(
    wanted: string,
    channel: string,
    of: Pick<Rule, 'name' | 'origin'>,
    kind: { readonly durable: boolean; readonly madeFrom: MadeFrom },
  ): string {
    const columns = this.relations.get(channel)!.columns.slice(1);
    const { span } = of.origin;
    const table = this.declare(wanted, 'table', columns, span, kind);
    const values = columns.map((column) => variable(column.name, column.type, span));
    this.addRule(of, this.head(table, 'now', values, span), [
      atom(channel, [wildcard({ kind: 'addr' }, span), ...values], span),
    ]);
    return table;
  }
}

function madeFromOf({ what, of, by }: Pick<Exchange, 'what' | 'of' | 'by'>): MadeFrom {
  const where =
    by === null
      ? 'to every node'
      : by.length === 0
        ? 'to one node'
        : `to its owner by ${by.join(', ')}`;
  return {
    relation: of,
    how: what === 'bindings' ? `a part of its body, sent ${where}` : `sent ${where}`,
  };
}

function relationOf(literal: Literal): string | null {
  return literal.kind === 'atom' ? literal.relation : null;
}

/** The column of a channel that names the receiver. */
export function receiverColumn(columns: readonly Column[], span: Span): Column {
  let name = 'to';
  while (columns.some((column) => column.name === name)) name += '_';
  return { name, type: { kind: 'addr' }, span };
}

/** The same for shipments of the same rows, whatever their variables are called. */
function shipmentKey({ columns, values, body, destination, isEvent }: Shipment): string {
  const names = new Map<string, string>();
  const text = JSON.stringify(
    { body, values, destination, isEvent, types: columns.map((c) => c.type) },
    (key, value: unknown) => {
      if (key === 'span') return undefined;
      if (typeof value !== 'object' || value === null) return value;
      const term = value as { readonly kind?: unknown; readonly name?: unknown };
      if (term.kind !== 'variable' || typeof term.name !== 'string') return value;
      const number = names.get(term.name) ?? `v${names.size}`;
      names.set(term.name, number);
      return { kind: 'variable', name: number };
    },
  );
  return text;
}
