/** How far a thing has come that takes more than a second: one line on the terminal, which goes away again. */
import { realClock } from '../host/clock.js';
import { showProgress } from './console.js';

/** What takes less than this needs no telling. */
const SILENT_MS = 1000;

/** Tells of one thing after the other; each begins when it is first heard of. */
export class Progress {
  #what = '';
  #beganMs = 0;

  /** `elapsedMs`: since the thing began, if the caller knows better. */
  tell(what: string, state: string, elapsedMs?: number): void {
    const nowMs = realClock.nowMs();
    if (what !== this.#what) [this.#what, this.#beganMs] = [what, nowMs];
    const sinceMs = elapsedMs ?? nowMs - this.#beganMs;
    if (sinceMs >= SILENT_MS) showProgress(`${what}: ${state}, ${Math.floor(sinceMs / 1000)} s`);
  }
}

export function percentOf(done: number, total: number): string {
  return `${Math.floor((100 * done) / Math.max(1, total))} %`;
}
