/** Random comments, blanks and line breaks, and where they go: between the tokens of a text. */
import fc from 'fast-check';

const filler = fc.constantFrom(
  ' // why\n',
  '\n// above\n',
  '\n\n// apart\n\n',
  ' /* in line */ ',
  '/*tight*/',
  '\n/* first */ ',
  ' /* last */\n',
  '\n/* of\n   two lines */\n',
  ' /* over\n a break */ ',
  ' /* one */ /* two */ // three\n',
  ' /* one */ // two\n// three\n',
  ' /// what follows\n',
  '\n/// above  \n',
  '//\n',
  '//// not documentation\n',
  '\r\n',
  '\n\n\n',
  '   ',
  '\t',
);

/** Fillers, each with the number of a gap. */
export const fillers = fc.array(fc.tuple(fc.nat(), filler), { maxLength: 12 });

/** The text with fillers in some of its gaps: at its start, and behind each token. */
export function withFillers(
  text: string,
  tokenEnds: readonly number[],
  inserted: readonly (readonly [number, string])[],
): string {
  const gaps = [0, ...tokenEnds];
  const byGap = new Map(inserted.map(([at, content]) => [gaps[at % gaps.length]!, content]));
  let out = '';
  let from = 0;
  for (const [gap, content] of [...byGap].sort(([a], [b]) => a - b)) {
    out += text.slice(from, gap) + content;
    from = gap;
  }
  return out + text.slice(from);
}
