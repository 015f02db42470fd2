/** Words in ascending order without sorting them, where they lie close enough together to be counted off. */

/** Visits each word once, in order; does nothing, and says so, where they lie too far apart. */
export function forEachAscending(words: Int32Array, visit: (word: number) => void): boolean {
  if (words.length === 0) return true;
  let [least, most] = [words[0]!, words[0]!];
  for (let i = 1; i < words.length; i++) {
    const word = words[i]!;
    if (word < least) least = word;
    else if (word > most) most = word;
  }
  const span = most - least + 1;
  if (span > 4 * words.length) return false;
  const occurs = new Uint8Array(span);
  for (let i = 0; i < words.length; i++) occurs[words[i]! - least] = 1;
  for (let i = 0; i < span; i++) if (occurs[i] === 1) visit(least + i);
  return true;
}
