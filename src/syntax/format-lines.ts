/** Printed lines to text, with the comments at the ends of neighbouring lines of one indentation in one column. */
import type { Line } from './format-doc.js';

/** Comments are not aligned where that would move one further than this. */
const mostPadding = 30;

/** The lines as text, without trailing blanks. */
export function alignComments(lines: readonly Line[]): readonly string[] {
  const out: string[] = [];
  for (let at = 0; at < lines.length;) {
    let end = at;
    while (end < lines.length && isAlignable(lines[end]!, lines[at]!)) end++;
    if (end === at) out.push(withComment(lines[at++]!, 0));
    else {
      out.push(...alignRun(lines.slice(at, end)));
      at = end;
    }
  }
  return out;
}

function isAlignable({ text, comment }: Line, first: Line): boolean {
  if (comment === null || comment.includes('\n') || text.includes('\n')) return false;
  return text.search(/\S/) === first.text.search(/\S/);
}

function alignRun(lines: readonly Line[]): readonly string[] {
  const widths = lines.map(({ text }) => text.length);
  const width = Math.max(...widths);
  const aligned = width - Math.min(...widths) <= mostPadding;
  return lines.map((one) => withComment(one, aligned ? width : 0));
}

function withComment({ text, comment }: Line, width: number): string {
  return comment === null ? text.trimEnd() : `${text.padEnd(width)} ${comment}`;
}
