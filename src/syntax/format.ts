/**
 * Source text to the same text laid out canonically. Only blanks and line breaks change: the
 * tokens and comments of the output are those of the input, in the same order (stray `;` apart),
 * so parsing both gives the same tree, and formatting the output changes nothing.
 *
 * - Four columns of indentation, lines of at most 100 columns where the text allows it.
 * - Empty lines between statements and comments are kept, at most one.
 * - The names of declarations that stand together stand in line, and so do comments behind them.
 *
 * Text with syntax errors is left alone.
 */
import type { IToken } from 'chevrotain';

import {
  CollectionWord,
  Durable,
  Identifier,
  LeftBrace,
  LeftParen,
  LeftSquare,
  Periodic,
  RightBrace,
  RightParen,
  RightSquare,
  Semicolon,
} from '../../grammar/tokens.js';
import { assert } from '../base/assert.js';
import type { SourceFile } from '../base/span.js';
import { hasErrors } from '../diagnostics/diagnostic.js';
import type { Checked } from '../diagnostics/diagnostic.js';
import {
  concat,
  group,
  hardLine,
  indent,
  ownComment,
  render,
  softLine,
  space,
} from './format-doc.js';
import type { Doc } from './format-doc.js';
import { alignComments } from './format-lines.js';
import { isToken } from './format-nodes.js';
import { commentText, readPieces } from './format-pieces.js';
import type { CommentLine, Piece } from './format-pieces.js';
import { layOutStatement } from './format-statement.js';
import type { Padding } from './format-statement.js';
import { above, indentation, inLine, whole } from './format-terms.js';
import { lexFile } from './lex-file.js';
import { parseModule } from './parse.js';
import { retagWords } from './retag-words.js';
import { startOf } from './token-span.js';

/** The formatted text; null if the file has syntax errors, which the diagnostics tell. */
export function formatSource(file: SourceFile): Checked<string | null> {
  const { diagnostics } = parseModule(file);
  if (hasErrors(diagnostics)) return { value: null, diagnostics };
  return { value: layOutText(file, readTokens), diagnostics };
}

/** The text laid out anew, its tokens and comments read by `read`. */
export function layOutText(file: SourceFile, read: (file: SourceFile) => Tokens): string {
  const { tokens, comments } = read(file);
  const entries = new EntryReader(readPieces(file.text, tokens, comments)).file();
  const formatted = alignComments(render(layOutEntries(entries))).join('\n');
  const value = formatted === '' ? '' : `${formatted}\n`;
  assert(
    sameTokens({ tokens, comments }, read({ path: file.path, text: value })),
    'formatting changed more than the layout',
  );
  return value;
}

// ---- tokens ---------------------------------------------------------------------------------

/** What layout works on: tokens as the parser reads them, stray `;` apart, and comments, by place. */
export interface Tokens {
  readonly tokens: readonly IToken[];
  readonly comments: readonly IToken[];
}

function readTokens(file: SourceFile): Tokens {
  const lexed = lexFile(file);
  const comments = [...lexed.docs, ...lexed.comments].sort((a, b) => startOf(a) - startOf(b));
  return { tokens: retagAll(lexed.tokens), comments };
}

function sameTokens(a: Tokens, b: Tokens): boolean {
  return (
    sameTexts(a.tokens, b.tokens, ({ image }) => image) &&
    sameTexts(a.comments, b.comments, commentText)
  );
}

function sameTexts(
  a: readonly IToken[],
  b: readonly IToken[],
  read: (token: IToken) => string,
): boolean {
  return a.length === b.length && a.every((token, index) => read(token) === read(b[index]!));
}

/** The tokens as the parser reads them, statement by statement, without stray `;`. */
function retagAll(tokens: readonly IToken[]): readonly IToken[] {
  const out: IToken[] = [];
  for (let at = 0; at < tokens.length;) {
    const end = opensModule(tokens, at) ? at + 3 : endOfStatement(tokens, at);
    if (end === at) {
      const before = out.at(-1)?.tokenType;
      const isStray =
        tokens[at]!.tokenType === Semicolon && (before === undefined || before === Semicolon);
      if (!isStray) out.push(tokens[at]!);
      at++;
      continue;
    }
    out.push(...retagWords(tokens.slice(at, end)));
    at = end;
  }
  return out;
}

function opensModule(tokens: readonly IToken[], at: number): boolean {
  return tokens[at]?.image === 'module' && tokens[at + 2]?.tokenType === LeftBrace;
}

/** Where the `;` of the statement stands, or the `}` of the module around it. */
function endOfStatement(tokens: readonly IToken[], start: number): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at++) {
    const type = tokens[at]!.tokenType;
    if (type === LeftParen || type === LeftSquare || type === LeftBrace) depth++;
    else if (type === RightParen || type === RightSquare || type === RightBrace) depth--;
    if (depth < 0 || (depth === 0 && type === Semicolon)) return at;
  }
  return tokens.length;
}

// ---- statements and modules -----------------------------------------------------------------

type Entry =
  | { readonly kind: 'statement'; readonly pieces: readonly Piece[] }
  | {
      readonly kind: 'module';
      readonly header: readonly Piece[];
      readonly entries: readonly Entry[];
      /** The `}`, and the `;` if one follows. */
      readonly close: readonly Piece[];
    }
  /** What stands behind the last statement: comments. */
  | { readonly kind: 'end'; readonly above: readonly CommentLine[] };

class EntryReader {
  readonly #pieces: readonly Piece[];
  readonly #tokens: readonly IToken[];
  #at = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
    this.#tokens = pieces.flatMap(({ token }) => (token === null ? [] : [token]));
  }

  file(): readonly Entry[] {
    const entries = this.#entries();
    return [...entries, { kind: 'end', above: this.#pieces.at(-1)!.above }];
  }

  #entries(): Entry[] {
    const entries: Entry[] = [];
    while (this.#at < this.#tokens.length && this.#tokens[this.#at]!.tokenType !== RightBrace) {
      entries.push(opensModule(this.#tokens, this.#at) ? this.#module() : this.#statement());
    }
    return entries;
  }

  #statement(): Entry {
    const end = Math.min(endOfStatement(this.#tokens, this.#at) + 1, this.#tokens.length);
    return { kind: 'statement', pieces: this.#take(end) };
  }

  #module(): Entry {
    const header = this.#take(this.#at + 3);
    const entries = this.#entries();
    const hasEnd = isToken(this.#pieces[this.#at + 1], Semicolon);
    const close = this.#take(this.#at + (hasEnd ? 2 : 1));
    const inside: Entry = { kind: 'end', above: close[0]?.above ?? [] };
    return { kind: 'module', header, entries: [...entries, inside], close };
  }

  #take(end: number): readonly Piece[] {
    const taken = this.#pieces.slice(this.#at, end);
    this.#at = end;
    return taken;
  }
}

// ---- layout ---------------------------------------------------------------------------------

function layOutEntries(entries: readonly Entry[]): Doc {
  const paddings = alignNames(entries);
  return concat(entries.map((entry, index) => layOutEntry(entry, paddings[index] ?? null)));
}

function layOutEntry(entry: Entry, padding: Padding | null): Doc {
  if (entry.kind === 'end') return concat(commentLines(entry.above));
  const first = (entry.kind === 'module' ? entry.header : entry.pieces)[0]!;
  const start = [...commentLines(first.above), hardLine(first.afterBlank)];
  if (entry.kind === 'statement') {
    const [, ...rest] = entry.pieces;
    return concat([...start, layOutStatement([{ ...first, above: [] }, ...rest], padding)]);
  }
  return concat([...start, layOutModule({ ...first, above: [] }, entry)]);
}

function commentLines(lines: readonly CommentLine[]): readonly Doc[] {
  return lines.flatMap((comment) => [hardLine(comment.afterBlank), ownComment(comment.text)]);
}

function layOutModule(
  first: Piece,
  { header, entries, close }: Extract<Entry, { kind: 'module' }>,
): Doc {
  const [, name, brace] = header;
  const start = concat([whole(first), space, whole(name!), space, whole(brace!)]);
  const [end, semicolon] = close;
  const rest = semicolon === undefined ? [] : [above(semicolon), inLine(semicolon, true)];
  const isEmpty = entries.length === 1 && (end?.above.length ?? 0) === 0;
  if (isEmpty) return concat([group(concat([start, softLine, inLine(end!, true)])), ...rest]);
  const inside = indent(indentation, layOutEntries(entries));
  return concat([start, inside, hardLine(false), inLine(end!), ...rest]);
}

/** Declarations that stand together, with nothing else between them, have their names in line. */
function alignNames(entries: readonly Entry[]): readonly (Padding | null)[] {
  const paddings: (Padding | null)[] = entries.map(() => null);
  let run: { index: number; words: number; width: number }[] = [];
  const close = (): void => {
    const width = Math.max(...run.map((member) => member.width));
    for (const { index, words } of run) paddings[index] = { words, width };
    run = [];
  };
  for (const [index, entry] of entries.entries()) {
    const words = entry.kind === 'statement' ? declarationWordCount(entry.pieces) : 0;
    if (words === 0 || entry.kind !== 'statement' || standsApart(entry.pieces[0]!)) close();
    if (words === 0 || entry.kind !== 'statement') continue;
    const start = entry.pieces.slice(0, words);
    run.push({ index, words, width: start.map(({ text: word }) => word).join(' ').length });
  }
  close();
  return paddings;
}

function standsApart({ above: lines, afterBlank }: Piece): boolean {
  return afterBlank || lines.some((comment) => comment.afterBlank);
}

/** How many words stand before the name; 0 if this is no declaration of a relation, or comments stand there. */
function declarationWordCount(pieces: readonly Piece[]): number {
  const isDurable = isToken(pieces[0], Durable);
  const word = pieces[isDurable ? 1 : 0];
  const isLattice = word?.text === 'lattice' && isToken(pieces[isDurable ? 2 : 1], Identifier);
  if (!isToken(word, CollectionWord) && !isToken(word, Periodic) && !isLattice) return 0;
  const words = isDurable ? 2 : 1;
  const hasComments = pieces
    .slice(0, words + 1)
    .some(
      ({ before, behind, above: lines }, at) =>
        before.length > 0 || (at < words && behind.length > 0) || (at > 0 && lines.length > 0),
    );
  return hasComments ? 0 : words;
}
