/** The diagnostics about durable channels: what waits in them, and what a data directory has forgotten. */
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { simple } from './node-reports.js';

export function durableWaits(node: string, peer: string, count: number): Diagnostic {
  return simple(
    'TRL0877',
    'warning',
    `node ${node} keeps ${count} batches of durable channels for ${peer}`,
    `bring ${peer} back, or send less: none of them is dropped, and they take memory and disk`,
  );
}

const olderCopy =
  'its data directory is an older copy of what it was, or has been emptied; to go on from the newest copy loses least';

/** The data directory lacks batches that it once held, and of which the sender has been told so. */
export function forgotApplied(node: string, peer: string, count: number): Diagnostic {
  const what = count === 1 ? 'a batch' : `${count} batches`;
  return simple(
    'TRL0878',
    'error',
    `node ${node} has forgotten ${what} of durable channels from ${peer} that it had applied, and ${peer} no longer keeps`,
    `make up for what they did: nobody sends them again`,
    [olderCopy],
  );
}

/** The data directory lacks what the node once sent. */
export function forgotSent(node: string, peer: string): Diagnostic {
  return simple(
    'TRL0878',
    'error',
    `node ${node} has forgotten what it did last: ${peer} has applied batches of durable channels that node ${node} does not know to have sent`,
    `expect at ${peer} what follows from them; what node ${node} sends from now on is new, and is applied`,
    [olderCopy],
  );
}
