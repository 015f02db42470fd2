/**
 * Words: what relations hold. A word is any int32 but `NO_WORD`. Non-negative words are ints that
 * stand for themselves, negative ones are ids of the value dictionary under the sign bit (`~id`).
 *
 * `NO_WORD` is never given out, so that `word + 1` is never 0 and 0 can mean "empty" in hash tables
 * whose arrays come zeroed.
 */

/** The one int32 that is no word. */
export const NO_WORD = -1;

/** Odd and close to 2^32 divided by the golden ratio (Knuth, TAOCP vol. 3, 6.4): the high bits of a product are the hash. */
export const GOLDEN = 0x9e3779b1 | 0;

/** The least and the greatest of the first `count` words, of which there is at least one. */
export function rangeOf(
  words: Int32Array,
  count: number = words.length,
): readonly [least: number, most: number] {
  let [least, most] = [words[0]!, words[0]!];
  for (let i = 1; i < count; i++) {
    const word = words[i]!;
    if (word < least) least = word;
    else if (word > most) most = word;
  }
  return [least, most];
}

/** Mixes one more word into the hash of a tuple. */
export function mixWord(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 15), GOLDEN);
}
