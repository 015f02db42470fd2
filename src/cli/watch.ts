/** The watch over timesteps of commands that run in real time: `--max-seconds`, `--max-memory`, progress. */
import { TimestepWatch } from '../host/timestep-watch.js';
import { Progress } from './progress.js';

export interface WatchBounds {
  readonly maxSeconds?: number;
  readonly maxMemory?: number;
}

export function watchOf({ maxSeconds, maxMemory }: WatchBounds): {
  readonly timestepWatch: TimestepWatch;
  readonly progress: Progress;
} {
  const progress = new Progress();
  const watch = new TimestepWatch({
    ...(maxSeconds === undefined ? {} : { maxSeconds }),
    ...(maxMemory === undefined ? {} : { maxMemory }),
    tell: (inserted, elapsedMs) => progress.tell('timestep', `${inserted} new tuples`, elapsedMs),
  });
  return { timestepWatch: watch, progress };
}
