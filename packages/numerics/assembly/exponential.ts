// Equal, to the bit, in `wasm/exponential.ts`.
const log2OfE: f64 = 1.4426950408889634
const ln2High: f64 = 6.9314718036912381649e-1
const ln2Low: f64 = 1.90821492927058770002e-10

/**
 * exp of two powers, each cut to ±700, by x = k·ln 2 + r, |r| ≤ ln 2 / 2, and the series of exp(r) to the 13th power:
 * within 1 unit in the last place.
 */
export function exponential(power: v128): v128 {
  const x = f64x2.max(f64x2.splat(-700), f64x2.min(f64x2.splat(700), power))
  const k = f64x2.nearest(f64x2.mul(x, f64x2.splat(log2OfE)))
  const high = f64x2.sub(x, f64x2.mul(k, f64x2.splat(ln2High)))
  const r = f64x2.sub(high, f64x2.mul(k, f64x2.splat(ln2Low)))
  let sum = f64x2.splat(1 / 6227020800.0)
  sum = next(sum, r, 1 / 479001600.0)
  sum = next(sum, r, 1 / 39916800.0)
  sum = next(sum, r, 1 / 3628800.0)
  sum = next(sum, r, 1 / 362880.0)
  sum = next(sum, r, 1 / 40320.0)
  sum = next(sum, r, 1 / 5040.0)
  sum = next(sum, r, 1 / 720.0)
  sum = next(sum, r, 1 / 120.0)
  sum = next(sum, r, 1 / 24.0)
  sum = next(sum, r, 1 / 6.0)
  sum = next(sum, r, 0.5)
  sum = next(sum, r, 1)
  sum = next(sum, r, 1)
  // Adding 2⁵² + 1023 leaves k + 1023 in the low bits; shifted up it is the exponent of 2ᵏ.
  return f64x2.mul(sum, i64x2.shl(f64x2.add(k, f64x2.splat(4503599627371519)), 52))
}

/**
 * log(1 + x) of two numbers in [0, 1], by the series of 2·artanh(x / (2 + x)) to the 31st power: within 2 units in the
 * last place.
 */
export function logOnePlus(x: v128): v128 {
  const z = f64x2.div(x, f64x2.add(x, f64x2.splat(2)))
  const square = f64x2.mul(z, z)
  let sum = f64x2.splat(1 / 31.0)
  sum = next(sum, square, 1 / 29.0)
  sum = next(sum, square, 1 / 27.0)
  sum = next(sum, square, 1 / 25.0)
  sum = next(sum, square, 1 / 23.0)
  sum = next(sum, square, 1 / 21.0)
  sum = next(sum, square, 1 / 19.0)
  sum = next(sum, square, 1 / 17.0)
  sum = next(sum, square, 1 / 15.0)
  sum = next(sum, square, 1 / 13.0)
  sum = next(sum, square, 1 / 11.0)
  sum = next(sum, square, 1 / 9.0)
  sum = next(sum, square, 1 / 7.0)
  sum = next(sum, square, 1 / 5.0)
  sum = next(sum, square, 1 / 3.0)
  sum = next(sum, square, 1)
  return f64x2.mul(f64x2.add(z, z), sum)
}

/** One step of Horner's rule. */
function next(sum: v128, x: v128, coefficient: f64): v128 {
  return f64x2.add(f64x2.mul(sum, x), f64x2.splat(coefficient))
}
