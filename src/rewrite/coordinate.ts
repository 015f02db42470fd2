/**
 * Inserts coordination where the analysis asks for it, and nowhere else: seals first, which are cheaper
 * (insert-seals.ts), then one ordered log for what is left.
 *
 * For unmet obligations on replicated state the channels that feed the blamed rules go through one
 * ordered log of the cluster. An entry is all that one sender's timestep puts on these channels,
 * for all receivers; every node applies its own part in a timestep of its own, in the same order
 * everywhere. That makes replicas agree if every receiver gets the same part, that is if each
 * channel is fed by one rule that fans out over one static relation, and if nothing else decides
 * with them: an input, a timer or a message outside the log would race with the entries.
 *
 * What is inserted is checked by analysing the program again under the log: an obligation counts
 * as discharged only if it is then met, and channels that discharge nothing are not ordered.
 */
import { analyzeConfluence, findConfluenceFacts } from '../analysis/confluence.js';
import type { ConfluenceFacts } from '../analysis/confluence.js';
import type {
  Blame,
  BlameReason,
  ConfluenceReport,
  ObservableReport,
} from '../analysis/confluence-report.js';
import { clausesOf, relationOf } from '../analysis/program-index.js';
import { localSources } from '../analysis/trace-sources.js';
import type { Program, Rule } from '../semantics/program.js';
import { coordinationWishes, forbidden, forbiddenFor } from './coordination-wishes.js';
import type { CoordinationWishes } from './coordination-wishes.js';
import type { CoordinationPlan, CoordinationPoint } from './coordination-plan.js';
import { insertSeals, unfulfilled } from './insert-seals.js';
import type { SealedProgram } from './insert-seals.js';

export interface CoordinateOptions {
  readonly mode: 'auto' | 'none';
  /** Nodes that decide; null for every node of the cluster. */
  readonly members: readonly string[] | null;
}

/** The program with what it waits for, and the plan of that and of what goes through the log. */
export function coordinateProgram(
  program: Program,
  report: ConfluenceReport,
  options: CoordinateOptions,
): { readonly program: Program; readonly plan: CoordinationPlan } {
  const wishes = coordinationWishes(program);
  if (options.mode === 'none') return orderProgram(notSealed(program, report), wishes, options);
  const none = notSealed(program, report);
  const plan = (sealed: SealedProgram): Planned => ({
    sealed,
    ...withUnsealed(orderProgram(sealed, wishes, options), unfulfilled(report, sealed, wishes)),
  });
  const first = plan(insertSeals(none, wishes, []));
  const plans = [first, ...sealUnderLog(first, wishes).map(plan)];
  if (first.sealed.points.length > 0) plans.push(plan(none));
  const [best] = plans
    .filter((each) => each.sealed.points.every(({ relation }) => isMet(each, relation)))
    .sort((a, b) => costOf(a.plan) - costOf(b.plan));
  return best ?? plans.at(-1)!;
}

/** With what waits for seals once the log has done its part. */
function sealUnderLog(
  { sealed, plan: { orderedLog, unmet } }: Planned,
  wishes: CoordinationWishes,
): readonly SealedProgram[] {
  if (orderedLog === null || unmet.length === 0 || sealed.program.remarks.seals.length === 0)
    return [];
  const ordered = orderedLog.channels;
  const report = analyzeConfluence(sealed.program, { ordered });
  const more = insertSeals({ ...sealed, report }, wishes, ordered);
  // What is sealed is looked at again as it is without a log, and then ordered.
  return [{ ...more, report: analyzeConfluence(more.program) }];
}

/** Whether what waits for a seal then meets its obligation: under a log some things are hazards that are none without. */
function isMet({ plan, sealed }: Planned, relation: string): boolean {
  const channels = plan.orderedLog?.channels ?? [];
  const met = channels.length === 0 ? metIn(sealed.report) : metUnder(sealed.program, channels);
  return met.has(relation);
}

function withUnsealed(
  { program, plan }: Pick<Planned, 'program' | 'plan'>,
  unsealed: CoordinationPlan['unsealed'],
): Pick<Planned, 'program' | 'plan'> {
  return { program, plan: { ...plan, unsealed } };
}

/** What stays unmet weighs most, then what is ordered, then what waits. */
function costOf({ unmet, unsealed, orderedLog, seals }: CoordinationPlan): number {
  return (
    (unmet.length + unsealed.length) * 1e6 + (orderedLog?.channels.length ?? 0) * 1e3 + seals.length
  );
}

interface Planned {
  readonly sealed: SealedProgram;
  readonly program: Program;
  readonly plan: CoordinationPlan;
}

function notSealed(program: Program, report: ConfluenceReport): SealedProgram {
  return { program, report, points: [], refusals: new Map() };
}

/** Sends through an ordered log what seals do not meet. */
function orderProgram(
  { program, report, points: seals, refusals: unsealed }: SealedProgram,
  wishes: CoordinationWishes,
  options: CoordinateOptions,
): { readonly program: Program; readonly plan: CoordinationPlan } {
  const unmet = report.observables.filter((observable) => !observable.met);
  const asked = unmet.filter(
    ({ mechanism }) => mechanism.kind === 'order' && mechanism.provider === 'paxos',
  );
  const demands = options.mode === 'none' ? [] : findDemands(program, asked, wishes);
  const ordered = options.mode === 'none' ? [] : wishes.ordered;
  const channels = [...new Set([...sufficientChannels(program, demands), ...ordered])].sort();
  const discharged = metUnder(program, channels);
  const points = demands.flatMap((demand) =>
    channels.length > 0 && demand.refusal === null && discharged.has(demand.observable.relation)
      ? [pointOf(demand)]
      : [],
  );
  const pointNames = new Set(points.map((point) => point.relation));
  const refusals = new Map(demands.map((demand) => [demand.observable.relation, demand.refusal]));
  const plan: CoordinationPlan = {
    orderedLog:
      channels.length === 0
        ? null
        : { channels, members: options.members === null ? null : [...options.members].sort() },
    seals,
    barrier: null,
    unsealed: [],
    points,
    unmet: unmet
      .filter(({ relation }) => !pointNames.has(relation))
      .map((observable) => ({
        relation: observable.relation,
        mechanism: observable.mechanism,
        reason:
          refusals.get(observable.relation) ??
          forbiddenFor(observable, wishes) ??
          reasonFor(observable, options.mode, program, unsealed.get(observable.relation) ?? null),
      })),
  };
  return { program: markRules(program, new Set(channels)), plan };
}

interface Demand {
  readonly observable: ObservableReport;
  /** Channels that must go through the log for this observable, sorted. */
  readonly channels: readonly string[];
  /** Why an order of channels cannot discharge it; null if it can. */
  readonly refusal: string | null;
}

/** The channels of all demands that come out met together; shrinks until each one helps. */
function sufficientChannels(program: Program, demands: readonly Demand[]): readonly string[] {
  let kept = demands.filter((demand) => demand.refusal === null);
  for (;;) {
    const channels = [...new Set(kept.flatMap((demand) => demand.channels))].sort();
    const met = metUnder(program, channels);
    const still = kept.filter((demand) => met.has(demand.observable.relation));
    if (still.length === kept.length) return channels;
    kept = still;
  }
}

/** Observables that meet their obligations when these channels go through the log. */
function metUnder(program: Program, channels: readonly string[]): ReadonlySet<string> {
  if (channels.length === 0) return new Set();
  return metIn(analyzeConfluence(program, { ordered: channels }));
}

function metIn({ observables }: ConfluenceReport): ReadonlySet<string> {
  return new Set(observables.filter((o) => o.met).map((o) => o.relation));
}

/** A demand while its channels are being looked for. */
interface OpenDemand {
  readonly observable: ObservableReport;
  readonly channels: Set<string>;
  /** Under the channels found so far. */
  current: ObservableReport;
  refusal: string | null;
}

/**
 * Finds for each observable the channels whose order it needs, layer by layer: those that feed its
 * nearest blamed rules, then, as far as it is still unmet under all channels found so far, those of
 * the rules that are blamed then. One analysis a layer serves all observables.
 */
function findDemands(
  program: Program,
  asked: readonly ObservableReport[],
  wishes: CoordinationWishes,
): readonly Demand[] {
  const facts = findConfluenceFacts(program, new Set());
  const demands = asked.map((observable): OpenDemand => ({
    observable,
    channels: new Set(),
    current: observable,
    refusal: forbiddenFor(observable, wishes),
  }));
  for (let open = demands.filter(({ refusal }) => refusal === null); open.length > 0;) {
    const grown = open.filter((demand) => {
      const before = demand.channels.size;
      demand.refusal = addChannels(facts, demand.current.blame, demand.channels);
      const kept = [...demand.channels].find((name) => wishes.untouched.has(name));
      if (kept !== undefined) demand.refusal = forbidden(kept);
      if (demand.refusal === null && demand.channels.size === before)
        demand.refusal = stillUnmet(demand.current);
      return demand.refusal === null;
    });
    const ordered = demands.flatMap((demand) =>
      demand.refusal === null ? [...demand.channels] : [],
    );
    const report = analyzeConfluence(program, { ordered });
    const byRelation = new Map(report.observables.map((o) => [o.relation, o]));
    for (const demand of grown)
      demand.current = byRelation.get(demand.observable.relation) ?? demand.current;
    open = grown.filter((demand) => !demand.current.met);
  }
  return demands.map(({ observable, channels, refusal }) => ({
    observable,
    channels: [...channels].sort(),
    refusal,
  }));
}

/** Adds the channels that feed the replicated blamed rules; says why that would not do. */
function addChannels(
  { known, replication }: ConfluenceFacts,
  blames: readonly Blame[],
  channels: Set<string>,
): string | null {
  const over = new Set<string>();
  for (const { ruleId, rule, relation, replicated, reason } of blames) {
    const blamed = rule ?? relation;
    const hazard = hazardText(reason, blamed);
    if (hazard !== null) return hazard;
    if (!replicated)
      return `\`${blamed}\` also depends on the timing of \`${relation}\` at a single node`;
    const head = ruleId === null ? undefined : known.index.program.rules[ruleId]?.head.relation;
    const own = head === undefined ? [] : clausesOf(known.index, head);
    const clauses = own.filter((clause) => clause.rule.id === ruleId);
    const fed = clauses.flatMap((clause) => [
      clause.head,
      ...clause.atoms.map((atom) => atom.relation),
    ]);
    for (const source of [...localSources(known, ruleId === null ? [relation] : fed)].sort()) {
      const { kind, builtin } = relationOf(known.index, source);
      if (builtin === 'boot') continue;
      if (kind === 'table')
        return `\`${source}\` is a table, and only channels can be ordered: send its tuples on a channel and store them where they arrive`;
      if (kind !== 'channel')
        return `\`${source}\` meets \`${blamed}\` outside the log and races with its entries`;
      const [fanOut] = replication.fanOutsByChannel.get(source) ?? [];
      if (clausesOf(known.index, source).length !== 1 || fanOut === undefined || !fanOut.pure) {
        return `\`${source}\` does not reach all its receivers by one rule over a static relation, so an entry is not the same for all`;
      }
      over.add(fanOut.audience);
      channels.add(source);
    }
  }
  return over.size > 1
    ? `the channels do not all go to the same receivers (${[...over].sort().join('; ')})`
    : null;
}

/** Why no order of messages helps against this; null where it may. */
function hazardText(reason: BlameReason, blamed: string): string | null {
  switch (reason) {
    case 'momentary':
      return `\`${blamed}\` shows events, of which only the last timestep's stay: keep them in a table`;
    case 'differs-by-node':
      return `\`${blamed}\` depends on the node at which it is derived, so replicas differ under any order`;
    case 'fails-by-node':
      return `\`${blamed}\` may fail at one node and not at another, which then skips what the others apply`;
    case 'never-rests':
      return `\`${blamed}\` may go on for ever, and the entries of a log need a node that comes to rest`;
    default:
      return null;
  }
}

function stillUnmet(observable: ObservableReport): string {
  const [blame] = observable.blame;
  const cause =
    blame === undefined
      ? 'another race'
      : `\`${blame.rule ?? blame.relation}\` (${blame.reason} via \`${blame.relation}\`)`;
  const needs = observable.mechanism.kind === 'seal' ? 'needs a seal' : 'remains';
  return `with the order given, ${cause} ${needs}`;
}

function pointOf({ observable, channels }: Demand): CoordinationPoint {
  const rules = observable.blame.flatMap((blame) =>
    blame.rule !== null && blame.replicated ? [blame.rule] : [],
  );
  return {
    relation: observable.relation,
    mechanism: observable.mechanism,
    rules: [...new Set(rules)].sort(),
    channels,
  };
}

function reasonFor(
  { mechanism, blame }: ObservableReport,
  mode: 'auto' | 'none',
  { remarks }: Program,
  unsealed: string | null,
): string {
  const momentary = blame.find((b) => b.reason === 'momentary');
  if (mechanism.kind === 'persist' && momentary !== undefined)
    return `what it shows of \`${momentary.relation}\` is gone with the next timestep: keep it in a table and show that`;
  switch (mechanism.kind) {
    case 'seal': {
      const until = `until \`${mechanism.on}\` is complete, what it shows may be taken back`;
      if (mode === 'none') return `coordination is switched off; ${until}`;
      if (unsealed !== null) return `${unsealed}; ${until}`;
      return remarks.seals.some(({ relation }) => relation === mechanism.on)
        ? `the seal of \`${mechanism.on}\` does not close it; ${until}`
        : `no \`seal\` statement says who seals \`${mechanism.on}\` and when; ${until}`;
    }
    case 'cut':
      return `no cuts in this version; until \`${mechanism.on}\` is complete, what it shows may be taken back`;
    case 'persist':
      return 'no order of messages helps: its events must be kept in a table, or they miss what they are joined with';
    default:
      if (mechanism.provider === 'owner')
        return 'one node decides in the order of its own timesteps, so it varies from run to run';
      return mode === 'none' ? 'coordination is switched off' : 'the order discharges nothing';
  }
}

/** Rules that send on a logged channel say so in their origin; no other rule is touched. */
function markRules(program: Program, channels: ReadonlySet<string>): Program {
  if (channels.size === 0) return program;
  const mark = (rule: Rule): Rule =>
    rule.head.mode === 'async' && channels.has(rule.head.relation)
      ? { ...rule, origin: { ...rule.origin, rewrite: 'ordered-log' } }
      : rule;
  return { ...program, rules: program.rules.map(mark) };
}
