/** Ascending lists of small numbers: what the checker of all schedules has instead of sets and bags. */

/** Without it numbers are sorted by their digits. */
export function ascending(a: number, b: number): number {
  return a - b;
}

/** Of ascending numbers, each once. */
export function union(all: readonly number[], more: readonly number[]): readonly number[] {
  if (more.every((number) => all.includes(number))) return all;
  return [...new Set([...all, ...more])].sort(ascending);
}

export function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((number, i) => number === b[i]));
}

/** The first, less one of each that the second has. */
export function without(all: readonly number[], taken: readonly number[]): readonly number[] {
  if (taken.length === 0) return all;
  const left = [...all];
  for (const number of taken) {
    const place = left.indexOf(number);
    if (place >= 0) left.splice(place, 1);
  }
  return left;
}
