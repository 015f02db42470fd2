/**
 * The end of a schedule that has timers: they fire in rounds, all of them at every node, and in the
 * plainest way all that follows happens, until a round changes nothing, and one before which very many
 * firings were missed does not either. Then neither would any further one. No epoch of a barrier opens
 * on the way: where a firing asks for one, the system does not come to rest.
 */
import { farFirings } from './play-turns.js';
import type { SystemState, SystemStates } from './system-states.js';

const mostRounds = 12;
const mostTurns = 200;

/** The system at rest after those rounds; null if they do not end. */
export function runTimerRounds(system: SystemStates, atRest: SystemState): SystemState | null {
  let before = atRest;
  let missed = 0;
  for (let round = 0; round < mostRounds; round++) {
    const after = settle(system, system.fireAll(before, missed));
    if (after === null) return null;
    const isSame = after.locals.join() === before.locals.join() && after.ever === before.ever;
    if (isSame && missed > 0) return before;
    [before, missed] = [after, isSame ? farFirings : 0];
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
