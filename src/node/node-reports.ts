/**
 * The diagnostics that a node makes itself, apart from those of its evaluator, which they quote.
 *
 * A peer decides how often garbage arrives, so reports of one sort thin out as their count grows.
 */
import { quoteString, rowText, valueText } from '../base/value-text.js';
import type { Value } from '../base/value.js';
import type { LogEntry } from '../coordination/log-types.js';
import type { Diagnostic, Severity } from '../diagnostics/diagnostic.js';
import type { Failure, RelationRows } from '../evaluator/evaluator.js';
import type { Batch, BatchOrigin } from './inbox.js';

/** Tuples of a batch that a report shows. */
const mostTuples = 10;

/** What ran alone and failed. */
export type FailedPart =
  | { readonly kind: 'batch'; readonly batch: Batch }
  /** The `@next` tuples that the last commit left. */
  | { readonly kind: 'next'; readonly content: readonly RelationRows[] }
  /** Neither: the stored state makes every timestep fail. */
  | { readonly kind: 'state' };

/** Whether the `count`-th occurrence of a thing is reported: the first three, then powers of two. */
export function isWorthReporting(count: number): boolean {
  return count <= 3 || Number.isInteger(Math.log2(count));
}

/** A diagnostic without a place. */
export function simple(
  code: string,
  severity: Severity,
  message: string,
  help: string | null,
  notes: readonly string[] = [],
): Diagnostic {
  return {
    code,
    severity,
    message,
    ...(notes.length > 0 ? { notes } : {}),
    ...(help === null ? {} : { help }),
  };
}

/** A diagnostic of this room around one of the evaluator's, whose place and notes it keeps. */
function around(
  failure: Failure,
  code: string,
  severity: Severity,
  message: string,
  notes: readonly string[],
): Diagnostic {
  const { primary, secondary, help } = failure.diagnostic;
  return {
    code,
    severity,
    message: `${message}: ${failure.diagnostic.message}`,
    ...(primary === undefined ? {} : { primary }),
    ...(secondary === undefined ? {} : { secondary }),
    notes: [
      ...(failure.diagnostic.notes ?? []),
      ...notes,
      `the error is ${failure.diagnostic.code}`,
    ],
    ...(help === undefined ? {} : { help }),
  };
}

export function partRejected(node: string, part: FailedPart, failure: Failure): Diagnostic {
  const [what, content] = describePart(part);
  return around(failure, 'TRL0850', 'error', `node ${node} rejected ${what}`, tupleNotes(content));
}

function describePart(part: FailedPart): readonly [string, readonly RelationRows[]] {
  switch (part.kind) {
    case 'batch':
      return [originText(part.batch.origin), part.batch.content];
    case 'next':
      return ['the `@next` tuples of its last timestep', part.content];
    case 'state':
      return ['a timestep without events, which its stored state makes fail', []];
  }
}

function originText(origin: BatchOrigin): string {
  switch (origin.kind) {
    case 'insert':
      return 'a batch from outside';
    case 'peer':
      return `a batch from ${origin.peer}`;
    case 'loop':
      return 'a batch from itself';
    case 'periodic':
      return `a firing of \`${origin.relation}\``;
    case 'log':
      return `entry ${origin.slot} of the ordered log, from ${origin.sender}`;
  }
}

function tupleNotes(content: readonly RelationRows[]): readonly string[] {
  const tuples = content.flatMap(({ relation, rows }) => rows.map((row) => rowText(relation, row)));
  if (tuples.length === 0) return [];
  const left = tuples.length - mostTuples;
  const shown = tuples.slice(0, mostTuples).join(', ');
  return [`the batch holds ${shown}${left > 0 ? ` and ${left} more` : ''}`];
}

export function timestepFailed(node: string, parts: number, failure: Failure): Diagnostic {
  return around(
    failure,
    'TRL0851',
    'warning',
    `a timestep of node ${node} failed and runs again one batch at a time`,
    [`it took ${parts} batches`],
  );
}

export function stoppedByHost(node: string, failure: Failure): Diagnostic {
  const note = 'nothing is rejected: another machine, or a later run, may manage';
  return around(failure, 'TRL0808', 'error', `node ${node} stops`, [note]);
}

export function cannotBoot(node: string, failure: Failure): Diagnostic {
  return around(failure, 'TRL0852', 'error', `node ${node} cannot boot`, []);
}

/** What an earlier process has stored makes the first timestep of this one fail. */
export function cannotGoOn(node: string, failure: Failure): Diagnostic {
  const message = `node ${node} cannot go on from what it stored`;
  return around(failure, 'TRL0852', 'error', message, [
    'its data directory stays as it is, and what waits for it in durable channels stays with its senders',
    'a program with other rules over the same durable relations can go on from there',
  ]);
}

export function garbageFrame(
  node: string,
  peer: string,
  reason: string,
  count: number,
): Diagnostic {
  return simple(
    'TRL0853',
    'warning',
    `node ${node} dropped a frame from ${peer}: ${reason}`,
    `check that ${peer} runs the same program`,
    [`${count} dropped from this peer so far`],
  );
}

export function unknownAddress(node: string, address: Value, isHeld: boolean): Diagnostic {
  const fate = isHeld ? 'held until a node of that name connects' : 'dropped and counted';
  return simple(
    'TRL0854',
    'warning',
    `node ${node} sends to ${valueText(address)}, which is not in the cluster`,
    'give the node to the cluster, or mend the address',
    [`tuples for it are ${fate}`],
  );
}

export function outboxOverflow(node: string, peer: string, count: number): Diagnostic {
  return simple(
    'TRL0855',
    'warning',
    `node ${node} dropped the oldest frame that waits for ${peer}`,
    `bring ${peer} back, or send less`,
    [`${count} dropped for this peer so far`],
  );
}

export function entrySkipped(
  node: string,
  slot: number,
  entry: LogEntry,
  misfit: string | null,
): Diagnostic {
  const reason = misfit ?? 'its payload is not a list of receivers and rows';
  return simple(
    'TRL0856',
    'error',
    `node ${node} skips entry ${slot} of the ordered log: ${reason}`,
    null,
    [`the entry is ${quoteString(entry.id)}, from ${quoteString(entry.sender)}`],
  );
}

export function storageFailed(node: string, reason: string): Diagnostic {
  return simple(
    'TRL0857',
    'error',
    `node ${node} stops because its storage failed: ${reason}`,
    'mend the storage and start the node again',
  );
}

export function neverQuiet(node: string, timesteps: number): Diagnostic {
  return simple(
    'TRL0858',
    'warning',
    `node ${node} has not come to rest in ${timesteps} timesteps; it applies the next entry of the ordered log all the same`,
    'let a periodic drive the rule that keeps the state moving',
  );
}

/** What waits for a barrier cannot be evaluated here. */
export function cannotFinishEpoch(node: string): Diagnostic {
  return simple(
    'TRL0879',
    'error',
    `node ${node} cannot finish the epoch: the timestep in which rules fire that waited for it fails, so they wait for ever, at all nodes`,
    'keep what makes them fail out where it enters, and start the cluster anew',
  );
}

/** A member of the ordered log waits for others that it has never met. */
export function awaitsRegistration(
  node: string,
  silent: readonly string[],
  needed: number,
): Diagnostic {
  const names = silent.join(', ');
  const whom = needed === silent.length ? names : `${needed} of ${names}`;
  return simple(
    'TRL0867',
    'warning',
    `node ${node} waits to vote in the ordered log: it has not yet heard from ${whom}`,
    `start ${whom}; once each member has been met, a majority is enough`,
  );
}
