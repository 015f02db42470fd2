/**
 * The values of number and string literals, and what is wrong with those that have none.
 *
 * Numbers: decimal and `0x` ints and durations within ±(2^53−1), floats with digits on both sides
 * of the dot. Strings: `\n \t \r \\ \" \' \0 \xHH \uHHHH \u{H+}`. A literal that is wrong still
 * gets a value of its kind, so that the statement around it can be read on.
 */
import { float, type Value } from '../base/value.js';
import { quoted } from './syntax-error.js';

export interface LiteralProblem {
  readonly code: 'TRL0105' | 'TRL0106' | 'TRL0107';
  readonly message: string;
  readonly help: string;
  /** The place inside the literal, in code units from its start. */
  readonly start: number;
  readonly end: number;
}
export interface ReadLiteral {
  readonly value: Value;
  readonly problems: readonly LiteralProblem[];
}

/** Milliseconds in each unit of a duration. */
const millisecondsByUnit: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

const digits = String.raw`\d+(?:_\d+)*`;
const intShape = new RegExp(`^${digits}$`);
const hexShape = /^0[xX][\da-fA-F]+(?:_[\da-fA-F]+)*$/;
const floatShape = new RegExp(`^${digits}\\.${digits}(?:[eE][+-]?${digits})?$`);
const durationShape = new RegExp(`^(${digits})(ms|s|m|h)$`);

/** Reads what the lexer took for a number; `before` is the character in front of it. */
export function readNumber(text: string, before = ''): ReadLiteral {
  const plain = text.replaceAll('_', '');
  if (intShape.test(text) || hexShape.test(text)) return readInt(text, Number(plain));
  const duration = durationShape.exec(text);
  if (duration !== null) {
    return readInt(
      text,
      Number(duration[1]!.replaceAll('_', '')) * millisecondsByUnit[duration[2]!]!,
    );
  }
  if (floatShape.test(text)) return readFloat(text, Number(plain));
  return { value: text.includes('.') ? float(0) : 0, problems: [malformed(text, before)] };
}

function readInt(text: string, value: number): ReadLiteral {
  if (Number.isSafeInteger(value)) return { value, problems: [] };
  const message = `${quoted(text)} is beyond the range of int`;
  const help =
    'an int lies between -9007199254740991 and 9007199254740991; keep larger numbers as strings or floats';
  return { value: 0, problems: [{ code: 'TRL0107', message, help, start: 0, end: text.length }] };
}

function readFloat(text: string, value: number): ReadLiteral {
  if (Number.isFinite(value)) return { value: float(value), problems: [] };
  const message = `${quoted(text)} is beyond the range of float`;
  const help = 'the largest float is 1.7976931348623157e308';
  return {
    value: float(0),
    problems: [{ code: 'TRL0107', message, help, start: 0, end: text.length }],
  };
}

function malformed(text: string, before: string): LiteralProblem {
  const help = malformedHelp(text, before);
  return {
    code: 'TRL0106',
    message: `${quoted(text)} is no number`,
    help,
    start: 0,
    end: text.length,
  };
}

function malformedHelp(text: string, before: string): string {
  if (text.startsWith('.') && before === '.')
    return 'a range of ints is `range(low, beyond)`, without its upper end: `x in range(1, 11)` for 1 to 10';
  if (text.startsWith('.'))
    return `a float has digits on both sides of its dot: write ${quoted(`0${text}`)}`;
  if (text.endsWith('.')) {
    return `a float has digits on both sides of its dot: write ${quoted(`${text}0`)}; a statement ends with \`;\`, not with a dot`;
  }
  if (/^0[xX]/.test(text)) return 'after `0x` stand hexadecimal digits: `0x1f`';
  if (/^\d[\d_]*[eE][+-]?\d+$/.test(text))
    return 'a float has a dot, also before an exponent: write `1.0e5`';
  if (/^\d[\d_]*\.\d[\d_]*(?:ms|s|m|h)$/.test(text))
    return 'a duration is a whole number with its unit: `1500ms`';
  const unit = /^\d[\d_]*([A-Za-z]+)$/.exec(text);
  if (unit !== null)
    return `the units of durations are \`ms\`, \`s\`, \`m\` and \`h\`, not ${quoted(unit[1]!)}; a name begins with a letter`;
  if (text.includes('_')) return 'an underscore stands between two digits: `1_000_000`';
  return 'numbers look like `42`, `0x2a`, `1_000`, `4.2`, `1.0e-9` or `500ms`';
}

const plainEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  '\\': '\\',
  '"': '"',
  "'": "'",
};
const escapeHelp =
  'the escapes are \\n \\t \\r \\0 \\\\ \\" \\\' \\xHH \\uHHHH and \\u{H...}; write `\\\\` for a backslash';

/** Reads a string literal with its quotes. */
export function readString(text: string): ReadLiteral {
  const inner = text.slice(1, -1);
  if (!inner.includes('\\')) return { value: inner, problems: [] };
  const problems: LiteralProblem[] = [];
  const escape = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|u\{([\da-fA-F]+)\}|([\s\S]))/gu;
  const value = inner.replace(escape, (all: string, ...groups: unknown[]) => {
    const [hex, unit, point, plain, offset] = groups as [
      string?,
      string?,
      string?,
      string?,
      number?,
    ];
    const start = (offset ?? 0) + 1;
    const fail = (message: string): string => {
      problems.push({ code: 'TRL0105', message, help: escapeHelp, start, end: start + all.length });
      return plain ?? '';
    };
    if (plain !== undefined) return plainEscapes[plain] ?? fail(`\`${all}\` is no escape`);
    const code = Number.parseInt(hex ?? unit ?? point ?? '', 16);
    if (code > 0x10ffff) return fail(`\`${all}\` is beyond the last code point, \`\\u{10ffff}\``);
    return String.fromCodePoint(code);
  });
  return { value, problems };
}
