/**
 * The ordered log as the checker of all schedules sees it: what it promises, and none of its
 * messages.
 *
 * An entry is all that one timestep of a sender puts on ordered channels, for all receivers. Entries
 * that wait are decided in any order at all, those of one sender too: on their way to the member
 * that leads they may overtake one another. Every node passes the same sequence, an entry at a
 * time, each in a timestep of its own in which it takes nothing else, once it has come to rest; when
 * it does so is as open as when a message arrives. An entry counts as decided when the first node
 * passes it: until then nobody can tell.
 *
 * That the log keeps these promises under loss, crashes and changes of its leader is shown elsewhere
 * (test/unit/coordination, test/sim/ordered-log.test.ts); that runs of real nodes over it have no
 * other outcomes than those found here, in test/unit/simulator/check-logged-schedules.test.ts.
 */
import { rowKey } from '../base/value.js';
import type { RelationRows } from '../evaluator/evaluator.js';
import type { Part } from '../node/group-sends.js';
import type { Batch } from '../node/inbox.js';

/** What an entry holds, by receiver. */
export type LoggedParts = ReadonlyMap<string, readonly RelationRows[]>;

/** How far the log has come, all entries by number. */
export interface LogProgress {
  /** Entries that wait to be decided, ascending; a number twice is there twice. */
  readonly proposed: readonly number[];
  /** In order. */
  readonly decided: readonly number[];
  /** By node: how many of the decided entries it has passed. */
  readonly passed: readonly number[];
}

export function emptyLog(nodes: number): LogProgress {
  return { proposed: [], decided: [], passed: Array.from({ length: nodes }, () => 0) };
}

export function proposing(log: LogProgress, entries: readonly number[]): LogProgress {
  if (entries.length === 0) return log;
  return { ...log, proposed: [...log.proposed, ...entries].sort((a, b) => a - b) };
}

/** The entries of which the node may pass one: the next that is decided, or each that may be next. */
export function nextFor({ proposed, decided, passed: at }: LogProgress, node: number): number[] {
  const next = decided[at[node]!];
  return next === undefined ? [...new Set(proposed)] : [next];
}

/** After the node has passed an entry, one of `nextFor`. */
export function pass(log: LogProgress, node: number, entry: number): LogProgress {
  const count = log.passed[node]!;
  const at = log.passed.with(node, count + 1);
  if (count < log.decided.length) return { ...log, passed: at };
  const proposed = log.proposed.toSpliced(log.proposed.indexOf(entry), 1);
  return { proposed, decided: [...log.decided, entry], passed: at };
}

/** Whether nothing waits to be decided, and all nodes have passed all there is. */
export function isPassedByAll({ proposed, decided, passed: at }: LogProgress): boolean {
  return proposed.length === 0 && at.every((count) => count === decided.length);
}

/** The entries of all schedules; equal ones have one number, whoever put them forward. */
export class CheckedLog {
  readonly #entries: LoggedParts[] = [];
  readonly #numberByKey = new Map<string, number>();

  number(parts: readonly Part[]): number {
    const key = JSON.stringify(
      parts.map(({ receiver, content }) => [
        receiver,
        content.map(({ relation, rows }) => [relation, rows.map(rowKey)]),
      ]),
    );
    let number = this.#numberByKey.get(key);
    if (number === undefined) {
      number = this.#entries.length;
      this.#numberByKey.set(key, number);
      this.#entries.push(new Map(parts.map(({ receiver, content }) => [receiver, content])));
    }
    return number;
  }

  partsOf(entry: number): LoggedParts {
    return this.#entries[entry]!;
  }

  /** The node's own part, perhaps empty, as it takes it. Slot, name and sender make no difference to it. */
  batchFor(entry: number, node: string): Batch {
    const origin: Batch['origin'] = { kind: 'log', slot: 0, entryId: '', sender: '' };
    return { origin, content: this.partsOf(entry).get(node) ?? [] };
  }
}
