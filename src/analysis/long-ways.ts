/**
 * Of a long way its two ends. In a deep program the way to each observable goes on from the way to
 * another one, so documents that told all of every way would grow with the square of the depth.
 */

/** Stations of which a way is told whole. */
const mostStations = 32;

/** The stations to tell, and of those left out in the middle the ones that are to be kept. */
export function endsOf<T>(
  way: readonly T[],
  isKept: (station: T) => boolean = () => false,
): readonly T[] {
  if (way.length <= mostStations) return way;
  const half = mostStations / 2;
  return way.filter((one, i) => i < half || i >= way.length - half || isKept(one));
}

/** The same for names, with how many are missing where they are. */
export function endNames(names: readonly string[]): readonly string[] {
  const rest = names.length - mostStations;
  const half = mostStations / 2;
  return rest <= 0 ? names : [...names.slice(0, half), `(${rest} more)`, ...names.slice(-half)];
}
