/**
 * What a program says about itself beside its rules: promises, overrides, wishes and invariants.
 * Resolved and typed as rules are; plain data.
 */
import type { Span } from '../base/span.js';
import type { AtomArgument, Body } from './program.js';

/** The statements about a program, each kind in source order. */
export interface Remarks {
  readonly seals: readonly Seal[];
  readonly assumptions: readonly Assumption[];
  readonly coordinations: readonly Coordination[];
  readonly invariants: readonly Invariant[];
}

/** A promise of producers that no more tuples of a relation will come. */
export interface Seal {
  readonly relation: string;
  /** Indices of the columns whose values are sealed one by one; null: the relation as a whole. */
  readonly columns: readonly number[] | null;
  /** Who promises; null for every node with a rule or an input for the relation. */
  readonly producers: SealProducers | null;
  /** When a producer promises: variables are named after the sealed columns, or the producer. */
  readonly when: SealAtom;
  readonly doc: string | null;
  readonly span: Span;
}
export interface SealAtom {
  readonly relation: string;
  readonly arguments: readonly AtomArgument[];
  readonly span: Span;
}
export interface SealProducers extends SealAtom {
  /** The column that names the producers, and the variable that stands there. */
  readonly column: number;
  readonly variable: string;
}
/** The user's word that a rule does no harm, whatever the analysis thinks of it. */
export interface Assumption {
  /** Name of the rule. */
  readonly rule: string;
  readonly reason: string;
  readonly doc: string | null;
  readonly span: Span;
}
export type MechanismWish = 'auto' | 'none' | 'seal' | 'cut' | 'order';
/** How a relation is to be coordinated. */
export interface Coordination {
  readonly relation: string;
  readonly mechanism: MechanismWish;
  /** Indices of the columns that share an order; null where none were given. */
  readonly key: readonly number[] | null;
  readonly doc: string | null;
  readonly span: Span;
}
/**
 * What must never hold. Its bodies range over the tuples of all nodes: an atom of a relation
 * without location has the node as an argument in front (see `placeColumn`), one of a located
 * relation says itself where its tuple lives.
 */
export interface Invariant {
  readonly name: string;
  readonly bodies: readonly Body[];
  readonly doc: string | null;
  readonly span: Span;
}

/** The variable that stands for the node of all literals without a place; no program can name it. */
export const impliedNode = '@';
/** The relation of all nodes, which binds `impliedNode`. */
export const nodesRelation = '@node';
/** The name of the column in front. */
export const placeColumn = '@';
