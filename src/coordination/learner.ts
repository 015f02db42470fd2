/**
 * The learner: what this node knows to be decided.
 *
 * Decisions may arrive out of order, twice, or with gaps. Those that extend the known beginning of
 * the log are released in order; the others wait in `ahead` until the gap is filled. The same entry
 * may be chosen for two slots, when two leaders each proposed it; it counts in the first of them
 * and is released as a no-op in the second. All nodes see the same slots, so all agree on which is
 * the first.
 *
 * Invariant: slots 0..next-1 are in `log`, slot `next` is not in `ahead`, and `ids` holds the ids
 * of `log`. The whole log is kept, to serve nodes that come late. "Paxos Made Moderately Complex",
 * section 2.2 (replicas, `slot_out`, `perform`).
 */
import { List, Map, Set } from 'immutable';
import type { SlotContent } from './log-types.js';

/** The known beginning of the log, and the decisions known beyond it. */
export interface Learner {
  readonly log: List<SlotContent>;
  readonly ahead: Map<number, SlotContent>;
  readonly ids: Set<string>;
  /** A slot below which somebody has said that all is decided. */
  readonly knownEnd: number;
}

/** A learner that knows nothing. */
export const emptyLearner: Learner = { log: List(), ahead: Map(), ids: Set(), knownEnd: 0 };

/** The first slot whose decision is not known. */
export function nextSlot(learner: Learner): number {
  return learner.log.size;
}

/** The number of decisions known, gaps or not: it grows exactly when something new is learned. */
export function learnedCount(learner: Learner): number {
  return learner.log.size + learner.ahead.size;
}

/** Whether decisions exist that this learner lacks. */
export function isBehind(learner: Learner): boolean {
  return learner.knownEnd > learner.log.size;
}

/** The learner once it knows that all slots below `end` are decided. */
export function hearOfEnd(learner: Learner, end: number): Learner {
  return end > learner.knownEnd ? { ...learner, knownEnd: end } : learner;
}

/** The learner once it knows what `slot` holds. */
export function learn(learner: Learner, slot: number, entry: SlotContent): Learner {
  if (slot < nextSlot(learner) || learner.ahead.has(slot)) return learner;
  return { ...hearOfEnd(learner, slot + 1), ahead: learner.ahead.set(slot, entry) };
}

/** A slot on its release: what was chosen, and what counts, which is null for a repetition. */
export interface Release {
  readonly slot: number;
  readonly chosen: SlotContent;
  readonly entry: SlotContent;
}

/** Releases the next slot, or gives null when its decision is not known. */
export function release(
  learner: Learner,
): { readonly learner: Learner; readonly released: Release } | null {
  const slot = nextSlot(learner);
  const chosen = learner.ahead.get(slot);
  if (chosen === undefined) return null;
  const repeated = chosen !== null && learner.ids.has(chosen.id);
  return {
    learner: {
      ...learner,
      log: learner.log.push(chosen),
      ahead: learner.ahead.delete(slot),
      ids: chosen === null ? learner.ids : learner.ids.add(chosen.id),
    },
    released: { slot, chosen, entry: repeated ? null : chosen },
  };
}

/** Up to `limit` decided slots from `from` on. */
export function slice(learner: Learner, from: number, limit: number): readonly SlotContent[] {
  return learner.log.slice(from, from + limit).toArray();
}
