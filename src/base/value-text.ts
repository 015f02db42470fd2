/**
 * Values as text: the literal that the language would read back as the same value. Used wherever
 * a value is shown (tables, errors, printed programs), so that one value has one face.
 */
import type { Row, Value } from './value.js';

/** A double-quoted string literal with the language's escapes. */
export function quoteString(text: string): string {
  let out = '"';
  for (let i = 0; i < text.length; i++) out += escapeUnit(text, i);
  return out + '"';
}

function escapeUnit(text: string, index: number): string {
  const unit = text[index]!;
  const named = (
    { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' } as Record<string, string>
  )[unit];
  if (named !== undefined) return named;
  const code = unit.charCodeAt(0);
  const isLoneSurrogate = code >= 0xd800 && code <= 0xdfff && !isPaired(text, index, code);
  if (code < 0x20 || code === 0x7f || code === 0x2028 || code === 0x2029 || isLoneSurrogate) {
    return `\\u${code.toString(16).padStart(4, '0')}`;
  }
  return unit;
}

function isPaired(text: string, index: number, code: number): boolean {
  const other = text.charCodeAt(code < 0xdc00 ? index + 1 : index - 1);
  return code < 0xdc00 ? other >= 0xdc00 && other <= 0xdfff : other >= 0xd800 && other <= 0xdbff;
}

/** A float with digits on both sides of the dot; infinities and NaN by name. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan()';
  if (!Number.isFinite(value)) return value > 0 ? 'infinity()' : '-infinity()';
  const text = String(value);
  const [mantissa = text, exponent] = text.split('e');
  const dotted = mantissa.includes('.') ? mantissa : `${mantissa}.0`;
  return exponent === undefined ? dotted : `${dotted}e${exponent.replace('+', '')}`;
}

export function valueText(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return quoteString(value);
  if (typeof value !== 'object') return String(value);
  switch (value.kind) {
    case 'float':
      return floatText(value.value);
    case 'bytes':
      return `bytes("${value.hex}")`;
    case 'tuple':
      return value.items.length === 1
        ? `(${valueText(value.items[0]!)},)`
        : `(${value.items.map(valueText).join(', ')})`;
    case 'list':
      return `[${value.items.map(valueText).join(', ')}]`;
    case 'set':
      return `{${value.items.map(valueText).join(', ')}}`;
    case 'map':
      return value.entries.length === 0
        ? '{:}'
        : `{${value.entries.map(([k, v]) => `${valueText(k)}: ${valueText(v)}`).join(', ')}}`;
    case 'lattice':
      return `${value.lattice}(${value.arguments.map(valueText).join(', ')})`;
  }
}

/** A tuple of a relation: `link("a", "b")`. */
export function rowText(relation: string, row: Row): string {
  return `${relation}(${row.map(valueText).join(', ')})`;
}
