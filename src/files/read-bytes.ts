/**
 * A file of facts as bytes, with a line feed behind its end so that a reader need not look for the
 * end at every byte. Facts stay bytes: most of a large file is digits and repeated strings, for
 * which no JavaScript string ever need be made.
 */
import { isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { Checked } from '../diagnostics/diagnostic.js';
import { systemReason } from './system-reason.js';

export interface FactFile {
  /** As the user named it. */
  readonly path: string;
  /** UTF-8, and one line feed more. */
  readonly bytes: Buffer;
  /** Where the text begins: behind a byte-order mark. */
  readonly start: number;
  /** Where the text ends: at the additional line feed. */
  readonly end: number;
}

/** `-` is standard input. Null with a diagnostic if the file cannot be read or is no text. */
export function readBytes(path: string): Checked<FactFile | null> {
  const shown = path === '-' ? 'standard input' : path;
  let bytes: Buffer;
  try {
    bytes = path === '-' ? withLineFeed(readFileSync(0)) : readWhole(path);
  } catch (error) {
    return failed(`cannot read ${shown}: ${systemReason(error)}`, 'check the path');
  }
  if (!isUtf8(bytes))
    return failed(
      `${shown} is not a text file: it does not hold UTF-8`,
      'name a text file, or save it as UTF-8',
    );
  return { value: factFile(shown, bytes), diagnostics: [] };
}

/** Text that is already in memory, as a file. */
export function factFileOf(path: string, text: string): FactFile {
  return factFile(path, withLineFeed(Buffer.from(text)));
}

/** The text of a file, for formats that are read as text. */
export function textOf({ bytes, start, end }: FactFile): string {
  return bytes.toString('utf8', start, end);
}

function factFile(path: string, bytes: Buffer): FactFile {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return { path, bytes, start: hasMark ? 3 : 0, end: bytes.length - 1 };
}

function readWhole(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const stat = fstatSync(file);
    // What has no size beforehand, such as a pipe, is read until it ends.
    if (!stat.isFile()) return withLineFeed(readFileSync(file));
    const bytes = Buffer.allocUnsafe(stat.size + 1);
    let end = 0;
    while (end < stat.size) {
      const read = readSync(file, bytes, end, Math.min(stat.size - end, 2 ** 30), null);
      if (read === 0) break;
      end += read;
    }
    bytes[end] = 10;
    return bytes.subarray(0, end + 1);
  } finally {
    closeSync(file);
  }
}

function withLineFeed(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.of(10)]);
}

function failed(message: string, help: string): Checked<null> {
  return { value: null, diagnostics: [{ code: 'TRL1001', severity: 'error', message, help }] };
}
