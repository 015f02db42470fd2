/**
 * Tokens to statements: error recovery by separation. Each statement is parsed alone, so a mistake
 * in one can never spoil another, and parsing resumes behind the next `;`.
 *
 * A statement also ends where its `;` is plainly missing: nothing in the language lets a name
 * follow the end of an operand, so a name that does and begins a line no deeper than the line of its
 * statement begins the next one. A `.` that ends a line is the end of a statement of Prolog.
 */
import type { IToken } from 'chevrotain';

import {
  Dot,
  False,
  Identifier,
  NumberLiteral,
  LeftBrace,
  LeftParen,
  LeftSquare,
  Null,
  Percent,
  RightBrace,
  RightParen,
  RightSquare,
  Semicolon,
  StringLiteral,
  True,
  UnclosedString,
  declarationWords,
} from '../../grammar/tokens.js';
import type { SourceFile } from '../base/span.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { foreignComment } from './lex-file.js';
import { beginsPartition } from './partition-clause.js';
import { replacement, syntaxError } from './syntax-error.js';
import {
  breaksLine,
  columnOf,
  endOf,
  isAdjacent,
  lineColumn,
  spanBehind,
  spanBetween,
  spanOf,
} from './token-span.js';

/** One statement's tokens. */
export interface StatementTokens {
  /** Without the `;`; at least one. */
  readonly tokens: readonly IToken[];
  /** What to say about the end of the statement if nothing else is wrong with it. */
  readonly endError: Diagnostic | null;
  /** The statements between the braces of a module, whose head `tokens` are; null for all others. */
  readonly block: readonly StatementTokens[] | null;
}

export interface SplitFile {
  readonly statements: readonly StatementTokens[];
  /** About what stands between the statements and those that are left out. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Modules stand at the top of a file, so deeper ones are told as misplaced; this bounds how many. */
const maxModuleDepth = 16;

/** The statements of a file, or of a module that stands in so many others and is opened before `from`. */
export function splitStatements(
  file: SourceFile,
  tokens: readonly IToken[],
  moduleDepth = 0,
  from = 0,
): SplitFile {
  const statements: StatementTokens[] = [];
  const diagnostics: Diagnostic[] = [];
  let index = 0;
  while (index < tokens.length) {
    const start = index;
    const directiveEnd = endOfDirective(file, tokens, start);
    if (directiveEnd !== null) {
      diagnostics.push(foreignLine(file, tokens[start]!, tokens[start + 1]));
      index = directiveEnd;
      continue;
    }
    const block = openModule(file, tokens, start);
    if (block !== null) {
      if (moduleDepth === maxModuleDepth) diagnostics.push(tooDeep(file, tokens[start]!));
      else {
        const own = tokens.slice(start + 3, block.close);
        const inside = splitStatements(file, own, moduleDepth + 1, endOf(tokens[start + 2]!));
        const head = tokens.slice(start, start + 2);
        statements.push({ tokens: head, endError: block.error, block: inside.statements });
        for (const diagnostic of inside.diagnostics) diagnostics.push(diagnostic);
      }
      index = block.close + (tokens[block.close + 1]?.tokenType === Semicolon ? 2 : 1);
      continue;
    }
    const behind = start === 0 ? from : endOf(tokens[start - 1]!);
    const end = findEnd(file, tokens, start, behind);
    index =
      tokens[end]?.tokenType === Semicolon || isSentenceDot(file, tokens, end) ? end + 1 : end;
    if (end > start) {
      const own = tokens.slice(start, end);
      statements.push({ tokens: own, endError: missingEnd(file, tokens, end), block: null });
    }
  }
  return { statements, diagnostics };
}

function tooDeep(file: SourceFile, word: IToken): Diagnostic {
  const message = `this module is nested more than ${maxModuleDepth} levels deep`;
  return syntaxError('TRL0113', spanOf(file, word), message, {
    help: 'put modules at the top of the file; the modules of a file may use each other',
  });
}

/** Where the braces of the module that begins at `start` close; null if none begins there. */
function openModule(
  file: SourceFile,
  tokens: readonly IToken[],
  start: number,
): { readonly close: number; readonly error: Diagnostic | null } | null {
  const opener = tokens[start + 2];
  const isNamed = tokens[start + 1]?.tokenType === Identifier;
  if (tokens[start]!.image !== 'module' || !isNamed || opener?.tokenType !== LeftBrace) return null;
  let depth = 0;
  for (let at = start + 2; at < tokens.length; at++) {
    if (tokens[at]!.tokenType === LeftBrace) depth++;
    if (tokens[at]!.tokenType === RightBrace) depth--;
    if (depth === 0) return { close: at, error: null };
  }
  const error = syntaxError('TRL0112', spanOf(file, opener), 'this `{` is never closed', {
    label: 'the module begins here',
    help: 'close it with `}` behind its last statement',
  });
  return { close: tokens.length, error };
}

/**
 * Index of the token that ends the statement begun at `start`: its `;`, or the first token of the
 * next. What is before the statement ends at the offset `behind`.
 */
function findEnd(
  file: SourceFile,
  tokens: readonly IToken[],
  start: number,
  behind: number,
): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at++) {
    const type = tokens[at]!.tokenType;
    if (type === Semicolon) return at;
    if (at > start && beginsStatement(file, tokens, start, at, behind)) return at;
    if (type === LeftParen || type === LeftSquare || type === LeftBrace) depth++;
    else if (type === RightParen || type === RightSquare || type === RightBrace) depth--;
    else if (type === Dot && depth <= 0 && isSentenceDot(file, tokens, at)) return at;
    else if (type === UnclosedString && /;\s*$/.test(tokens[at]!.image)) return at + 1;
  }
  return tokens.length;
}

function endsOperand(tokens: readonly IToken[], start: number, at: number): boolean {
  const { tokenType: type, image } = tokens[at]!;
  if (type === Identifier) {
    const isKeyword = declarationWords.has(image) || image === 'delete' || image === 'upsert';
    return !(isKeyword && at <= start + 1) && image !== 'not' && image !== 'and' && image !== 'or';
  }
  if (type === RightParen || type === RightSquare || type === RightBrace) return true;
  return (
    type === NumberLiteral ||
    type === StringLiteral ||
    type === True ||
    type === False ||
    type === Null
  );
}

function beginsStatement(
  file: SourceFile,
  tokens: readonly IToken[],
  start: number,
  at: number,
  behind: number,
): boolean {
  const token = tokens[at]!;
  if (token.tokenType !== Identifier || token.image === 'and' || token.image === 'or') return false;
  if (!endsOperand(tokens, start, at - 1) || !breaksLine(file, tokens[at - 1]!, token))
    return false;
  const depth = lineColumn(file, behind, tokens[start]!);
  return columnOf(file, token) <= depth && !beginsPartition(tokens, at);
}

/** A dot at the end of a line, or after `)` and before a blank, as Prolog ends clauses. */
function isSentenceDot(file: SourceFile, tokens: readonly IToken[], at: number): boolean {
  const token = tokens[at];
  if (token?.tokenType !== Dot) return false;
  const next = tokens[at + 1];
  if (next === undefined || breaksLine(file, token, next)) return true;
  return (
    tokens[at - 1]?.tokenType === RightParen &&
    next.tokenType === Identifier &&
    !isAdjacent(token, next)
  );
}

function missingEnd(file: SourceFile, tokens: readonly IToken[], end: number): Diagnostic | null {
  const token = tokens[end];
  if (token?.tokenType === Semicolon) return null;
  const last = tokens[end - 1]!;
  if (token?.tokenType === Dot) {
    const span = spanOf(file, token);
    return syntaxError('TRL0119', span, 'a statement does not end with a dot', {
      help: 'end it with `;`',
      fixes: [replacement('write `;`', span, ';')],
    });
  }
  // `1.` is told as a malformed number: its dot was to end the statement.
  if (last.image.endsWith('.')) return null;
  const span = spanBehind(file, last);
  return syntaxError('TRL0111', span, 'the `;` at the end of this statement is missing', {
    label: '`;` expected here',
    fixes: [replacement('insert `;`', span, ';')],
  });
}

// ---- lines of other languages ---------------------------------------------------------------

const directiveHelp: Readonly<Record<string, string>> = {
  decl: 'declare a relation with `table name(column: type, ...);`, or leave it undeclared',
  input: 'declare `input name(column: type, ...);` or give facts on the command line',
  output: 'declare `output name(column: type, ...);` to release what it holds',
  type: 'write the built-in type (`int`, `string`, ...) in the columns',
};

/** A `.word` or a `%` where a statement may begin runs to the end of its line. */
function endOfDirective(file: SourceFile, tokens: readonly IToken[], start: number): number | null {
  const word = tokens[start + 1];
  const first = tokens[start]!;
  const isDirective =
    first.tokenType === Dot && word?.tokenType === Identifier && isAdjacent(first, word);
  if (!isDirective && first.tokenType !== Percent) return null;
  let at = start + 1;
  while (at < tokens.length && !breaksLine(file, tokens[at - 1]!, tokens[at]!)) at++;
  return at;
}

function foreignLine(file: SourceFile, sign: IToken, word: IToken | undefined): Diagnostic {
  if (sign.tokenType === Percent || word === undefined) return foreignComment(file, sign);
  const known = Object.hasOwn(directiveHelp, word.image) ? directiveHelp[word.image] : undefined;
  const help =
    known ??
    'leave it out; relations are declared with `table name(column: type, ...);` and the like';
  const span = spanBetween(file, sign, word);
  return syntaxError(
    'TRL0120',
    span,
    `\`.${word.image}\` is a directive of Souffle, not of Trellis`,
    { help },
  );
}
