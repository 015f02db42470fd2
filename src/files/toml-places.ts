/**
 * Where a key of a TOML file is written: its parser keeps no positions. A walk over the lines
 * follows table heads and dotted keys; within an inline table or a list only the words are looked
 * for. Good enough to point at what is wrong, and used for nothing else.
 */
import type { SourceFile, Span } from '../base/span.js';

interface KeyPlace {
  readonly path: readonly string[];
  readonly start: number;
  readonly end: number;
}

const segment = /[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'/g;
const key = `(?:${segment.source})`;
const dotted = String.raw`${key}(?:[ \t]*\.[ \t]*${key})*`;
const headLine = new RegExp(String.raw`^[ \t]*\[{1,2}[ \t]*(${dotted})[ \t]*\]`);
const keyLine = new RegExp(String.raw`^[ \t]*(${dotted})[ \t]*=`);

/** The key at a path; of what cannot be found, the nearest that holds it; else the file's start. */
export function keySpan(file: SourceFile, path: readonly string[]): Span {
  const places = keyPlaces(file.text);
  for (let length = path.length; length > 0; length--) {
    const part = path.slice(0, length);
    const place = places.find((each) => each.path.join('\n') === part.join('\n'));
    if (place === undefined) continue;
    const { start, end } = path.slice(length).reduce(
      (at, name) => {
        return findBehind(file.text, at, name) ?? at;
      },
      place as Pick<Span, 'start' | 'end'>,
    );
    return { file, start, end };
  }
  return { file, start: 0, end: 0 };
}

function keyPlaces(text: string): readonly KeyPlace[] {
  const places: KeyPlace[] = [];
  let table: readonly string[] = [];
  let lineStart = 0;
  for (const line of text.split('\n')) {
    const head = headLine.exec(line);
    const found = head ?? keyLine.exec(line);
    if (head !== null) table = [];
    if (found !== null) {
      const written = found[1]!;
      const at = lineStart + found[0].indexOf(written);
      let path = table;
      for (const { 0: word, index } of written.matchAll(segment)) {
        const quoted = /^["']/.test(word) ? 1 : 0;
        path = [...path, word.slice(quoted, word.length - quoted)];
        const start = at + index + quoted;
        places.push({ path, start, end: start + word.length - 2 * quoted });
      }
      if (head !== null) table = path;
    }
    lineStart += line.length + 1;
  }
  return places;
}

/** A key of an inline table behind a place, on the same line. */
function findBehind(
  text: string,
  { end }: Pick<Span, 'end'>,
  name: string,
): Pick<Span, 'start' | 'end'> | null {
  const lineEnd = text.indexOf('\n', end);
  const rest = text.slice(end, lineEnd < 0 ? text.length : lineEnd);
  for (const { 0: word, index } of rest.matchAll(segment)) {
    const quoted = /^["']/.test(word) ? 1 : 0;
    const behind = rest.slice(index + word.length);
    if (word.slice(quoted, word.length - quoted) !== name || !/^[ \t]*=/.test(behind)) continue;
    const start = end + index + quoted;
    return { start, end: start + name.length };
  }
  return null;
}
