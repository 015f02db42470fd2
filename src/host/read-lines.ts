/** Lines of a stream, one by one, for `stdin(line)`. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** A source of lines that can be left before its end. */
export interface LineSource {
  stop(): void;
}

/** Calls `line` for every line of `input`, without its line break, and `end` after the last. */
export function readLines(
  input: Readable,
  line: (text: string) => void,
  end: () => void = () => {},
): LineSource {
  const reader = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  let isStopped = false;
  reader.on('line', (text) => {
    if (!isStopped) line(text);
  });
  reader.on('close', () => {
    if (!isStopped) end();
    isStopped = true;
  });
  return {
    stop: () => {
      isStopped = true;
      reader.close();
      // A terminal that is still being read keeps the process alive.
      input.pause();
    },
  };
}
