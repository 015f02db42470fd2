/**
 * Makes rules wait for seals that the program declares, where the analysis asks for complete sets.
 *
 * A blamed rule gets `sealed r(k)` if some seal closes what it reads. If it meets events, these are kept
 * in a table first (`ask_held`), since they are gone by the time the seal comes. Where a rule also
 * feeds something that may be shown before (a view that takes corrections), the next rule on the way
 * to the observable waits instead. All that is changed are these rules.
 *
 * What is inserted is checked by analysing the changed program: it stays only if the observable then
 * meets its obligation and no other is worse off.
 */
import { analyzeConfluence, findConfluenceFacts } from '../analysis/confluence.js';
import { guardFor } from '../analysis/await-seal.js';
import type { Guard } from '../analysis/await-seal.js';
import type {
  Blame,
  ConfluenceReport,
  ObservableReport,
  Verdict,
} from '../analysis/confluence-report.js';
import type { Known } from '../analysis/find-defects.js';
import { sealRefusal } from '../analysis/unsealable.js';
import { clausesOf } from '../analysis/program-index.js';
import type { Program, Rule } from '../semantics/program.js';
import { forbiddenFor } from './coordination-wishes.js';
import type { CoordinationWishes } from './coordination-wishes.js';
import type { CoordinationPlan, SealPoint } from './coordination-plan.js';
import { findUnsealable } from './find-unsealable.js';
import { holdEvents } from './hold-events.js';
import { atomOf, ProgramDraft } from './program-draft.js';

/** A program, what is known of it, and what was inserted. */
export interface SealedProgram {
  readonly program: Program;
  readonly report: ConfluenceReport;
  readonly points: readonly SealPoint[];
  /** Why no seal helps an observable, by its name. */
  readonly refusals: ReadonlyMap<string, string>;
}

/** Layers of blame that are looked at for one observable. */
const mostLayers = 6;

/**
 * The program with all guards that discharge an obligation, or a wish.
 *
 * Contract: the report is that of the program under an ordered log of the channels `ordered`.
 */
export function insertSeals(
  before: SealedProgram,
  wishes: CoordinationWishes,
  ordered: readonly string[],
): SealedProgram {
  let current = before;
  if (before.program.remarks.seals.length === 0) return current;
  const refusals = new Map<string, string>();
  for (const observable of before.report.observables) {
    if (!isAsked(observable, wishes) || forbiddenFor(observable, wishes) !== null) continue;
    const after = discharge(current, observable.relation, wishes, ordered);
    if (typeof after === 'string') refusals.set(observable.relation, after);
    else current = after;
  }
  return { ...current, refusals };
}

/** Whether an observable is to wait for a seal, if one helps. */
function isAsked(observable: ObservableReport, wishes: CoordinationWishes): boolean {
  if (observable.verdict === 'confluent') return false;
  return !observable.met || isWished(observable, wishes);
}

/** Whether the program asks for a seal, though the observable owes nothing. */
function isWished(observable: ObservableReport, { sealed }: CoordinationWishes): boolean {
  return [...sealed].some((wish) => concerns(wish, observable));
}

/** Whether a relation is an observable, or on the way from a blame to it; events are gone before any seal. */
function concerns(wish: string, { relation, blame }: ObservableReport): boolean {
  if (blame.every(({ reason }) => reason === 'momentary')) return false;
  return wish === relation || blame.some(({ path }) => path.includes(wish));
}

/** The relations that are to be sealed and are not, by name, each with the reason. */
export function unfulfilled(
  asWritten: ConfluenceReport,
  { points, refusals }: SealedProgram,
  { sealed }: CoordinationWishes,
): CoordinationPlan['unsealed'] {
  return [...sealed].sort().flatMap((wish) => {
    const open = asWritten.observables.find(
      (observable) =>
        observable.verdict !== 'confluent' &&
        concerns(wish, observable) &&
        !points.some(({ relation }) => relation === observable.relation),
    );
    if (open === undefined) return [];
    const reason =
      refusals.get(open.relation) ?? `the program has no \`seal\` statement that closes it`;
    return [{ relation: wish, reason: `for \`${open.relation}\`, ${reason}` }];
  });
}

/** Guards rule after rule until the observable is confluent; says why where that does not come about. */
function discharge(
  before: SealedProgram,
  relation: string,
  wishes: CoordinationWishes,
  ordered: readonly string[],
): SealedProgram | string {
  let { program, report } = before;
  const points: SealPoint[] = [];
  for (let layer = 0; layer < mostLayers; layer++) {
    const observable = report.observables.find((each) => each.relation === relation)!;
    if (observable.verdict === 'confluent')
      return { ...before, program, report, points: merge(before.points, points) };
    const blame = observable.blame.find(({ mechanism }) => mechanism.kind === 'seal');
    const other = observable.blame.find(({ mechanism }) => mechanism.kind !== 'seal');
    if (blame === undefined || other !== undefined)
      return `no seal helps against \`${(other ?? blame)?.rule ?? relation}\` (${(other ?? blame)?.reason ?? 'another race'})`;
    if (blame.reason === 'unsealable') return refusalOf(program, blame.source);
    if (wishes.ordered.includes(blame.relation)) return `\`${blame.relation}\` is to be ordered`;
    const guarded = guardOneOf(program, before.report, blame, relation, wishes);
    if (typeof guarded === 'string') return guarded;
    const hindrance = findHindrance(before.program, guarded.program);
    if (hindrance !== null) return hindrance;
    const after = analyzeConfluence(guarded.program, { ordered });
    if (isWorse(report, after))
      return `to wait in \`${guarded.rule}\` would hold up what need not wait`;
    program = guarded.program;
    report = after;
    points.push(...guarded.points);
  }
  return 'rules beyond those that would wait are to blame as well';
}

/** Why the seal that a rule waits for already cannot be carried out. */
function refusalOf(program: Program, relation: string): string {
  const seal = program.remarks.seals.find((each) => each.relation === relation);
  const refusal = seal === undefined ? null : sealRefusal(program, seal);
  return refusal?.message ?? `the seal of \`${relation}\` cannot be carried out`;
}

/** Why a seal that only the guards read cannot be carried out; null if all can. */
function findHindrance(before: Program, guarded: Program): string | null {
  const known = new Set(findUnsealable(before).map(({ message }) => message));
  return findUnsealable(guarded).find(({ message }) => !known.has(message))?.message ?? null;
}

function merge(before: readonly SealPoint[], added: readonly SealPoint[]): readonly SealPoint[] {
  const byPlace = new Map<string, SealPoint>();
  for (const point of [...before, ...added]) {
    const place = `${point.relation}\n${point.seal}`;
    const known = byPlace.get(place);
    const union = (a: readonly string[], b: readonly string[]): readonly string[] =>
      [...new Set([...a, ...b])].sort();
    byPlace.set(
      place,
      known === undefined
        ? point
        : {
            ...point,
            rules: union(known.rules, point.rules),
            held: union(known.held, point.held),
          },
    );
  }
  return [...byPlace].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, point]) => point);
}

const rank: Readonly<Record<Verdict, number>> = { confluent: 0, convergent: 1, divergent: 2 };

function isWorse(before: ConfluenceReport, after: ConfluenceReport): boolean {
  const now = new Map(after.observables.map(({ relation, verdict }) => [relation, rank[verdict]]));
  return before.observables.some(
    ({ relation, verdict }) => (now.get(relation) ?? 0) > rank[verdict],
  );
}

interface Guarded {
  readonly program: Program;
  readonly rule: string;
  readonly points: readonly SealPoint[];
}

/** The first rule on the way from the blame to the observable that can wait and holds nobody up. */
function guardOneOf(
  program: Program,
  asWritten: ConfluenceReport,
  blame: Blame,
  observable: string,
  wishes: CoordinationWishes,
): Guarded | string {
  const { known } = findConfluenceFacts(program, new Set());
  const asked = new Set(
    asWritten.observables.filter((each) => isAsked(each, wishes)).map(({ relation }) => relation),
  );
  let reason = `no seal of the program closes what \`${blame.rule ?? blame.relation}\` reads`;
  for (const ruleId of rulesOnTheWay(program, blame)) {
    const held = heldUp(known, program, ruleId).filter((name) => !asked.has(name));
    if (held.length > 0) {
      reason = `to wait in \`${program.rules[ruleId]!.name}\` would hold up \`${held[0]}\`, which need not wait`;
      continue;
    }
    const guarded = guardRule(program, known, ruleId, observable);
    if (guarded !== null) return guarded;
  }
  return reason;
}

/** The blamed rule and those that lead from it to the observable, as long as there is one way. */
function rulesOnTheWay(program: Program, { ruleId, rule, path }: Blame): readonly number[] {
  if (ruleId === null) return [];
  const ids = [ruleId];
  const chain = path.slice(path.lastIndexOf(rule!) + 1);
  for (const [i, relation] of chain.slice(1).entries()) {
    const read = chain[i]!;
    const next = program.rules.flatMap(({ head, bodies }, id) =>
      head.relation === relation &&
      bodies.some(({ literals }) =>
        literals.some((literal) => literal.kind === 'atom' && literal.relation === read),
      )
        ? [id]
        : [],
    );
    if (next.length !== 1) break;
    ids.push(next[0]!);
  }
  return ids;
}

/** Observables to which something comes by the rule. */
function heldUp({ index }: Known, program: Program, ruleId: number): readonly string[] {
  const reached = new Set<string>();
  const waiting = [program.rules[ruleId]!.head.relation];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    for (const { clause } of index.usesByRelation.get(name) ?? []) waiting.push(clause.head);
  }
  return program.observables.filter((name) => reached.has(name));
}

function guardRule(
  program: Program,
  known: Known,
  ruleId: number,
  observable: string,
): Guarded | null {
  const direct = guardsOf(known, program, ruleId);
  if (direct !== null) return withGuards(program, ruleId, direct, observable, []);
  const kept = holdEvents(program, known, ruleId);
  if (kept === null) return null;
  const facts = findConfluenceFacts(kept.program, new Set());
  const guards = guardsOf(facts.known, kept.program, ruleId);
  return guards === null ? null : withGuards(kept.program, ruleId, guards, observable, kept.held);
}

/** A guard for each alternative of the rule; null if one has none. */
function guardsOf(known: Known, program: Program, ruleId: number): readonly Guard[] | null {
  const { head, bodies } = program.rules[ruleId]!;
  const clauses = clausesOf(known.index, head.relation).filter(({ rule }) => rule.id === ruleId);
  const guards = bodies.map((_, i) => {
    const clause = clauses.find(({ bodyIndex }) => bodyIndex === i);
    return clause === undefined ? null : guardFor(known, clause);
  });
  return guards.every((guard) => guard !== null) ? guards : null;
}

function withGuards(
  program: Program,
  ruleId: number,
  guards: readonly Guard[],
  observable: string,
  held: readonly string[],
): Guarded {
  const draft = new ProgramDraft(program);
  const { origin, bodies }: Rule = program.rules[ruleId]!;
  const guarded = bodies.map((body, i) => {
    const { seal, variables } = guards[i]!;
    const literal = atomOf(draft.addSealed(seal), variables, body.span);
    return { ...body, literals: [...body.literals, literal] };
  });
  draft.mapRules((rule, place) =>
    place === ruleId ? { ...rule, bodies: guarded, origin: { ...origin, rewrite: 'seal' } } : rule,
  );
  const points = guards.map(({ seal }): SealPoint => ({
    relation: observable,
    seal: seal.relation,
    key: (seal.columns ?? []).map(
      (column) => program.relations.get(seal.relation)!.columns[column]!.name,
    ),
    rules: [origin.rule],
    held,
  }));
  return { program: draft.finish(program.remarks), rule: origin.rule, points };
}
