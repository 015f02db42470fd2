/**
 * A headless browser for tests of pages. Where none is installed, such tests are skipped and say so:
 * no user needs one. `TRELLIS_CHROMIUM` names another executable.
 */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Null where there is none. */
export const chromiumPath =
  [process.env['TRELLIS_CHROMIUM'] ?? '', ...places].find((path) => existsSync(path)) ?? null;

if (chromiumPath === null)
  console.log('no Chromium here: tests of pages are skipped (install it, or set TRELLIS_CHROMIUM)');

export function launchChromium(): Promise<Browser> {
  if (chromiumPath === null) throw new Error('launched only where there is one');
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
