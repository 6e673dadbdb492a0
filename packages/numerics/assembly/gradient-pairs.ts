import { exponential } from './exponential'

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
