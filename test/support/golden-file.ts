/** Expected texts that a reviewer reads; `TRELLIS_UPDATE=1` rewrites them, also where they are missing. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'vitest';

/** Whether this run rewrites golden files instead of comparing with them. */
const isUpdating = process.env['TRELLIS_UPDATE'] === '1';

/** Compares `actual` with the file, or writes it there. */
export function matchGolden(path: string, actual: string): void {
  if (isUpdating) {
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path) || readFileSync(path, 'utf8') !== actual) writeFileSync(path, actual);
    return;
  }
  expect(
    existsSync(path),
    `${path} is missing: run the test with TRELLIS_UPDATE=1 and review it`,
  ).toBe(true);
  expect(actual).toBe(readFileSync(path, 'utf8'));
}
