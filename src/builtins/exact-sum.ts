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
