/**
 * The end of a schedule that has timers: they fire in rounds, all of them at every node, and in the
 * plainest way all that follows happens, until a round changes nothing, and one that comes with a
 * count beyond all numbers of the program and its workload does not either (far-count.ts). Then neither would any further one. No epoch of a barrier opens
 * on the way: where a firing asks for one, the system does not come to rest.
 */
import type { SystemState, SystemStates } from './system-states.js';

const mostRounds = 12;
const mostTurns = 200;

/** The system at rest after those rounds, `farCount` firings among them; null if they do not end. */
export function runTimerRounds(
  system: SystemStates,
  atRest: SystemState,
  farCount: number,
): SystemState | null {
  let before = atRest;
  let isFar = false;
  for (let round = 0; round < mostRounds; round++) {
    const after = settle(system, system.fireAll(before, isFar ? farCount : 0));
    if (after === null) return null;
    const isSame = after.locals.join() === before.locals.join() && after.ever === before.ever;
    if (isSame && isFar) return before;
    [before, isFar] = [after, isSame];
  }
  return null;
}

function settle(system: SystemStates, state: SystemState): SystemState | null {
  let now = state;
  for (let turns = 0; !system.isAtRest(now); turns++) {
    if (turns > mostTurns) return null;
    for (const node of system.locals.keys()) {
      if (system.isHalted(now, node)) continue;
      const taken = system.waiting(now, node);
      if (taken.length > 0 || system.isRestless(now, node)) now = system.take(now, node, taken);
      const [entry] = system.nextEntries(now, node);
      if (entry !== undefined) now = system.pass(now, node, entry);
    }
  }
  return now;
}
