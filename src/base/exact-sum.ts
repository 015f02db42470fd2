/**
 * The exact sum of numbers, rounded once, so that no order of addition shows.
 *
 * A double is an integer multiple of 2^-1074. The sum is kept as that integer, a BigInt of at most
 * about 2100 bits, and converted back at the end: the leading 64 bits with a sticky bit for the
 * rest round to 53 bits as the whole would (ties to even). Shewchuk's expansions (Adaptive
 * Precision Floating-Point Arithmetic, 1997, section 2) do the same with doubles alone, but
 * overflow where a partial sum does and the total does not.
 */
const EXPONENT = 1074;
const bits = new DataView(new ArrayBuffer(8));

/** A finite double as a multiple of 2^-1074. */
function scaled(value: number): bigint {
  bits.setFloat64(0, value);
  const word = bits.getBigUint64(0);
  const exponent = Number((word >> 52n) & 0x7ffn);
  const fraction = word & 0xfffffffffffffn;
  const magnitude =
    exponent === 0 ? fraction : (fraction | 0x10000000000000n) << BigInt(exponent - 1);
  return word >> 63n === 1n ? -magnitude : magnitude;
}

/** The double nearest to `sum` · 2^-1074; an infinity beyond the greatest. */
function unscaled(sum: bigint): number {
  const negative = sum < 0n;
  const magnitude = negative ? -sum : sum;
  const excess = Math.max(0, magnitude.toString(16).length * 4 - 64);
  const shift = BigInt(excess);
  const leading = magnitude >> shift;
  const sticky = leading << shift === magnitude ? 0n : 1n;
  const rounded = Number(leading | sticky) * 2 ** (excess - EXPONENT);
  return negative ? -rounded : rounded;
}

/** The sum of doubles as IEEE 754 would give it with unbounded precision and one rounding at the end. */
export function sumFloats(values: Iterable<number>): number {
  let finite = 0n;
  let special = 0;
  for (const value of values) {
    if (Number.isFinite(value)) finite += scaled(value);
    else special += value;
  }
  return special === 0 ? unscaled(finite) : special;
}

/** The exact sum of ints. */
export function sumInts(values: Iterable<number>): bigint {
  let total = 0n;
  let small = 0;
  for (const value of values) {
    const next = small + value;
    if (Number.isSafeInteger(next)) small = next;
    else {
      total += BigInt(small) + BigInt(value);
      small = 0;
    }
  }
  return total + BigInt(small);
}

/**
 * The mean of finitely many doubles as the exact quotient, rounded once (ties to even).
 * `values` is not empty.
 */
export function meanOf(values: readonly number[]): number {
  const special = values.filter((value) => !Number.isFinite(value));
  if (special.length > 0) return special.reduce((a, b) => a + b);
  const sum = values.reduce((total, value) => total + scaled(value), 0n);
  const mean = roundedQuotient(sum < 0n ? -sum : sum, BigInt(values.length));
  return sum < 0n ? -mean : mean;
}

/** The double nearest to `sum / count` · 2^-1074. */
function roundedQuotient(sum: bigint, count: bigint): number {
  const whole = sum / count;
  if (whole < 1n << 53n) {
    // As fine as doubles get: what is left is one step of the last place, up or not.
    const twice = (sum % count) * 2n;
    const up = twice > count || (twice === count && (whole & 1n) === 1n);
    return Number(whole + (up ? 1n : 0n)) * Number.MIN_VALUE;
  }
  // 64 bits more than the quotient's own, so that the sticky bit lies below the one that rounds.
  const fine = (sum << 64n) / count;
  const excess = fine.toString(16).length * 4 - 64;
  const leading = fine >> BigInt(excess);
  const sticky = (leading << BigInt(excess)) * count === sum << 64n ? 0n : 1n;
  const significand = Number(leading | sticky);
  // In the order in which neither product leaves the range before its time.
  return excess > 1000
    ? significand * 2 ** (excess - 64 - EXPONENT)
    : (significand / 2 ** 64) * 2 ** (excess - EXPONENT);
}
