/**
 * How the tests run: every `*.test.ts` below test/, each file in a process of its own, as many
 * at a time as the machine has cores. `npm run nightly` sets TRELLIS_NIGHTLY=1, which raises the
 * number of random cases, and with it the time that a single test may take.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { ClosingLineReporter } from './support/closing-line-reporter.js';

const nightly = process.env['TRELLIS_NIGHTLY'] === '1';
const timeoutMs = nightly ? 3_600_000 : 30_000;

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: '100%',
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    reporters: ['default', new ClosingLineReporter()],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'grammar/**/*.ts'],
      reporter: ['text', 'html'],
    },
  },
});
