/**
 * Which rule a line of generated code comes from, as a source map, version 3 (ECMA-426): a segment a
 * line, at its beginning. Debuggers and whoever reads a stack trace find the rule by it.
 */
import { encode } from '@jridgewell/sourcemap-codec';
import { positionAt, type SourceFile, type Span } from '../base/span.js';

/** A source map as JSON has it. */
export interface SourceMap {
  readonly version: 3;
  readonly file: string;
  readonly sources: readonly string[];
  readonly sourcesContent: readonly string[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/** `origins`: for each line of the generated text the rule that it was made for, if any. */
export function makeSourceMap(file: string, origins: readonly (Span | null)[]): SourceMap {
  const files = new Map<SourceFile, number>();
  const lines = origins.map((span): [number, number, number, number][] => {
    if (span === null) return [];
    const source = files.get(span.file) ?? files.size;
    files.set(span.file, source);
    const { line, column } = positionAt(span.file, span.start);
    return [[0, source, line - 1, column - 1]];
  });
  return {
    version: 3,
    file,
    sources: [...files.keys()].map(({ path }) => path),
    sourcesContent: [...files.keys()].map(({ text }) => text),
    names: [],
    mappings: encode(lines),
  };
}
