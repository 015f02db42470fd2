/**
 * A program with cluster-wide relations as one without: what a node runs. Each relation keeps its
 * name and holds, at each node, the tuples that the node owns; rules become rules of single nodes,
 * and what they need of each other's nodes travels on channels of the compiler's own. Owners follow
 * from the values alone (`owner_of`), so no node asks another where something is.
 *
 *     table link(src: int, dst: int) partition by (src);
 *     table path(src: int, dst: int) partition by (src);
 *     path(x, z) :- link(x, y), path(y, z);
 *
 *     link_by_dst_sent(owner_of(y, ns), x, y)@async :- link(x, y), cluster_nodes(ns);
 *     link_by_dst(x, y)                            :- link_by_dst_sent(_, x, y);
 *     path_sent(owner_of(x, ns), x, z)@async       :- link_by_dst(x, y), path(y, z), cluster_nodes(ns);
 *     path(x, z)                                   :- path_sent(_, x, z);
 *
 * Over what grows, the eventual content of all parts together is the least model that one machine
 * would compute (Ameloot, Neven and Van den Bussche, "Relational transducers for declarative
 * networking", 2013); the analysis of what comes out proves it, rule by rule. (Exchanges: Graefe,
 * "Encapsulation of parallelism in the Volcano query processing system", 1990.)
 */
import { classifyGrowth, type Growth } from '../analysis/growth.js';
import { indexProgram } from '../analysis/program-index.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { nameOfSealed } from '../semantics/builtin-relations.js';
import { bodyRelations, markEvents } from '../semantics/mark-events.js';
import type { Program, Relation, Rule } from '../semantics/program.js';
import { findAlike, findTakenAlike } from './exchange-alike.js';
import { refuseEndlessRounds } from './exchange-cycles.js';
import { ExchangeDraft } from './exchange-draft.js';
import { coordinationWishes } from './coordination-wishes.js';
import { mayWait, rootsOf, withBarriers } from './exchange-barriers.js';
import { findEvents } from './exchange-events.js';
import { spreadInvariant } from './exchange-invariants.js';
import type { Refusal } from './exchange-stage.js';
import { refuseBarriers } from './lower-barriers.js';
import { FactExchange, type Entry } from './exchange-facts.js';
import type { Exchange } from './exchange-report.js';
import { RuleExchange } from './exchange-rules.js';
import { findSoft } from './exchange-soft.js';
import { findSpread, readsSpread, type Spread } from './exchange-spread.js';
import type { Atom } from './exchange-terms.js';

export interface Exchanged {
  /** Without cluster-wide relations; the very same program if it has none. */
  readonly program: Program;
  /** Where given tuples of a cluster-wide relation go in, by its name. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Statics that its rules take to be the same at every node. */
  readonly alike: ReadonlySet<string>;
  /** In the order in which the rules need them. */
  readonly exchanges: readonly Exchange[];
  /** Rules that nodes cannot evaluate by themselves, as errors. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface ExchangeOptions {
  /** Whether rules may wait until what they read is complete. */
  readonly barriers: boolean;
}

export function exchangeRelations(program: Program, options: ExchangeOptions): Exchanged {
  const spread = findSpread(program);
  if (spread.size === 0)
    return { program, entries: new Map(), alike: new Set(), exchanges: [], diagnostics: [] };
  const events = findEvents(program);
  const waiting = new Set<number>();
  for (;;) {
    const { refusals, finish } = exchange(withBarriers(program, spread, events, waiting));
    if (!options.barriers || refusals.length === 0) return finish(refusals);
    const isHelped = ({ waits = [] }: Refusal): boolean => waits.some(({ id }) => !waiting.has(id));
    const helpless = refusals.filter((refusal) => !isHelped(refusal));
    if (helpless.length > 0) return finish(helpless);
    for (const { waits = [] } of refusals) for (const { id } of waits) waiting.add(id);
  }
}

interface Attempt {
  readonly refusals: readonly Refusal[];
  readonly finish: (refusals: readonly Refusal[]) => Exchanged;
}

function exchange(program: Program): Attempt {
  const spread = findSpread(program);
  const index = indexProgram(program);
  const { growthByRelation } = classifyGrowth(index);
  // What is given at start for a table arrives at its owner some time later.
  const growthOf = (name: string): Growth => {
    const growth = growthByRelation.get(name) ?? 'static';
    const isFixed = growth !== 'static' || program.relations.get(name)?.kind === 'static';
    return isFixed || !spread.has(name) ? growth : 'inflationary';
  };
  const events = findEvents(program);
  const { untouched } = coordinationWishes(program);
  const canWait = (rule: Rule): boolean =>
    !untouched.has(rule.head.relation) &&
    mayWait(rule, program.relations.get(rule.head.relation)!, events);
  const alike = findAlike(program, spread);
  const soft = findSoft(index, spread, alike, growthOf, events);
  const draft = new ExchangeDraft(program);
  const refusals: Refusal[] = [];
  const facts = new FactExchange(program, spread, draft);
  const shrinking = new Set(
    program.rules.flatMap(({ head }) =>
      head.mode === 'delete' || head.mode === 'upsert' ? [head.relation] : [],
    ),
  );
  const context = {
    program,
    spread,
    alike,
    growthOf,
    // What was true of what one machine has from the start need not be of what arrives here.
    mayFall: (name: string): boolean => growthOf(name) === 'volatile' || soft.derived.has(name),
    events,
    draft,
    shrinking,
    soft,
    waitersFor: (rule: Rule, atom: Atom): readonly Rule[] => {
      const roots = atom.negated ? [] : rootsOf(program, soft, [atom.relation]);
      return roots.length > 0 ? roots : [rule];
    },
    refuse: (refusal: Refusal): void =>
      void refusals.push({ ...refusal, waits: (refusal.waits ?? []).filter(canWait) }),
  };
  const lasting = [...spread.keys()].map((name) => program.relations.get(name)!);
  const durable = lasting.find((relation) => relation.durable);
  if (durable !== undefined) draft.keepNodes(durable.span);
  const concerned = program.rules.filter((rule) => concerns(rule, spread));
  for (const rule of program.rules) {
    if (concerned.includes(rule)) new RuleExchange(context, rule).rewrite();
    else draft.rules.push(rule);
  }
  refusals.push(...refuseSeals(program, spread));
  const assembled = withRemarksOn(assemble(program, draft, facts), spread);
  if (refusals.length === 0) refusals.push(...refuseEndlessRounds(assembled));
  if (refusals.length === 0) refusals.push(...refuseBarriers(assembled, draft.exchanges));
  const finish = (told: readonly Refusal[]): Exchanged => ({
    program: assembled,
    entries: facts.entries,
    alike: findTakenAlike(program, concerned, alike),
    exchanges: draft.exchanges,
    diagnostics: told.map(tell),
  });
  return { refusals, finish };
}

/** Whether the rule reads or fills what is spread over the cluster, or deletes from it. */
function concerns(rule: Rule, spread: Spread): boolean {
  const { mode, relation } = rule.head;
  const isPlaced = (spread.get(relation) ?? null) !== null;
  return readsSpread(rule, spread) || isPlaced || (mode === 'delete' && spread.has(relation));
}

/** Rules that wait for a seal where tuples live here and there: no node knows of all producers' marks. */
function refuseSeals(program: Program, spread: Spread): readonly Refusal[] {
  return program.rules.flatMap((rule) => {
    const seals = [...bodyRelations(rule)].flatMap((name) => nameOfSealed(name) ?? []);
    const isSpread = concerns(rule, spread) || seals.some((name) => spread.has(name));
    if (seals.length === 0 || !isSpread) return [];
    return {
      code: 'TRL1113',
      span: rule.origin.span,
      message: `a rule over cluster-wide relations cannot wait for the seal of \`${seals[0]}\``,
      help: 'leave out `partition by` where a seal is waited for, or show the result as a view without waiting, which takes corrections',
    };
  });
}

/** No seal of theirs is inserted, and an invariant ranges over all their parts. */
function withRemarksOn(program: Program, spread: Spread): Program {
  const { remarks } = program;
  const seals = remarks.seals.filter(
    ({ relation, when }) => !spread.has(relation) && !spread.has(when.relation),
  );
  const invariants = remarks.invariants.map((invariant) => spreadInvariant(invariant, spread));
  return { ...program, remarks: { ...remarks, seals, invariants } };
}

function tell({ code, span, message, help }: Refusal): Diagnostic {
  return { code, severity: 'error', message, primary: { span }, help };
}

function assemble(program: Program, draft: ExchangeDraft, { facts }: FactExchange): Program {
  const events = markEvents(draft.relations, draft.rules, facts);
  const finish = (relation: Relation): Relation => ({
    ...relation,
    partition: null,
    eventDriven: events.has(relation.name),
  });
  return {
    ...program,
    relations: new Map([...draft.relations].map(([name, relation]) => [name, finish(relation)])),
    rules: draft.rules.map((rule, id) => ({
      ...rule,
      id,
      eventDriven: [...bodyRelations(rule)].some((name) => events.has(name)),
    })),
    facts,
  };
}
