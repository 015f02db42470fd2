/**
 * How large one array of words may become. Indexes are computed in int32 arithmetic, which breaks
 * at 2^31, so arrays end at 2^30 words (4 GiB). Small arrays double; large ones grow by a half,
 * because both the old and the new one are alive while one is copied into the other.
 */

/** Longest array of words. */
export const MOST_WORDS = 2 ** 30;
const LARGE = 2 ** 26;

/** Thrown when a relation has outgrown an array, or the machine its memory: a bound of the node, not a bug. */
export class StorageLimitError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StorageLimitError';
  }
}

/** The length of a hash table that has to hold so many words: a power of two, whatever its size. */
export function tableLength(words: number): number {
  if (words > MOST_WORDS) throw outgrown();
  return 2 ** Math.ceil(Math.log2(words));
}

function outgrown(): StorageLimitError {
  return new StorageLimitError(
    `a relation has outgrown its storage (${MOST_WORDS} words an array)`,
  );
}

/** The length that an array gets which has to hold `needed` words. */
export function grownLength(length: number, needed: number): number {
  if (needed > MOST_WORDS) throw outgrown();
  let grown = Math.max(16, length);
  while (grown < needed) grown = grown < LARGE ? grown * 2 : Math.ceil(grown * 1.5);
  return Math.min(grown, MOST_WORDS);
}

/** A longer copy of an array. */
export function grownCopy(words: Int32Array, needed: number): Int32Array {
  const copy = zeroedWords(grownLength(words.length, needed));
  copy.set(words);
  return copy;
}

/** A new array; when memory is used up, that is a limit too. */
export function zeroedWords(length: number): Int32Array {
  try {
    return new Int32Array(length);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new StorageLimitError(`there is no memory for an array of ${length} words`);
  }
}
