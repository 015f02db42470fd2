/** Writes results to disk; what the system refuses comes back as a diagnostic. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { systemReason } from './system-reason.js';

/** Writes one file, whole or piece by piece; its folder is made if need be. */
export function writeFile(
  path: string,
  text: string | Iterable<string | Uint8Array>,
): readonly Diagnostic[] {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(path, 'w');
    try {
      for (const piece of typeof text === 'string' ? [text] : text) writeAll(file, piece);
    } finally {
      closeSync(file);
    }
    return [];
  } catch (error) {
    return [
      {
        code: 'TRL1013',
        severity: 'error',
        message: `cannot write ${path}: ${systemReason(error)}`,
        help: 'choose a place that can be written',
      },
    ];
  }
}

function writeAll(file: number, text: string | Uint8Array): void {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

/** Writes a run's results into a folder, one file a relation. */
export function writeFolder(
  folder: string,
  files: readonly { readonly name: string; readonly text: Iterable<string | Uint8Array> }[],
): readonly Diagnostic[] {
  return files.flatMap(({ name, text }) => writeFile(join(folder, name), text));
}
