/** What the rewrite of cluster-wide relations has added, for reports. Plain data. */

/** Rows that one node makes and another needs. */
export interface Exchange {
  /** The relation in which they are read where they arrive. */
  readonly arrival: string;
  readonly channel: string;
  /** The relation of the program whose rows, or whose rule's bindings, they are. */
  readonly of: string;
  readonly to: 'owner' | 'everywhere';
  /** Whether they are kept where they arrive. */
  readonly kept: boolean;
  /** Names of the rules that need them. */
  readonly rules: Set<string>;
}
