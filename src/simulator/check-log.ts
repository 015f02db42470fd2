/**
 * What an ordered log owes its nodes, checked on a run.
 *
 * Agreement: of any two nodes, one has applied a prefix of what the other has, so all pass the
 * same sequence of entries (Lamport, Paxos Made Simple, 2001, section 2: only one value is chosen
 * for a slot). Completeness: when the run has come to rest, nobody lags behind.
 * That the entries are also applied as by one sequential machine is checked by
 * `replay-sequentially.ts`.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.js';

/** A node and what is wrong with the entries that it applied. */
export interface LogFault {
  readonly node: string;
  readonly diagnostic: Diagnostic;
}

/** Where the applied entries of two nodes part, each node compared with the one that has got furthest. */
export function checkLog(
  logByNode: ReadonlyMap<string, readonly string[]>,
  running: { readonly quiescent: boolean; readonly isRunning: (node: string) => boolean },
): readonly LogFault[] {
  const [longest, ...others] = [...logByNode].sort(([, a], [, b]) => b.length - a.length);
  if (longest === undefined) return [];
  const faults: LogFault[] = [];
  for (const [node, applied] of others) {
    const at = applied.findIndex((entry, slot) => entry !== longest[1][slot]);
    if (at >= 0) faults.push({ node, diagnostic: entriesDiffer(node, applied, longest, at) });
    else if (running.quiescent && running.isRunning(node) && applied.length < longest[1].length) {
      faults.push({ node, diagnostic: entriesMissing(node, applied.length, longest) });
    }
  }
  return faults;
}

type Applied = readonly [string, readonly string[]];

function entriesDiffer(
  node: string,
  applied: readonly string[],
  [other, entries]: Applied,
  at: number,
): Diagnostic {
  return {
    code: 'TRL0904',
    severity: 'error',
    message: `${node} and ${other} applied different entries of the ordered log: the ${ordinal(at + 1)} is ${applied[at]} at ${node} and ${entries[at]} at ${other}`,
    help: 'this is a bug in Trellis, not in the program: please report it with the program and the seed',
  };
}

function entriesMissing(node: string, count: number, [other, entries]: Applied): Diagnostic {
  return {
    code: 'TRL0905',
    severity: 'error',
    message: `the run came to rest, but ${node} has applied ${count} entries of the ordered log and ${other} ${entries.length}`,
    help: 'this is a bug in Trellis, not in the program: please report it with the program and the seed',
  };
}

function ordinal(n: number): string {
  const ending = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
}
