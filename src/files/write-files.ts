/** Writes results to disk; what the system refuses comes back as a diagnostic. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { systemReason } from './system-reason.js';

/** Writes one file; its folder is made if need be. */
export function writeFile(path: string, text: string): readonly Diagnostic[] {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
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

/** Writes a run's results into a folder, one file a relation. */
export function writeFolder(
  folder: string,
  files: readonly { readonly name: string; readonly text: string }[],
): readonly Diagnostic[] {
  return files.flatMap(({ name, text }) => writeFile(join(folder, name), text));
}
