/** One row of the table of diagnostic codes: what `explain` says about it. */
export interface CodeEntry {
  /** `TRL` and four digits. */
  readonly code: string;
  readonly title: string;
  /** What it means and why the language asks for it; one or more paragraphs. */
  readonly explanation: string;
  /** A program that gets this diagnostic; null where no program text can show it (command line, network). */
  readonly wrong: string | null;
  /** The same, mended. */
  readonly right: string | null;
  /** Set where the programs are in the Dedalus dialect. */
  readonly dialect?: 'ded';
}
