/**
 * Source text to tokens, with everything that is wrong already in the text: binary files, foreign
 * letters and comment signs, strings and comments that never end, literals without a value.
 *
 * Reserved words get their types here; words that are keywords only by position do not. The value
 * of a number or string travels in its token. Lexing never stops: after an unclosed string or
 * comment it goes on at the next line.
 */
import type { IToken } from 'chevrotain';

import {
  ForeignName,
  Identifier,
  lexer,
  NumberLiteral,
  reservedWords,
  retag,
  StringLiteral,
  Unknown,
  UnclosedString,
} from '../../grammar/tokens.js';
import type { SourceFile } from '../base/span.js';
import type { Value } from '../base/value.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { readNumber, readString } from './read-literal.js';
import { quoted, replacement, syntaxError } from './syntax-error.js';
import { spanOf, startOf } from './token-span.js';

export interface LexedFile {
  readonly tokens: readonly IToken[];
  /** The `///` comments, in order. */
  readonly docs: readonly IToken[];
  /** The other comments, in order. */
  readonly comments: readonly IToken[];
  readonly diagnostics: readonly Diagnostic[];
}

export function lexFile(file: SourceFile): LexedFile {
  const nul = file.text.indexOf('\0');
  if (nul !== -1)
    return { tokens: [], docs: [], comments: [], diagnostics: [binaryFile(file, nul)] };
  const { tokens, groups } = lexer.tokenize(file.text);
  const diagnostics: Diagnostic[] = [];
  for (const comment of groups['unclosedComments'] ?? [])
    diagnostics.push(unclosedComment(file, comment));
  for (const comment of groups['foreignComments'] ?? [])
    diagnostics.push(foreignComment(file, comment));
  for (const token of tokens) readToken(file, token, diagnostics);
  return { tokens, docs: groups['docs'] ?? [], comments: groups['comments'] ?? [], diagnostics };
}

/** The value of a number or string token. */
export function literalValue(token: IToken): Value {
  return token.payload as Value;
}

/** Whether the token is told of as wrong already and fits nowhere. */
export function isBroken(token: IToken): boolean {
  return (
    token.tokenType === UnclosedString ||
    token.tokenType === ForeignName ||
    token.tokenType === Unknown
  );
}

function readToken(file: SourceFile, token: IToken, diagnostics: Diagnostic[]): void {
  if (token.tokenType === Identifier) {
    const reserved = reservedWords.get(token.image);
    if (reserved !== undefined) retag(token, reserved);
  } else if (token.tokenType === NumberLiteral || token.tokenType === StringLiteral) {
    const offset = startOf(token);
    const read =
      token.tokenType === NumberLiteral
        ? readNumber(token.image, file.text.charAt(offset - 1))
        : readString(token.image);
    token.payload = read.value;
    for (const { code, message, help, start, end } of read.problems) {
      diagnostics.push(
        syntaxError(code, { file, start: offset + start, end: offset + end }, message, { help }),
      );
    }
  } else if (isBroken(token)) {
    diagnostics.push(brokenToken(file, token));
  }
}

function binaryFile(file: SourceFile, nul: number): Diagnostic {
  return syntaxError(
    'TRL0101',
    { file, start: nul, end: nul + 1 },
    'this file is not text: it holds a NUL character',
    {
      help: 'programs are UTF-8 text; check that the path names a `.bloom` file',
    },
  );
}

function unclosedComment(file: SourceFile, token: IToken): Diagnostic {
  const start = startOf(token);
  return syntaxError('TRL0104', { file, start, end: start + 2 }, 'this comment is never closed', {
    label: 'opened here',
    help: 'close it with `*/`, or begin the line with `//`',
  });
}

/** The error for a comment sign of another language, `#` or `%`. */
export function foreignComment(file: SourceFile, token: IToken): Diagnostic {
  const start = startOf(token);
  const span = { file, start, end: start + 1 };
  return syntaxError('TRL0108', span, `\`${token.image.charAt(0)}\` does not begin a comment`, {
    help: 'comments begin with `//`, or stand between `/*` and `*/`',
    fixes: [replacement('write `//`', span, '//')],
  });
}

function brokenToken(file: SourceFile, token: IToken): Diagnostic {
  const span = spanOf(file, token);
  if (token.tokenType === UnclosedString) {
    const quote = token.image.charAt(0);
    return syntaxError('TRL0103', span, 'this string is not closed in its line', {
      help: `close it with \`${quote}\`; a line break inside a string is written \`\\n\``,
    });
  }
  if (token.tokenType === Unknown) {
    return syntaxError('TRL0102', span, `${describeSign(token.image)} has no meaning here`, {
      help: signHelp(token.image, file.text.slice(span.end, span.end + 1)),
    });
  }
  if (/^[\u2018-\u201f\u00ab\u00bb]/.test(token.image)) {
    return syntaxError('TRL0102', span, 'curly quotes do not delimit strings', {
      help: 'write straight quotes: `"text"` or `\'text\'`',
    });
  }
  return syntaxError('TRL0102', span, `${quoted(token.image)} cannot be a name`, {
    help: 'names are made of the letters A-Z and a-z, digits and `_`; other text goes into strings',
  });
}

function describeSign(sign: string): string {
  const code = sign.charCodeAt(0);
  return code < 0x20 || code === 0x7f
    ? `the control character U+${code.toString(16).padStart(4, '0').toUpperCase()}`
    : `\`${sign}\``;
}

/** `next` is the character behind it. */
function signHelp(sign: string, next: string): string {
  if (sign === '\\' && next === '=') return 'inequality is written `!=`';
  if (sign === '\\' && next === '+') return 'a negated literal is written `notin p(...)`';
  if (sign === '&') return '"and" is `,` between literals and `&&` inside an expression';
  if (sign === '?') return 'a choice between two values is written `if c then a else b`';
  if (sign === '`') return 'strings stand between `"` or `\'`';
  return 'remove it, or put it into a string';
}
