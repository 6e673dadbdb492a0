/**
 * log Σ exp(value), without overflow.
 *
 * @param values any logarithms; −∞ stands for 0
 * @returns −∞ when there are none
 *
 * @example
 * logSumExp(Float64Array.of(-1000, -1000)) // -999.3068528194401
 */
export function logSumExp(values: ArrayLike<number>): number {
  let largest = -Infinity
  for (let at = 0; at < values.length; at += 1) {
    if (Number.isNaN(values[at]!)) return Number.NaN
    largest = Math.max(largest, values[at]!)
  }
  if (!Number.isFinite(largest)) return largest
  let sum = 0
  for (let at = 0; at < values.length; at += 1) sum += Math.exp(values[at]! - largest)
  return largest + Math.log(sum)
}

/**
 * log(exp(a) + exp(b)), without overflow.
 *
 * @example
 * logAddExp(0, 0) // 0.6931471805599453
 */
export function logAddExp(a: number, b: number): number {
  const larger = Math.max(a, b)
  if (!Number.isFinite(larger)) return larger
  return larger + Math.log1p(Math.exp(-Math.abs(a - b)))
}

/**
 * log(1 − exp(x)) for x ≤ 0: the logarithm of a probability's complement.
 *
 * @param x ≤ 0
 * @returns −∞ at 0, NaN for x > 0
 *
 * Source: Mächler, "Accurately computing log(1 − exp(−|a|))", 2012.
 *
 * @example
 * log1mExp(-1e-20) // -46.051701859880914
 */
export function log1mExp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x))
}
