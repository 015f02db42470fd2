/** Who uses a folder as storage, and why that may not be. */
import type { Row } from '../base/value.js';
import type { RelationRows } from '../evaluator/evaluator.js';
import type { DurableRelation } from '../node/configuration.js';

/** Who wants to use a folder. */
export interface StorageOwner {
  readonly node: string;
  readonly relations: readonly DurableRelation[];
  /** Why a row does not fit its relation; null if it does. */
  readonly checkRow: (relation: string, row: Row) => string | null;
  /** Why a batch for a node is none that the program sends; null if it may be. */
  readonly checkBatch: (batch: readonly RelationRows[], receiver: string) => string | null;
}

/** Why a folder cannot be used. */
export type StorageTrouble =
  /** Another process has it. */
  | { readonly kind: 'in-use' }
  /** It holds something that no node has written. */
  | { readonly kind: 'foreign'; readonly found: string }
  | { readonly kind: 'unusable'; readonly error: unknown }
  | { readonly kind: 'corrupt'; readonly reason: string }
  | { readonly kind: 'other-format'; readonly format: number }
  | { readonly kind: 'other-node'; readonly node: string }
  /** The program has other durable relations; one difference a relation. */
  | { readonly kind: 'other-program'; readonly differences: readonly string[] };
