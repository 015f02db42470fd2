/**
 * The tokens of a `.ded` file while it is being read: looking ahead by two, taking what is
 * expected, and saying what was found where something else was. An error ends its statement by an
 * exception of this room, which the parser catches; users never see it.
 */
import { assert } from '../base/assert.js';
import type { SourceFile, Span } from '../base/span.js';
import { positionAt } from '../base/span.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Identifier } from './ast.js';
import type { DedalusToken } from './lex-dedalus.js';
import { quoted, replacement, syntaxError } from './syntax-error.js';

/** Thrown where a statement cannot be read any further; its diagnostic is noted already. */
export class StatementEnds extends Error {}

export class DedalusTokens {
  readonly file: SourceFile;
  readonly diagnostics: Diagnostic[] = [];
  readonly #tokens: readonly DedalusToken[];
  #index = 0;

  constructor(file: SourceFile, tokens: readonly DedalusToken[]) {
    assert(tokens.at(-1)?.kind === 'end', 'tokens end with an end');
    this.file = file;
    this.#tokens = tokens;
  }

  get next(): DedalusToken {
    return this.#tokens[this.#index]!;
  }

  get after(): DedalusToken {
    return this.#tokens[this.#index + 1] ?? this.next;
  }

  get isAtEnd(): boolean {
    return this.next.kind === 'end';
  }

  /** Takes the next token, whatever it is. */
  pass(): DedalusToken {
    const token = this.next;
    if (token.kind !== 'end') this.#index += 1;
    return token;
  }

  /** Takes the sign if it comes next. */
  take(sign: string): DedalusToken | null {
    return this.next.kind === 'sign' && this.next.text === sign ? this.pass() : null;
  }

  expect(sign: string, help: string): DedalusToken {
    return this.take(sign) ?? this.#unexpected(`\`${sign}\``, help);
  }

  takeName(what: string): Identifier {
    const { next } = this;
    if (next.kind !== 'name')
      this.#unexpected(what, 'facts look like `p("a", 1)@1;`, rules like `p(x) :- q(x, _);`');
    this.pass();
    return { text: next.text, span: this.spanOf(next) };
  }

  /** Fails with what was found instead of what was expected. */
  unexpected(expected: string, help: string): never {
    return this.#unexpected(expected, help);
  }

  #unexpected(expected: string, help: string): never {
    const { next } = this;
    if (next.kind === 'broken') throw new StatementEnds();
    if (next.kind === 'end' || next.text === ';') {
      const span = { ...this.#endOfLast(), start: Math.max(0, this.#endOfLast().start - 1) };
      return this.fail('TRL0110', span, `the statement ends where ${expected} is expected`, help);
    }
    const message = `${quoted(next.text)} cannot stand here: ${expected} is expected`;
    return this.fail('TRL0109', this.spanOf(next), message, help);
  }

  fail(code: string, span: Span, message: string, help: string): never {
    this.diagnostics.push(syntaxError(code, span, message, { help }));
    throw new StatementEnds();
  }

  /** The `;`, which is missed where the next line begins with something else. */
  endStatement(): void {
    if (this.take(';') !== null) return;
    const { next } = this;
    const span = this.#endOfLast();
    const line = (offset: number): number => positionAt(this.file, offset).line;
    if (next.kind === 'broken') throw new StatementEnds();
    if (!this.isAtEnd && line(next.start) === line(span.start)) this.#unexpected('`;`', endHelp);
    this.diagnostics.push(
      syntaxError('TRL0111', span, 'the `;` at the end of this statement is missing', {
        label: '`;` expected here',
        help: endHelp,
        fixes: [replacement('insert `;`', span, ';')],
      }),
    );
  }

  /** Passes everything up to the `;` that ends the statement. */
  skipStatement(): void {
    while (!this.isAtEnd && this.pass().text !== ';');
  }

  spanOf({ start, end }: DedalusToken): Span {
    return { file: this.file, start, end };
  }

  /** From an offset to the end of what was taken last. */
  spanFrom(start: number): Span {
    return { file: this.file, start, end: this.#endOfLast().start };
  }

  #endOfLast(): Span {
    const end = this.#tokens[this.#index - 1]?.end ?? 0;
    return { file: this.file, start: end, end };
  }
}

const endHelp = 'every fact, rule and include ends with `;`';
