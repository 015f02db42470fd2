/**
 * Text to tree: lex, separate statements, then for each: retag words, check brackets, parse,
 * build. Never throws, reports every broken statement of a file once and leaves it out.
 *
 * Invariant: printing a module and parsing the text gives the same tree, spans apart.
 */
import type { IToken } from 'chevrotain';

import { StatementParser } from '../../grammar/parser.js';
import type { SourceFile } from '../base/span.js';
import type { Checked, Diagnostic } from '../diagnostics/diagnostic.js';
import type { Module, Statement } from './ast.js';
import { buildStatement } from './build-statement.js';
import { checkBrackets } from './check-brackets.js';
import { isTooDeep, maxDepth } from './check-depth.js';
import { explainSyntaxError } from './explain-syntax-error.js';
import { isBroken, lexFile } from './lex-file.js';
import { retagWords } from './retag-words.js';
import { splitStatements, type StatementTokens } from './split-statements.js';
import { syntaxError } from './syntax-error.js';
import { spanBetween, spanOf, startOf, endOf } from './token-span.js';

/** The module of a file, without the statements that could not be read; diagnostics in source order. */
export function parseModule(file: SourceFile): Checked<Module> {
  const lexed = lexFile(file);
  const split = splitStatements(file, lexed.tokens);
  const diagnostics = [...lexed.diagnostics, ...split.diagnostics];
  const docs = new DocReader(lexed.docs);
  const statements = parseStatements(file, split.statements, docs, diagnostics);
  return { value: { file, statements }, diagnostics: diagnostics.sort(byPlace) };
}

function parseStatements(
  file: SourceFile,
  split: readonly StatementTokens[],
  docs: DocReader,
  diagnostics: Diagnostic[],
): readonly Statement[] {
  const statements: Statement[] = [];
  for (const { tokens, endError, block } of split) {
    const doc = docs.before(tokens);
    if (block !== null) {
      const inside = parseStatements(file, block, docs, diagnostics);
      statements.push(buildModule(file, tokens, inside, doc));
      if (endError !== null) diagnostics.push(endError);
      continue;
    }
    // What is wrong with a broken token is told already; what follows from it is not worth telling.
    if (tokens.some(isBroken)) continue;
    const parsed = parseStatement(file, tokens, doc);
    if ('code' in parsed) {
      // What the lexer has told of the same place says more.
      if (!diagnostics.some((told) => isSamePlace(told, parsed))) diagnostics.push(parsed);
      continue;
    }
    statements.push(parsed);
    if (endError !== null) diagnostics.push(endError);
  }
  return statements;
}

/** A module out of its head (`module Name`) and the statements in its braces. */
function buildModule(
  file: SourceFile,
  head: readonly IToken[],
  statements: readonly Statement[],
  doc: string | null,
): Statement {
  const [word, token] = [head[0]!, head[1]!];
  const name = { text: token.image, span: spanOf(file, token) };
  return { kind: 'module', name, statements, doc, span: spanBetween(file, word, token) };
}

let parser: StatementParser | null = null;

/** The statement, or the first thing that is wrong with it. */
function parseStatement(
  file: SourceFile,
  tokens: readonly IToken[],
  doc: string | null,
): Statement | Diagnostic {
  const words = retagWords(tokens);
  const bracketError = checkBrackets(file, words);
  if (bracketError !== null) return bracketError;
  // Analysing the grammar takes time that a program which parses nothing should not spend.
  parser ??= new StatementParser();
  parser.input = words;
  const tree = parser.statement();
  const error = parser.errors[0];
  if (error !== undefined) return explainSyntaxError(file, words, error);
  const span = spanBetween(file, words[0]!, words.at(-1)!);
  const context = { file, diagnostics: [] as Diagnostic[] };
  const statement = buildStatement(context, tree, span, doc);
  return (
    context.diagnostics[0] ?? (isTooDeep(statement, words.length) ? tooDeep(statement) : statement)
  );
}

function tooDeep({ span }: Statement): Diagnostic {
  return syntaxError(
    'TRL0113',
    span,
    `an expression in this statement is more than ${maxDepth} operations deep`,
    {
      help: 'bind parts of it to variables: `x = ...`',
    },
  );
}

function isSamePlace(a: Diagnostic, b: Diagnostic): boolean {
  return a.primary !== undefined && a.primary.span.start === b.primary?.span.start;
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (a.primary?.span.start ?? 0) - (b.primary?.span.start ?? 0);
}

/** Hands each statement the `///` lines that stand between it and the statement before it. */
class DocReader {
  readonly #docs: readonly IToken[];
  #next = 0;

  constructor(docs: readonly IToken[]) {
    this.#docs = docs;
  }

  before(tokens: readonly IToken[]): string | null {
    const lines: string[] = [];
    for (; this.#isBefore(startOf(tokens[0]!)); this.#next++) {
      lines.push(this.#docs[this.#next]!.image.slice(3).replace(/^ /, '').trimEnd());
    }
    // Lines inside the statement document nothing.
    while (this.#isBefore(endOf(tokens.at(-1)!))) this.#next++;
    return lines.length === 0 ? null : lines.join('\n');
  }

  #isBefore(offset: number): boolean {
    const doc = this.#docs[this.#next];
    return doc !== undefined && startOf(doc) < offset;
  }
}
