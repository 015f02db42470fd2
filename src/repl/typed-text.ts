/**
 * What has been typed into a session, as text: when a statement is whole, and how parts of a text are
 * blanked out so that everything else stays at its place and errors point where the user looks.
 */
import type { SourceFile, Span } from '../base/span.js';
import { lexFile } from '../syntax/lex-file.js';
import { splitStatements } from '../syntax/split-statements.js';
import { endOf, startOf } from '../syntax/token-span.js';

/** Whether a brace is open, as of a module, in which empty lines say nothing. */
export function isInBraces(text: string): boolean {
  return braceDepth(lexFile({ path: '', text }).tokens) > 0;
}

/** Whether the text ends where a statement ends, so that more need not come. */
export function isWhole(text: string): boolean {
  const file = { path: '', text };
  const { tokens, diagnostics } = lexFile(file);
  // A comment that is never closed goes on in the next line.
  if (diagnostics.some(({ code }) => code === 'TRL0104')) return false;
  const depth = braceDepth(tokens);
  const last = tokens.at(-1)?.image;
  if (last === undefined || last === ';') return depth <= 0;
  // Only a module ends with a brace.
  const isModule = splitStatements(file, tokens).statements.at(-1)?.block !== null;
  return last === '}' && depth <= 0 && isModule;
}

function braceDepth(tokens: readonly { readonly image: string }[]): number {
  return tokens.reduce((open, { image }) => {
    if (image === '{') return open + 1;
    return image === '}' ? open - 1 : open;
  }, 0);
}

/** The text with these statements gone, their `;` included; lines and columns of the rest stay. */
export function withoutStatements(file: SourceFile, statements: readonly Span[]): string {
  const ends = lexFile(file).tokens.filter(({ image }) => image === ';');
  return statements.reduce((text, { start, end }) => {
    const semicolon = ends.find((token) => startOf(token) >= end);
    return blank(text, start, semicolon === undefined ? end : endOf(semicolon));
  }, file.text);
}

/** Spaces for everything but line breaks. */
function blank(text: string, start: number, end: number): string {
  return text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, ' ') + text.slice(end);
}
