/**
 * Whether two nodes may talk: pure judgement over what they say of themselves.
 *
 * Both sides judge by the same rules, so both can say what is wrong. Of two connections between one
 * pair of processes the one that the lesser name dialled stays; both sides see the same two names,
 * so they keep the same one. Of two that one side dialled the newer stays: who dials again has
 * lost the older.
 */
import { fingerprintParts } from './frames.js';
import type { Fingerprint, Introduction, RefusalReason } from './frames.js';

/** What a node says of itself, and whom it talks to. */
export interface Self {
  readonly node: string;
  readonly incarnation: string;
  readonly program: Fingerprint;
  /** All nodes of the cluster, this one included. */
  readonly cluster: readonly string[];
}

export interface Refusal {
  readonly reason: RefusalReason;
  /** The parts, name or version that it is about. */
  readonly detail: string;
}

/** Why this node does not talk to the other; null if it does. `expected`: the name that it dialled. */
export function judge(self: Self, other: Introduction, expected: string | null): Refusal | null {
  if (other.node === self.node) return { reason: 'same-name', detail: other.node };
  if (expected !== null && other.node !== expected)
    return { reason: 'wrong-node', detail: other.node };
  if (other.to !== self.node) return { reason: 'wrong-node', detail: self.node };
  if (!self.cluster.includes(other.node)) return { reason: 'unknown-node', detail: other.node };
  const differing = fingerprintParts.filter((part) => self.program[part] !== other.program[part]);
  return differing.length === 0 ? null : { reason: 'fingerprint', detail: differing.join(', ') };
}

/** One end's view of a connection. */
export interface Candidate {
  readonly dialledBy: string;
  /** The process at the other end. */
  readonly incarnation: string;
}

/** Whether a new connection takes the place of the one there is. */
export function isBetter(candidate: Candidate, existing: Candidate): boolean {
  if (candidate.incarnation !== existing.incarnation) return true;
  return candidate.dialledBy <= existing.dialledBy;
}
