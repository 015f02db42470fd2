/**
 * `.ded` text to tokens. The vocabulary is smaller than that of `.bloom` and differs from it in
 * two places: a name may contain `.` and `?`, and may begin with digits if letters follow; a
 * string takes its text as it stands, without escapes, and may run over several lines.
 *
 * Lexing never stops: what has no meaning is told once, as a token that fits nowhere. Words are
 * names throughout; only `notin` is reserved.
 */
import type { SourceFile } from '../base/span.js';
import { float, type Value } from '../base/value.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { quoted, syntaxError } from './syntax-error.js';

export interface DedalusToken {
  /** `broken`: told of as wrong already. */
  readonly kind: 'name' | 'number' | 'string' | 'sign' | 'broken' | 'end';
  /** As written. */
  readonly text: string;
  /** Of a number or string. */
  readonly value: Value;
  readonly start: number;
  readonly end: number;
}

const blank = /(?:\s+|\/\/[^\n\r]*|\/\*[\s\S]*?\*\/)+/y;
const number = /\d+(?:\.\d+)?(?![\w.?])/y;
const name = /[A-Za-z0-9_?](?:[\w?]|\.(?=[\w?.]))*/y;
const text = /"[^"]*"|'[^']*'/y;
const sign = /:-|==|!=|<=|>=|[-+*/%<>=!,;:@()]/y;

/** The tokens of a file, the last one an `end`, and what is wrong with its text. */
export function lexDedalus(file: SourceFile): {
  readonly tokens: readonly DedalusToken[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const lexer = new DedalusLexer(file);
  lexer.run();
  return lexer;
}

class DedalusLexer {
  readonly tokens: DedalusToken[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #file: SourceFile;
  #at = 0;

  constructor(file: SourceFile) {
    this.#file = file;
  }

  run(): void {
    const { length } = this.#file.text;
    const nul = this.#file.text.indexOf('\0');
    if (nul >= 0) {
      this.#fail('TRL0101', nul, nul + 1, 'this file is not text: it holds a NUL character', {
        help: 'programs are UTF-8 text; check that the path names a `.ded` file',
      });
      this.#at = length;
    }
    for (this.#skip(); this.#at < length; this.#skip()) this.#next();
    this.#push('end', '', null);
  }

  #skip(): void {
    this.#match(blank);
  }

  /** The text that matches here, which is then passed. */
  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#file.text)?.[0] ?? null;
    this.#at += found?.length ?? 0;
    return found;
  }

  #push(kind: DedalusToken['kind'], image: string, value: Value): void {
    this.tokens.push({ kind, text: image, value, start: this.#at - image.length, end: this.#at });
  }

  #next(): void {
    const digits = this.#match(number);
    if (digits !== null) return this.#push('number', digits, this.#readNumber(digits));
    const word = this.#match(name);
    if (word !== null) return this.#push('name', word, null);
    const quotation = this.#match(text);
    if (quotation !== null) return this.#push('string', quotation, quotation.slice(1, -1));
    if (this.#file.text.startsWith('/*', this.#at)) return this.#unclosedComment();
    const found = this.#match(sign);
    if (found !== null) return this.#push('sign', found, null);
    this.#refuse();
  }

  #readNumber(digits: string): Value {
    const value = Number(digits);
    if (digits.includes('.')) return float(value);
    if (Number.isSafeInteger(value)) return value;
    const message = `${quoted(digits)} is beyond the range of int`;
    this.#fail('TRL0107', this.#at - digits.length, this.#at, message, {
      help: 'an int lies between -9007199254740991 and 9007199254740991',
    });
    return 0;
  }

  #unclosedComment(): void {
    this.#fail('TRL0104', this.#at, this.#at + 2, 'this comment is never closed', {
      help: 'close it with `*/`, or begin the line with `//`',
    });
    this.#at = this.#file.text.length;
  }

  #refuse(): void {
    const { text: all } = this.#file;
    const character = String.fromCodePoint(all.codePointAt(this.#at)!);
    const start = this.#at;
    this.#at += character.length;
    if (character === '"' || character === "'") {
      const line = /[^\n\r]*/y;
      this.#match(line);
      this.#push('broken', all.slice(start, this.#at), null);
      return this.#fail('TRL0103', start, this.#at, 'this string is never closed', {
        help: `close it with \`${character}\`; strings have no escapes in \`.ded\` files`,
      });
    }
    this.#push('broken', character, null);
    this.#fail('TRL0102', start, this.#at, `${quoted(character)} has no meaning here`, {
      help: 'names consist of letters, digits, `_`, `.` and `?`; everything else goes into strings',
    });
  }

  #fail(
    code: string,
    start: number,
    end: number,
    message: string,
    details: { readonly help: string },
  ): void {
    this.diagnostics.push(syntaxError(code, { file: this.#file, start, end }, message, details));
  }
}
