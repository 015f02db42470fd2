/**
 * Counts what nested loops look at, so that one that inserts nothing hears from the host, too: where
 * a loop opens inside another, the tuples that it is about to walk are added up, and every so many
 * of them `pause` asks whether the timestep may go on.
 */
import type { Step } from '../plan/physical-plan.js';
import type { CodeUnit } from './code-unit.js';
import type { InsertCursor } from './insert-cursor.js';

/** A search by known columns, as tuples looked at; and tuples between two questions to the host. */
const [SEARCH, MOST] = [16, 1 << 16];
/**
 * Tuples until the first question of a function: so few that it comes before the JIT compiles the
 * function, which would else have to be compiled again when the question comes.
 */
const FIRST = 1 << 11;

/** Whether a step may hold in many ways. */
export function isLoop({ literal, access }: Step): boolean {
  if (literal.kind === 'member') return !literal.negated;
  return literal.kind === 'atom' && !literal.negated && access!.binds.length > 0;
}

export class TurnCounter {
  readonly #unit: CodeUnit;
  readonly #rule: number;
  /** Loops that are open; -1 where nobody counts. */
  #loops = -1;
  /** What counts, from call to call. */
  #turns = '';

  /** `rule`: the id of the rule that the code is for. */
  constructor(unit: CodeUnit, rule: number) {
    [this.#unit, this.#rule] = [unit, rule];
  }

  /** At the beginning of a function of these steps. */
  begin(steps: readonly Step[]): void {
    this.#loops = 0;
    if (steps.filter(isLoop).length > 1) this.#turns = this.#unit.counter(MOST - FIRST);
  }

  /** A loop is about to open over so many tuples, or over few that a search finds. */
  loop(cursor: InsertCursor | null, looksAt = String(SEARCH)): void {
    if (this.#loops < 0 || this.#loops++ === 0) return;
    const { writer } = this.#unit;
    const pause = `${this.#turns} = ${this.#unit.helper('pause')}(${this.#rule});`;
    const test = `if ((${this.#turns} += ${looksAt}) > ${MOST})`;
    if (cursor === null) return writer.line(`${test} ${pause}`);
    writer.open(`${test} {`);
    cursor.note();
    writer.line(pause);
    writer.closeTo(writer.depth - 1);
  }
}
