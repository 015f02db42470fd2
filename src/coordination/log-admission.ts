/**
 * The exchange of `join`, `joined` and `stranger` by which a member gets admitted to vote.
 *
 * It happens on first need, when an entry waits here or any message shows that the log is in use,
 * so that an unused log sends nothing; see admission.ts for why it must precede every vote. An
 * unanswered `join` is repeated while something waits here, once per timer after each request that
 * needed this member's vote, and whenever the link to the silent member comes up.
 */
import { countJoined, register, registrationQuorum } from './admission.js';
import { backoffMs } from './log-ballots.js';
import {
  isOtherMember,
  otherMembers,
  send,
  takeRole,
  update,
  type LogState,
  type Turn,
} from './log-state.js';
import type { LogMessageOf } from './log-types.js';

/** Something needs this member's vote: asks to be admitted unless that has been done. */
export function demandAdmission(turn: Turn): void {
  const { admission } = turn.state;
  if (admission.standing === 'unasked') {
    update(turn, { admission: { ...admission, standing: 'asking', demanded: true } });
    repeatJoins(turn);
  } else if (admission.standing === 'asking' && !admission.demanded) {
    update(turn, { admission: { ...admission, demanded: true } });
  }
}

function repeatJoins(turn: Turn): void {
  for (const member of otherMembers(turn.state)) repeatJoin(turn, member);
}

/** Asks a member that has not yet registered this incarnation to do so. */
export function repeatJoin(turn: Turn, member: string): void {
  const { standing, joinedBy } = turn.state.admission;
  if (standing !== 'asking' || !isOtherMember(turn.state, member)) return;
  if (!joinedBy.has(member)) send(turn, member, { kind: 'join' });
}

/** Registers another member's first incarnation and refuses any other. */
export function receiveJoin(turn: Turn, from: string, message: LogMessageOf<'join'>): void {
  if (!isOtherMember(turn.state, from)) return;
  const { admission, known } = register(turn.state.admission, from, message.incarnation);
  update(turn, { admission });
  const { incarnation } = message;
  if (known) send(turn, from, { kind: 'joined', registered: incarnation });
  else send(turn, from, { kind: 'stranger', refused: incarnation });
  demandAdmission(turn);
}

/**
 * Counts an answer that names this incarnation; an earlier one's answer may still be on its way.
 */
export function receiveJoined(turn: Turn, from: string, message: LogMessageOf<'joined'>): void {
  const { admission, configuration } = turn.state;
  if (!isOtherMember(turn.state, from)) return;
  if (message.registered !== configuration.incarnation) return;
  update(turn, { admission: countJoined(admission, from, configuration) });
}

/**
 * Another incarnation of this member has been registered: this one has forgotten what that one
 * voted.
 */
export function receiveStranger(turn: Turn, from: string, message: LogMessageOf<'stranger'>): void {
  const { admission, configuration } = turn.state;
  if (!isOtherMember(turn.state, from) || admission.standing === 'outsider') return;
  if (message.refused !== configuration.incarnation) return;
  update(turn, {
    admission: { ...admission, standing: 'stranger', demanded: false },
    campaign: { phase: 'idle' },
    deferred: null,
  });
  takeRole(turn, 'learner');
}

/** Whether an unanswered `join` is worth repeating. */
export function wantsJoin(state: LogState): boolean {
  return state.admission.standing === 'asking' && state.admission.demanded;
}

/** The delay of the join timer. */
export function joinDelayMs(state: LogState): number {
  return backoffMs(state.configuration.timing.retryMs, state.admission.attempts);
}

/** Repeats the unanswered `join`s; further ones need a further demand. */
export function expireJoin(turn: Turn): void {
  repeatJoins(turn);
  const { admission, waiting } = turn.state;
  const attempts = admission.attempts + 1;
  update(turn, { admission: { ...admission, attempts, demanded: waiting.size > 0 } });
  if (attempts === longWait) tellUnregistered(turn);
}

/** Join timers, each twice as long as the one before, after which the wait is worth a word. */
const longWait = 3;

/** Nobody else would say that a group decides nothing until enough of it has been there at once. */
function tellUnregistered(turn: Turn): void {
  const { admission, configuration } = turn.state;
  const { joinedBy } = admission;
  turn.effects.push({
    kind: 'unregistered',
    silent: otherMembers(turn.state).filter((member) => !joinedBy.has(member)),
    needed: registrationQuorum(configuration.members.length) - joinedBy.size,
  });
}
