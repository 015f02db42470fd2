/**
 * Tokens with the comments around them: what the formatter lays out.
 *
 * Comments between two tokens are taken line by line. A line that begins behind the first token
 * trails it; one that ends before the second leads it in its line; all others stand on lines of
 * their own. A comment between two tokens of one line leads the second. So the layout of the
 * output says the same of each comment as the layout of the input, which is what makes formatting
 * idempotent. A `///` comment documents what follows and never trails a statement.
 */
import type { IToken } from 'chevrotain';

import { LeftBrace, RightBrace, Semicolon } from '../../grammar/tokens.js';
import { endOf, startOf } from './token-span.js';

/** Comments on a line of their own. */
export interface CommentLine {
  readonly text: string;
  /** An empty line stands before it. */
  readonly afterBlank: boolean;
}
/** A token, or the end of the file, with its comments. */
export interface Piece {
  /** Null at the end of the file. */
  readonly token: IToken | null;
  readonly text: string;
  /** Above it. */
  readonly above: readonly CommentLine[];
  /** Before it in its line. */
  readonly before: readonly string[];
  /** Behind it, up to the end of the line. */
  readonly behind: readonly string[];
  /** An empty line stands before it. */
  readonly afterBlank: boolean;
}

/** The pieces of a text; the last one is the end of the file. */
export function readPieces(
  source: string,
  tokens: readonly IToken[],
  comments: readonly IToken[],
): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (let index = 0; index <= tokens.length; index++) {
    const token = tokens[index] ?? null;
    const until = token === null ? Infinity : startOf(token);
    const between: IToken[] = [];
    for (; at < comments.length && startOf(comments[at]!) < until; at++)
      between.push(comments[at]!);
    const last = pieces.at(-1) ?? null;
    const gap = readGap(source, last?.token ?? null, between, token);
    if (last !== null) pieces[pieces.length - 1] = { ...last, behind: gap.behind };
    pieces.push({ token, text: token?.image ?? '', behind: [], ...gap.next });
  }
  return pieces;
}

interface Gap {
  readonly behind: readonly string[];
  readonly next: Pick<Piece, 'above' | 'before' | 'afterBlank'>;
}

function readGap(
  source: string,
  left: IToken | null,
  comments: readonly IToken[],
  right: IToken | null,
): Gap {
  const behind: string[] = [];
  const above: { text: string; afterBlank: boolean }[] = [];
  let before: string[] = [];
  const lines = splitLines(source, left, comments);
  for (const [index, { items, breaks }] of lines.entries()) {
    const isLast = index === lines.length - 1;
    const leads = isLast && right !== null && lineBreaks(source, items.at(-1)!, right) === 0;
    const texts = items.map(commentText);
    if (leads) before = texts;
    else if (breaks > 0 || left === null)
      above.push({ text: texts.join(' '), afterBlank: breaks > 1 });
    else {
      const doc = endsStatement(left) ? items.findIndex(isDoc) : -1;
      behind.push(...(doc === -1 ? texts : texts.slice(0, doc)));
      if (doc !== -1) above.push({ text: texts.slice(doc).join(' '), afterBlank: false });
    }
  }
  const ahead =
    before.length > 0 ? lines.at(-1)!.breaks : lineBreaks(source, comments.at(-1) ?? left, right);
  return { behind, next: { above, before, afterBlank: ahead > 1 } };
}

interface GapLine {
  readonly items: IToken[];
  /** Line breaks before it. */
  readonly breaks: number;
}

function splitLines(source: string, left: IToken | null, comments: readonly IToken[]): GapLine[] {
  const lines: GapLine[] = [];
  let before = left;
  for (const comment of comments) {
    const breaks = lineBreaks(source, before, comment);
    if (breaks === 0 && before !== left) lines.at(-1)!.items.push(comment);
    else lines.push({ items: [comment], breaks });
    before = comment;
  }
  return lines;
}

function lineBreaks(source: string, left: IToken | null, right: IToken | null): number {
  const start = left === null ? 0 : endOf(left);
  const between = source.slice(start, right === null ? undefined : startOf(right));
  return between.match(/\r\n|\n|\r/g)?.length ?? 0;
}

function endsStatement({ tokenType: type }: IToken): boolean {
  return type === Semicolon || type === LeftBrace || type === RightBrace;
}

function isDoc({ image }: IToken): boolean {
  return /^\/\/\/(?!\/)/.test(image);
}

/** A comment as it is written out: the ends of its lines made uniform. */
export function commentText({ image }: IToken): string {
  return image.replace(/\r\n?/g, '\n').trimEnd();
}
