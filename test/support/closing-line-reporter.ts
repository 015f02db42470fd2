/**
 * Ends a test run with one plain line, `N passed, N failed, N skipped`, for readers that look
 * for the outcome at the end of a log. The numbers are those of the run itself. What fails
 * outside a test (a file that cannot be loaded, a hook, an error nobody caught) counts as one
 * failure each, so that the line never says 0 failed of a run that failed.
 */
import type { Reporter, TestModule, TestSuite } from 'vitest/node';

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** Counts the tests of `modules`, and `strayErrors` errors that belong to none of them. */
function tally(modules: readonly TestModule[], strayErrors: number): Tally {
  const counts: Tally = { passed: 0, failed: strayErrors, skipped: 0 };
  for (const module of modules) {
    counts.failed += ownFailures(module);
    for (const suite of module.children.allSuites()) counts.failed += ownFailures(suite);
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      // A test that never came to its end is no success.
      counts[state === 'pending' ? 'failed' : state] += 1;
    }
  }
  return counts;
}

function closingLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** 1 if the file or suite failed by itself, by an error outside its tests. */
function ownFailures(part: TestModule | TestSuite): number {
  return part.errors().length > 0 ? 1 : 0;
}

export class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], strayErrors: readonly unknown[]): void {
    process.stdout.write(`\n${closingLine(tally(modules, strayErrors.length))}\n`);
  }
}
