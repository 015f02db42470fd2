/**
 * Barriers at run time: rules that wait become plain rules of an epoch, beside those by which nodes
 * find out that what they read is complete (barrier-protocol.ts).
 *
 *     degree(s, count<d>) :- (barrier), link(s, d);
 *
 *     degree_last(s, count<d>)@next :- barrier_done(), link(s, d);
 *     delete degree_last(s, n)      :- barrier_done(), degree_last(s, n);
 *     degree(s, n)                  :- degree_last(s, n);
 *
 * What is shown changes once an epoch, at each node in one timestep: what was right and still is stays
 * as it is, and is not released again. What others read of it in the same epoch is kept in a table
 * until the epoch is done. Inputs from which it comes are held back by the node (node/barrier.ts) and
 * enter together when the next epoch opens, so that every epoch has a bounded input.
 */
import { mayComeLater } from '../analysis/epochs.js';
import { append } from '../analysis/program-index.js';
import { barrierName } from '../semantics/builtin-relations.js';
import { checkModule } from '../semantics/check-module.js';
import { isLatticeType } from '../semantics/lattice-shape.js';
import { bodyRelations } from '../semantics/mark-events.js';
import type {
  Body,
  HeadArgument,
  HeadMode,
  Literal,
  Program,
  Rule,
  Variable,
} from '../semantics/program.js';
import { parseModule } from '../syntax/parse.js';
import { assert } from '../base/assert.js';
import type { Span } from '../base/span.js';
import { isBarrier } from './exchange-barriers.js';
import type { Exchange } from './exchange-report.js';
import type { Refusal } from './exchange-stage.js';
import { phasesOf, protocolNames, protocolText, type ProtocolNames } from './barrier-protocol.js';
import { findPhases, waits, type Phases } from './barrier-phases.js';
import { atomOf, ProgramDraft, termsOf, variable } from './program-draft.js';

/** What nodes have to know of it: names of relations. */
export interface BarrierPlan {
  readonly quiet: string;
  readonly mark: string;
  readonly open: string;
  readonly pass: string;
  readonly report: string;
  /** Steps of an epoch. */
  readonly phases: number;
  /** Channels of the protocol that a node answers when it has become quiet. */
  readonly asked: readonly string[];
  /** All channels by which nodes talk about it. */
  readonly spoken: readonly string[];
  /** Channels whose messages the barrier waits for. */
  readonly counted: readonly string[];
  /** Inputs and timers that are held back until an epoch opens. */
  readonly held: readonly string[];
}

export interface LoweredBarriers {
  readonly program: Program;
  /** Null if no rule waits. */
  readonly barrier: BarrierPlan | null;
}

/** The program as nodes run it. Contract: `refuseBarriers` finds nothing in it. */
export function lowerBarriers(program: Program, exchanges: readonly Exchange[]): LoweredBarriers {
  const first = program.rules.find(waits);
  if (first === undefined) return { program, barrier: null };
  const phases = findPhases(program, exchanges);
  const names = protocolNames(program.relations.keys());
  const lowering = new Lowering(program, phases, names);
  const { span } = first.origin;
  const upstream = findUpstream(program, phases);
  const lowered = lowering.finish(protocolOf(names, phases.levels), span);
  const sent = new Set(
    program.rules.flatMap(({ head }) => (head.mode === 'async' ? [head.relation] : [])),
  );
  return {
    program: lowered,
    barrier: {
      quiet: names.quiet,
      mark: names.mark,
      open: names.open,
      pass: names.pass,
      report: names.report,
      phases: phasesOf(phases.levels),
      asked: [names.open, names.pass, names.probe],
      spoken: [names.open, names.pass, names.probe, names.report],
      counted: [...upstream].filter((name) => sent.has(name)).sort(),
      held: [...upstream].filter((name) => mayComeLater(program.relations.get(name)!)).sort(),
    },
  };
}

/** Everything that decides what rules that wait, or rest on such, derive. */
function findUpstream({ rules }: Program, phases: Phases): ReadonlySet<string> {
  const roots = [...phases.rules, ...phases.outward];
  const upstream = new Set(roots.flatMap((rule) => [...bodyRelations(rule)]));
  const rulesByHead = new Map<string, Rule[]>();
  for (const rule of rules) append(rulesByHead, rule.head.relation, rule);
  for (const name of upstream)
    for (const rule of rulesByHead.get(name) ?? [])
      for (const read of bodyRelations(rule)) upstream.add(read);
  return upstream;
}

/** Why the barriers cannot be had; empty if they can. */
export function refuseBarriers(
  program: Program,
  exchanges: readonly Exchange[],
): readonly Refusal[] {
  const first = program.rules.find(waits);
  if (first === undefined) return [];
  const phases = findPhases(program, exchanges);
  const refusals: Refusal[] = [];
  const refuse = ({ origin }: Rule, message: string, help: string): void =>
    void refusals.push({ code: 'TRL0623', span: origin.span, message, help });
  const upstream = findUpstream(program, phases);
  const durable = [...upstream].find((name) => program.relations.get(name)!.durable);
  if (durable !== undefined)
    refuse(
      first,
      `\`${first.name}\` waits until \`${durable}\` is complete, and how far the nodes have come with it does not outlive their processes`,
      `leave \`durable\` out, or show the result as a view at the node where it is derived, which takes corrections`,
    );
  return refusals;
}

function protocolOf(names: ProtocolNames, levels: number): Program {
  const file = { path: `${names.prefix}.bloom`, text: protocolText(names, levels) };
  const parsed = parseModule(file);
  const { value, diagnostics } = checkModule(parsed.value, { params: new Map(), observe: null });
  const errors = [...parsed.diagnostics, ...diagnostics].filter((d) => d.severity === 'error');
  assert(value !== null && errors.length === 0, errors.map((d) => d.message).join('; '));
  return value;
}

/** What an epoch leads to: at its end it is due, and when the next one opens it is brought about. */
interface Due {
  readonly rule: Rule;
  readonly table: string;
  /** What was due when the epoch opened. */
  readonly before: string;
}

class Lowering {
  readonly #program: Program;
  readonly #phases: Phases;
  readonly #names: ProtocolNames;
  readonly #draft: ProgramDraft;
  /** What is read of a relation within an epoch, where that is not the relation itself. */
  readonly #current = new Map<string, string>();
  /** Tables that keep what waiting rules have derived until the epoch is done. */
  readonly #kept = new Map<string, string>();
  /** Tables that keep what there was at the end of the last epoch. */
  readonly #last = new Map<string, string>();
  readonly #due: Due[] = [];

  constructor(program: Program, phases: Phases, names: ProtocolNames) {
    this.#program = program;
    this.#phases = phases;
    this.#names = names;
    this.#draft = new ProgramDraft(program);
  }

  finish(protocol: Program, span: Span): Program {
    for (const name of phasesOrder(this.#program, this.#phases)) this.#declare(name);
    this.#draft.replaceRules(this.#program.rules.flatMap((rule) => this.#lower(rule)));
    for (const [name, kept] of this.#kept) this.#copy(this.#currentOf(name), 'now', kept);
    for (const [name, last] of this.#last) {
      if (this.#phases.isRead(name)) this.#copy(last, 'next', this.#currentOf(name));
      this.#copy(name, 'now', last);
    }
    for (const due of this.#due) this.#bringAbout(due);
    const emptied = [
      ...this.#kept.values(),
      ...this.#last.values(),
      ...this.#due.map(({ table }) => table),
      ...this.#phases.arrivals,
    ];
    for (const name of emptied) this.#empty(name);
    this.#draft.remove(barrierName);
    const { prefix } = this.#names;
    this.#draft.adopt(protocol, { span, rewrite: 'barrier' }, (name) => ({
      relation: barrierName,
      how: name.slice(prefix.length + 1).replaceAll('_', ' '),
    }));
    return this.#draft.finish(this.#program.remarks);
  }

  // ---- relations ----------------------------------------------------------------------------

  #declare(name: string): void {
    const { arrivals, isRead, isShown } = this.#phases;
    if (arrivals.has(name)) return;
    const heads = this.#program.rules.filter(({ head }) => head.relation === name);
    if (isRead(name) && heads.some((rule) => this.#firesOnce(rule)))
      this.#kept.set(name, this.#beside(name, 'kept', 'table', 'for the rest of an epoch'));
    if (isRead(name) && !isShown(name)) return;
    if (isRead(name))
      this.#current.set(name, this.#beside(name, 'now', 'scratch', 'within an epoch'));
    this.#last.set(name, this.#beside(name, 'last', 'table', 'as an epoch leaves it'));
  }

  #beside(name: string, suffix: string, kind: 'table' | 'scratch', how: string): string {
    const { columns, hasKey, keyLength, location, span } = this.#program.relations.get(name)!;
    const shape = {
      kind,
      columns,
      location,
      keyLength: hasKey ? keyLength : null,
      durable: false,
      doc: null,
      span,
    };
    return this.#draft.declare(`${name}_${suffix}`, shape, { relation: name, how });
  }

  #currentOf(name: string): string {
    return this.#current.get(name) ?? name;
  }

  // ---- rules --------------------------------------------------------------------------------

  /** The rules that do what this one means. */
  #lower(rule: Rule): readonly Rule[] {
    const { passing, rules, isRead } = this.#phases;
    const { relation, mode } = rule.head;
    if (this.#phases.outward.has(rule)) return [this.#put(rule)];
    if (!rules.has(rule)) return this.#besides(rule);
    if (mode === 'async' || !passing.has(relation)) return [this.#fire(rule, relation)];
    if (!isRead(relation)) return [this.#fireLast(rule, this.#last.get(relation)!)];
    const isKept = this.#firesOnce(rule);
    return [this.#fire(rule, isKept ? this.#kept.get(relation)! : this.#currentOf(relation))];
  }

  /**
   * A rule that no epoch concerns, though another that derives the same does. Within epochs it holds
   * anew in each, so that what is sent of it is sent again to those who have forgotten it.
   */
  #besides(rule: Rule): readonly Rule[] {
    const { head } = rule;
    const { passing, arrivals, isRead } = this.#phases;
    const isPassing = passing.has(head.relation) && !arrivals.has(head.relation);
    if (head.mode !== 'now' || !isPassing || !isRead(head.relation)) return [rule];
    const current = this.#currentOf(head.relation);
    const within = this.#changed(rule, { ...head, relation: current }, this.#running());
    return current === head.relation ? [within] : [rule, within];
  }

  /** What derives from what it derives fires again and again once its phase has come; all else that waits fires once. */
  #firesOnce(rule: Rule): boolean {
    return waits(rule) && !this.#phases.isRecursive(rule);
  }

  /** Fires in its phase if it waits, and reads what holds in the epoch. */
  #fire(rule: Rule, into: string): Rule {
    const { span } = rule.origin;
    const level = this.#phases.levelOf(rule);
    const constant = { kind: 'constant', value: level, type: { kind: 'int' }, span } as const;
    const once = (): Literal => atomOf(this.#names.level(level), [], span);
    const from = (): Literal => atomOf(this.#names.past, [constant], span);
    const when = !waits(rule) ? null : this.#firesOnce(rule) ? once() : from();
    return this.#changed(rule, { ...rule.head, relation: into }, when);
  }

  #fireLast(rule: Rule, into: string): Rule {
    const done = atomOf(this.#names.done, [], rule.origin.span);
    return this.#changed(rule, { ...rule.head, relation: into, mode: 'next' }, done);
  }

  /** What it derives at the end of the epoch is due. */
  #put(rule: Rule): Rule {
    const { relation, arguments: items } = rule.head;
    const { columns: all, span } = this.#program.relations.get(relation)!;
    const columns = all.filter((_, i) => !isWildcard(items[i]!));
    const plain = columns.filter(({ type }) => !isLatticeType(type)).length;
    const keyLength = plain < columns.length ? plain : null;
    const shape = { columns, location: null, keyLength, durable: false, doc: null, span };
    const declare = (suffix: string, how: string): string =>
      this.#draft.declare(`${relation}_${suffix}`, { kind: 'table', ...shape }, { relation, how });
    const due = {
      rule,
      table: declare('due', 'due when the next epoch opens'),
      before: declare('before', 'due when this epoch opened'),
    };
    this.#due.push(due);
    const given = items.filter((item) => !isWildcard(item));
    return this.#fireLast({ ...rule, head: { ...rule.head, arguments: given } }, due.table);
  }

  /** When the next epoch opens what is due takes place; what was due before was sent then. */
  #bringAbout({ rule, table, before }: Due): void {
    const { head, origin } = rule;
    const row = this.#rowOf(table);
    const { due, opened } = this.#names;
    const span = origin.span;
    const given = [...row];
    const items = head.arguments.map((item): HeadArgument =>
      isWildcard(item) ? item : { kind: 'term', term: given.shift()! },
    );
    const derive = (
      into: string,
      mode: HeadMode,
      args: readonly HeadArgument[],
      body: readonly Literal[],
    ): void =>
      this.#draft.derive({
        head: into,
        mode,
        arguments: args,
        body,
        origin: { ...origin, rewrite: 'barrier' },
      });
    const isDue = atomOf(table, row, span);
    const wasDue = atomOf(before, row, span);
    const opens = atomOf(opened, [], span);
    const not = (relation: string): Literal => atomOf(relation, row, span, true);
    const holds = ['scratch', 'output', 'view'].includes(this.#draft.relation(head.relation).kind);
    if (head.mode === 'next' && holds) derive(head.relation, 'now', items, [wasDue]);
    else if (head.mode === 'async')
      derive(head.relation, 'async', items, [opens, isDue, not(before)]);
    else derive(head.relation, head.mode, items, [opens, isDue]);
    derive(before, 'next', termsOf(row), [opens, isDue]);
    derive(before, 'delete', termsOf(row), [opens, wasDue]);
    derive(due, 'now', [], [isDue, not(before)]);
    derive(due, 'now', [], [wasDue, not(table)]);
    // What has entered meanwhile may have undone what was brought about before.
    if (head.mode !== 'async' && !holds) derive(due, 'now', [], [isDue, this.#fed(span)]);
  }

  /** Whether inputs have entered in this epoch. */
  #fed(span: Span): Literal {
    const key = { kind: 'constant', value: 0, type: { kind: 'int' }, span } as const;
    const yes = { kind: 'constant', value: true, type: { kind: 'bool' }, span } as const;
    return atomOf(this.#names.fed, [key, yes], span);
  }

  #running(): Literal {
    const { span } = this.#program.relations.get(barrierName)!;
    const key = { kind: 'constant', value: 0, type: { kind: 'int' }, span } as const;
    return atomOf(this.#names.running, [key], span);
  }

  #changed(rule: Rule, head: Rule['head'], when: Literal | null): Rule {
    const bodies = rule.bodies.map((body): Body => {
      const literals = body.literals
        .filter((literal) => !isBarrier(literal))
        .map((literal) =>
          literal.kind === 'atom'
            ? { ...literal, relation: this.#currentOf(literal.relation) }
            : literal,
        );
      return { ...body, literals: when === null ? literals : [when, ...literals] };
    });
    return { ...rule, head, bodies, origin: { ...rule.origin, rewrite: 'barrier' } };
  }

  /** `into(..) :- from(..)`; at the end of the epoch where it is for the next timestep. */
  #copy(into: string, mode: 'now' | 'next', from: string): void {
    const row = this.#rowOf(from);
    const { span } = this.#draft.relation(from);
    const guard = mode === 'next' ? [atomOf(this.#names.done, [], span)] : [];
    this.#draft.derive({
      head: into,
      mode,
      arguments: termsOf(row),
      body: [...guard, atomOf(from, row, span)],
      origin: { rule: into, span, rewrite: 'barrier' },
    });
  }

  /** What is in the table when the epoch ends goes, to make room for what then comes. */
  #empty(name: string): void {
    const { span } = this.#draft.relation(name);
    const row = this.#rowOf(name).map((each) =>
      isLatticeType(each.type) ? ({ kind: 'wildcard', type: each.type, span } as const) : each,
    );
    this.#draft.derive({
      head: name,
      mode: 'delete',
      arguments: termsOf(row),
      body: [atomOf(this.#names.done, [], span), atomOf(name, row, span)],
      origin: { rule: name, span, rewrite: 'barrier' },
    });
  }

  #rowOf(name: string): readonly Variable[] {
    const taken = new Set(this.#program.params.map((param) => param.name));
    return this.#draft.relation(name).columns.map((column) => {
      let free = column.name;
      while (taken.has(free)) free += '_';
      taken.add(free);
      return variable(free, column.type, column.span);
    });
  }
}

function isWildcard(item: HeadArgument): boolean {
  return item.kind === 'term' && item.term.kind === 'wildcard';
}

/** The passing relations in the order in which the program has them. */
function phasesOrder({ relations }: Program, { passing }: Phases): readonly string[] {
  return [...relations.keys()].filter((name) => passing.has(name));
}
