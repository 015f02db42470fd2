/**
 * Many words sorted into groups of equal ones without comparing them, in the order of the words
 * where these lie close together: what filling a relation in bulk and laying one out by a column
 * begin with. A row of the input is looked at twice, once to count and once to be given its place.
 *
 * The groups are the slots of a directory that has every word, laid out once; where words lie close
 * together they are counted off in an array, and the directory is not asked for a single row.
 */
import { zeroedWords } from './storage-limit.js';
import { rangeOf } from './word.js';
import { WordDirectory } from './word-directory.js';

export interface WordGroups {
  /** Word -> group. */
  readonly directory: WordDirectory;
  /** How many of the words are in each group. */
  readonly sizes: Int32Array;
  /** Whether equal words lie together, and groups one after another, as it is. */
  readonly areInOrder: boolean;
  /** A place for each word, in a new array: those of group `g` from `starts[g]` on, in their order. */
  readonly places: (starts: Int32Array) => Int32Array;
}

export function groupWords(words: Int32Array): WordGroups {
  if (words.length === 0) return groupSparse(words);
  if (isAscending(words)) return groupAscending(words);
  const [least, most] = rangeOf(words);
  const span = most - least + 1;
  return span <= 4 * words.length ? groupDense(words, least, span) : groupSparse(words);
}

function groupDense(words: Int32Array, least: number, span: number): WordGroups {
  const counts = zeroedWords(span);
  for (let i = 0; i < words.length; i++) counts[words[i]! - least]!++;
  let distinct = 0;
  for (let i = 0; i < span; i++) if (counts[i] !== 0) distinct++;
  const [ascending, sizes] = [zeroedWords(distinct), zeroedWords(distinct)];
  for (let i = 0, group = 0; i < span; i++) {
    if (counts[i] === 0) continue;
    ascending[group] = least + i;
    sizes[group++] = counts[i]!;
  }
  return {
    directory: WordDirectory.of(ascending),
    sizes,
    areInOrder: false,
    places: (starts) => {
      // What was counted is not needed any more.
      for (let group = 0; group < distinct; group++)
        counts[ascending[group]! - least] = starts[group]!;
      const places = zeroedWords(words.length);
      for (let i = 0; i < words.length; i++) places[i] = counts[words[i]! - least]!++;
      return places;
    },
  };
}

function isAscending(words: Int32Array): boolean {
  for (let i = 1; i < words.length; i++) if (words[i]! < words[i - 1]!) return false;
  return true;
}

/** Words that are in order already, as they are in a relation that was filled by them. */
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
    areInOrder: true,
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
    areInOrder: false,
    places: (starts) => {
      const next = starts.slice();
      for (let i = 0; i < words.length; i++) groups[i] = next[groups[i]!]!++;
      return groups;
    },
  };
}

/** Where each group starts if they lie one after another with `roomOf` places each, and where the last ends. */
export function startsOf(sizes: Int32Array, roomOf: (size: number) => number): Int32Array {
  const starts = zeroedWords(sizes.length + 1);
  for (let group = 0; group < sizes.length; group++)
    starts[group + 1] = starts[group]! + roomOf(sizes[group]!);
  return starts;
}
