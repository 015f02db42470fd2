/** The watch over timesteps of commands that run in real time: `--max-seconds`, `--max-memory`, progress. */
import { TimestepWatch } from '../host/timestep-watch.js';
import { Progress } from './progress.js';

export interface WatchBounds {
  readonly maxSeconds?: number;
  readonly maxMemory?: number;
}

/** `timesteps`: whether it is told how many there have been, as of a run, which comes to an end. */
export function watchOf(
  { maxSeconds, maxMemory }: WatchBounds,
  timesteps: 'told' | 'silent' = 'silent',
): {
  readonly timestepWatch: TimestepWatch;
  readonly progress: Progress;
} {
  const progress = new Progress();
  const watch = new TimestepWatch({
    ...(maxSeconds === undefined ? {} : { maxSeconds }),
    ...(maxMemory === undefined ? {} : { maxMemory }),
    tell: (inserted, elapsedMs) => progress.tell('timestep', `${inserted} new tuples`, elapsedMs),
    ...(timesteps === 'silent'
      ? {}
      : { tellTimesteps: (count: number) => progress.tell('run', `${count} timesteps`) }),
  });
  return { timestepWatch: watch, progress };
}
