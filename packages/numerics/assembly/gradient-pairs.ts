// Equal, to the bit, in `wasm/gradient-pairs.ts`.
const log2OfE: f64 = 1.4426950408889634
const ln2High: f64 = 6.9314718036912381649e-1
const ln2Low: f64 = 1.90821492927058770002e-10

/**
 * First and second derivative of the logistic loss for rows `from … to − 1`, side by side in single precision.
 *
 * `margins`, `labels` (0 or 1) and `weights` are in double precision; `weights` 0 means that all are 1. Rows go two at
 * a time: `from` is even and, where `to` is odd, the arrays hold one more number, whatever it is.
 *
 * Twin: `wasm/gradient-pairs.ts`, bit-equal.
 */
export function gradientPairs(margins: usize, labels: usize, weights: usize, pairs: usize, from: i32, to: i32): void {
  const one = f64x2.splat(1)
  for (let row: usize = from; row < <usize>to; row += 2) {
    const at = row << 3
    const label = v128.load(labels + at)
    const odds = exponential(f64x2.neg(v128.load(margins + at)))
    const total = f64x2.add(one, odds)
    let gradient = f64x2.div(f64x2.sub(f64x2.sub(one, label), f64x2.mul(label, odds)), total)
    let hessian = f64x2.div(odds, f64x2.mul(total, total))
    if (weights) {
      const weight = v128.load(weights + at)
      gradient = f64x2.mul(weight, gradient)
      hessian = f64x2.mul(weight, hessian)
    }
    const gradients = f32x4.demote_f64x2_zero(gradient)
    const hessians = f32x4.demote_f64x2_zero(hessian)
    v128.store(pairs + at, v128.shuffle<f32>(gradients, hessians, 0, 4, 1, 5))
  }
}

// exp by x = k·ln 2 + r, |r| ≤ ln 2 / 2, and the series of exp(r) to the 13th power: within 1 unit in the last place.
function exponential(power: v128): v128 {
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

function next(sum: v128, r: v128, coefficient: f64): v128 {
  return f64x2.add(f64x2.mul(sum, r), f64x2.splat(coefficient))
}
