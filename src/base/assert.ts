/**
 * Assertions about Trellis itself. What a user can cause is a diagnostic; a failing assertion
 * says that a contract between two rooms was broken, and that this is a bug.
 */
export class BugError extends Error {
  constructor(message: string) {
    super(`this is a bug in Trellis: ${message}`);
    this.name = 'BugError';
  }
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new BugError(message);
}

/** The value, which cannot be undefined here; `what` names it in the bug report. */
export function defined<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new BugError(`${what} is missing`);
  return value;
}

/** For the default branch of an exhaustive switch. */
export function unreachable(value: never): never {
  throw new BugError(`unexpected case ${JSON.stringify(value)}`);
}
