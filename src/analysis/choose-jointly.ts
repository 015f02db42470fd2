/**
 * The cheapest set of mechanisms that meets every obligation of a program at once.
 *
 * Each blame is a *demand* at the relation whose timing decides. A mechanism on that relation may meet
 * several: a seal or an order by a key does so for every demand that falls into separate parts by a key
 * with these columns, and an ordered log also makes complete, wastefully, what a seal would
 * (COORDINATION 2.2). So two seals may become one by what their keys have in common, and a log that is
 * needed anyway saves a seal. Whatever is agreed on shares one group of deciding nodes, which is paid for once.
 *
 * The choice is exact: for each relation the cheapest cover of its demands, over all keys that demands
 * have in common, with the deciding group and without; then the cheaper of the two in sum.
 */
import type { Blame, BlameReason, ChosenMechanism, Mechanism } from './confluence-report.js';
import { orderOf, persistOf, sealOf } from './choose-mechanism.js';
import type { Place } from './choose-mechanism.js';

/** What must be met: a blame, or several that ask for the same. */
export interface Demand {
  /** The relation whose timing decides. */
  readonly on: string;
  /** Columns that tell apart what may be decided separately. */
  readonly key: readonly string[];
  /** What would do. */
  readonly sufficient: ReadonlySet<Remedy>;
  /** Observables that wait for it. */
  readonly observables: readonly string[];
}

/** `owner`: a single node's own timesteps are the order; `order`: a log among several. */
export type Remedy = 'persist' | 'owner' | 'seal' | 'cut' | 'order';

/** A mechanism that may be chosen. */
export interface Candidate {
  readonly remedy: Remedy;
  readonly on: string;
  readonly key: readonly string[];
}

/**
 * Ranks rather than measures, in the spirit of COORDINATION 2.5: memory, then messages a key, an epoch,
 * an event. Without a key everything waits for everything.
 */
export function costOfCandidate({ remedy, key }: Candidate): number {
  switch (remedy) {
    case 'persist':
      return 1;
    case 'owner':
      return 2;
    case 'seal':
      return key.length > 0 ? 10 : 24;
    case 'cut':
      return 30;
    case 'order':
      return key.length > 0 ? 40 : 60;
  }
}

/** What a group of deciding nodes costs, however much it decides. */
export const groupCost = 8;

export function needsGroup({ remedy }: Candidate): boolean {
  return remedy === 'cut' || remedy === 'order';
}

/** Whether the mechanism meets the demand. */
export function meetsDemand({ remedy, on, key }: Candidate, demand: Demand): boolean {
  if (on !== demand.on || !demand.sufficient.has(remedy)) return false;
  return remedy === 'seal' || remedy === 'order'
    ? key.every((column) => demand.key.includes(column))
    : true;
}

/** The demands of unmet observables; reasons that no mechanism helps against make none. */
export function demandsOf(
  unmet: readonly { readonly relation: string; readonly blame: readonly Blame[] }[],
): readonly Demand[] {
  const byKey = new Map<string, { demand: Demand; observables: Set<string> }>();
  for (const { relation, blame } of unmet) {
    for (const each of blame) {
      const sufficient = remediesFor(each);
      if (sufficient.size === 0) continue;
      const text = [each.source, [...each.key].sort(), [...sufficient].sort()].join(' ');
      const known = byKey.get(text);
      if (known !== undefined) known.observables.add(relation);
      else {
        const demand = { on: each.source, key: each.key, sufficient, observables: [] };
        byKey.set(text, { demand, observables: new Set([relation]) });
      }
    }
  }
  return [...byKey.values()].map(({ demand, observables }) => ({
    ...demand,
    observables: [...observables].sort(),
  }));
}

const hopeless: readonly BlameReason[] = [
  'differs-by-node',
  'fails-by-node',
  'never-rests',
  'halts',
];
/** What may be taken back: the order of a single node's timesteps does not make it complete. */
const retracted: readonly BlameReason[] = [
  'negates-growing-set',
  'aggregates-growing-set',
  'reveals-growing-lattice',
];

function remediesFor({ reason, mechanism, replicated }: Blame): ReadonlySet<Remedy> {
  if (hopeless.includes(reason)) return new Set();
  if (reason === 'momentary') return new Set(['persist']);
  const own: readonly Remedy[] = replicated || retracted.includes(reason) ? [] : ['owner'];
  switch (mechanism.kind) {
    case 'persist':
    case 'seal':
    case 'cut':
      return new Set([mechanism.kind, ...own, 'order']);
    default:
      return new Set([...own, 'order']);
  }
}

/** The cheapest mechanisms that meet all demands, by relation. */
export function chooseJointly(demands: readonly Demand[]): readonly ChosenMechanism[] {
  const byRelation = new Map<string, Demand[]>();
  for (const demand of demands)
    byRelation.set(demand.on, [...(byRelation.get(demand.on) ?? []), demand]);
  const relations = [...byRelation].sort(([a], [b]) => (a < b ? -1 : 1));
  const options = relations.map(([, own]) => ({
    own,
    alone: cheapestCover(
      own,
      candidatesFor(own).filter((each) => !needsGroup(each)),
    ),
    decided: cheapestCover(own, candidatesFor(own)),
  }));
  const sum = (covers: readonly (Cover | null)[]): number =>
    covers.reduce((total, cover) => total + (cover?.cost ?? Infinity), 0);
  const without = options.map(({ alone }) => alone);
  const withGroup = options.map(({ decided }) => decided);
  const chosen = sum(without) <= sum(withGroup) + groupCost ? without : withGroup;
  return chosen.flatMap((cover, i) =>
    (cover?.candidates ?? []).map((candidate) => ({
      mechanism: mechanismOf(candidate),
      meets: [
        ...new Set(
          options[i]!.own.filter((demand) => meetsDemand(candidate, demand)).flatMap(
            ({ observables }) => observables,
          ),
        ),
      ].sort(),
    })),
  );
}

/** Keys that are tried at one relation; beyond them only the demands' own and none. */
const mostKeys = 24;

/** All mechanisms on the relation of some demands that could be part of a cheapest choice. */
export function candidatesFor(demands: readonly Demand[]): readonly Candidate[] {
  const [first] = demands;
  if (first === undefined) return [];
  const keys = commonKeys(demands);
  const remedies = new Set(demands.flatMap(({ sufficient }) => [...sufficient]));
  return [...remedies].sort().flatMap((remedy): readonly Candidate[] => {
    const keyed = remedy === 'seal' || remedy === 'order';
    return (keyed ? keys : [commonKey(demands)]).map((key) => ({ remedy, on: first.on, key }));
  });
}

/** Every key that some of the demands have in common. */
function commonKeys(demands: readonly Demand[]): readonly (readonly string[])[] {
  const byText = new Map<string, readonly string[]>([['', []]]);
  for (const { key } of demands) {
    for (const other of [key, ...byText.values()]) {
      const common = key.filter((column) => other.includes(column)).sort();
      if (byText.size < mostKeys || other === key) byText.set(common.join(' '), common);
    }
  }
  return [...byText.values()];
}

function commonKey(demands: readonly Demand[]): readonly string[] {
  const [first, ...others] = demands;
  return (first?.key ?? []).filter((column) => others.every(({ key }) => key.includes(column)));
}

interface Cover {
  readonly cost: number;
  readonly candidates: readonly Candidate[];
}

/** Demands at one relation that are covered exactly; of more, the rest is covered greedily. */
const mostExact = 12;

/** The cheapest candidates that meet the demands between them; null if some demand stays. */
function cheapestCover(demands: readonly Demand[], candidates: readonly Candidate[]): Cover | null {
  const exact = demands.slice(0, mostExact);
  const cover = coverExactly(exact, candidates);
  if (cover === null) return null;
  let { cost } = cover;
  const chosen = [...cover.candidates];
  for (const demand of demands.slice(mostExact)) {
    if (chosen.some((each) => meetsDemand(each, demand))) continue;
    const [cheapest] = candidates
      .filter((each) => meetsDemand(each, demand))
      .sort((a, b) => costOfCandidate(a) - costOfCandidate(b));
    if (cheapest === undefined) return null;
    chosen.push(cheapest);
    cost += costOfCandidate(cheapest);
  }
  return { cost, candidates: chosen };
}

function coverExactly(demands: readonly Demand[], candidates: readonly Candidate[]): Cover | null {
  const met = candidates.map((candidate) =>
    demands.reduce(
      (bits, demand, i) => (meetsDemand(candidate, demand) ? bits | (1 << i) : bits),
      0,
    ),
  );
  const all = (1 << demands.length) - 1;
  const bySet: (Cover | null)[] = Array.from({ length: all + 1 }, () => null);
  bySet[0] = { cost: 0, candidates: [] };
  for (let done = 0; done < all; done++) {
    const before = bySet[done];
    if (before === null || before === undefined) continue;
    const next = demands.findIndex((_, i) => (done & (1 << i)) === 0);
    for (const [i, candidate] of candidates.entries()) {
      if ((met[i]! & (1 << next)) === 0) continue;
      const after = done | met[i]!;
      const cost = before.cost + costOfCandidate(candidate);
      if (cost < (bySet[after]?.cost ?? Infinity))
        bySet[after] = { cost, candidates: [...before.candidates, candidate] };
    }
  }
  return bySet[all] ?? null;
}

function mechanismOf({ remedy, on, key }: Candidate): Mechanism {
  const place: Place = { on, key, replicated: remedy === 'order', endless: remedy === 'cut' };
  switch (remedy) {
    case 'persist':
      return persistOf(place);
    case 'seal':
    case 'cut':
      return sealOf(place);
    case 'owner':
    case 'order':
      return orderOf(place);
  }
}
