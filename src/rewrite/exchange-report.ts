/** What the rewrite of cluster-wide relations has added, for reports. Plain data. */

/** Rows that one node makes and another needs. */
export interface Exchange {
  readonly channel: string;
  /** The relation in which they are read where they arrive. */
  readonly arrival: string;
  /**
   * `tuples` of a relation that is joined elsewhere, `bindings` of a part of a rule's body, or what a
   * rule `derives`, on its way to its owner.
   */
  readonly what: 'tuples' | 'bindings' | 'derived';
  /** The relation whose tuples they are, or that the rule derives. */
  readonly of: string;
  /** The columns that place them; null where they go to every node. */
  readonly by: readonly string[] | null;
  /** Whether they are kept where they arrive, or hold there in one timestep. */
  readonly kept: boolean;
  /** Names of the rules that need them, as written. */
  readonly rules: Set<string>;
}
