/**
 * The one way in which a program's own text gets into generated code: as a string literal, as the
 * text of a line comment, or boiled down to the tail of an identifier. Each is harmless whatever
 * the text holds: quotes, line ends of any kind, lone surrogates, words of the language.
 */

/** A string literal with the given value, on one line, ASCII only. */
export function quoteText(text: string): string {
  return JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A line comment that tells a text. */
export function quoteComment(text: string): string {
  return `// ${quoteText(text).slice(1, -1)}`;
}

/** A legal identifier, told apart from all others by `prefix` and `number`, that reminds of a name. */
export function identifier(prefix: string, number: number, name: string): string {
  const reminder = name.replace(/[^A-Za-z0-9]+/g, '_').slice(0, 24);
  return `${prefix}${number}${reminder === '' ? '' : `_${reminder}`}`;
}
