/** Ctrl-C and termination as an abort signal: the first asks to stop, a second ends at once. */
import { exitCodes } from './console.js';

/** Aborted by the first SIGINT or SIGTERM. */
export function interrupted(): AbortSignal {
  return interruption().signal;
}

/** The same, for who may hear of a signal in another way. */
export function interruption(): AbortController {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(exitCodes.trouble);
      controller.abort();
    });
  }
  return controller;
}
