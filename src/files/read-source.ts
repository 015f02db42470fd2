/** Reads text files; a file that is missing, a folder, or not text is a diagnostic, never an exception. */
import { readFileSync } from 'node:fs';
import type { SourceFile } from '../base/span.js';
import type { Checked } from '../diagnostics/diagnostic.js';
import { systemReason } from './system-reason.js';

/** The file's text, or null with a diagnostic that says what the system said. A byte-order mark is dropped. */
export function readSource(path: string): Checked<SourceFile | null> {
  return readText(path, path);
}

/** The same for all of standard input. */
export function readStandardInput(): Checked<SourceFile | null> {
  return readText('standard input', 0);
}

function readText(path: string, file: string | number): Checked<SourceFile | null> {
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch (error) {
    return failed(`cannot read ${path}: ${systemReason(error)}`, 'check the path');
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    return { value: { path, text }, diagnostics: [] };
  } catch {
    return failed(
      `${path} is not a text file: it does not hold UTF-8`,
      'name a text file, or save it as UTF-8',
    );
  }
}

function failed(message: string, help: string): Checked<null> {
  return { value: null, diagnostics: [{ code: 'TRL1001', severity: 'error', message, help }] };
}
