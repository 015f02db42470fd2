/**
 * The end of a schedule that has timers: they fire in rounds, all of them at every node, and in the
 * plainest way all that follows happens, until a round changes nothing. Then neither would any
 * further one.
 */
import type { SystemState, SystemStates } from './system-states.js';

const mostRounds = 12;
const mostTurns = 200;

/** The system at rest after those rounds; null if they do not end. */
export function runTimerRounds(system: SystemStates, atRest: SystemState): SystemState | null {
  let before = atRest;
  for (let round = 0; round < mostRounds; round++) {
    const after = settle(system, system.fireAll(before));
    if (after === null) return null;
    if (after.locals.join() === before.locals.join() && after.ever === before.ever) return after;
    before = after;
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
