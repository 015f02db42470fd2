/**
 * Many words that lie far apart sorted into groups of equal ones, in the order in which they come:
 * what laying rows out by a column begins with where its words cannot be counted off in an array
 * (pack-rows.ts). A row of the input is looked at twice, once to count and once to be given its place.
 */
import { zeroedWords } from './storage-limit.js';
import { WordDirectory } from './word-directory.js';

export interface WordGroups {
  /** Word -> group. */
  readonly directory: WordDirectory;
  /** How many of the words are in each group. */
  readonly sizes: Int32Array;
  /** A place for each word, in a new array: those of group `g` from `starts[g]` on, in their order. */
  readonly places: (starts: Int32Array) => Int32Array;
}

export function groupWords(words: Int32Array): WordGroups {
  return words.length > 0 && isAscending(words) ? groupAscending(words) : groupSparse(words);
}

function isAscending(words: Int32Array): boolean {
  for (let i = 1; i < words.length; i++) if (words[i]! < words[i - 1]!) return false;
  return true;
}

/** Words that are in order already: none of them needs to be looked up. */
function groupAscending(words: Int32Array): WordGroups {
  const [distinct, counts] = [zeroedWords(words.length), zeroedWords(words.length)];
  let last = 0;
  distinct[0] = words[0]!;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word !== distinct[last]) distinct[++last] = word;
    counts[last]!++;
  }
  const sizes = counts.slice(0, last + 1);
  return {
    directory: WordDirectory.of(distinct.slice(0, last + 1)),
    sizes,
    places: (starts) => {
      const places = zeroedWords(words.length);
      for (let g = 0, i = 0; g <= last; g++)
        for (let place = starts[g]!, end = i + sizes[g]!; i < end;) places[i++] = place++;
      return places;
    },
  };
}

function groupSparse(words: Int32Array): WordGroups {
  const directory = new WordDirectory();
  const groups = zeroedWords(words.length);
  for (let i = 0; i < words.length; i++) groups[i] = directory.add(words[i]!);
  const sizes = zeroedWords(directory.count);
  for (let i = 0; i < words.length; i++) sizes[groups[i]!]!++;
  return {
    directory,
    sizes,
    places: (starts) => {
      const next = starts.slice();
      for (let i = 0; i < words.length; i++) groups[i] = next[groups[i]!]!++;
      return groups;
    },
  };
}
