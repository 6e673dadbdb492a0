/** Σ (−1)ᵏ (ζ(k) − 1) / k for k = 2 … 30: the Taylor series of log Γ(2 + z) after its linear term. */
const zetaSeries = [
  0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986, 0.0028905103307415234,
  -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939, 9.945751278180853e-5, -4.492623673813314e-5,
  2.050721277567069e-5, -9.439488275268397e-6, 4.374866789907488e-6, -2.039215753801366e-6, 9.55141213040742e-7,
  -4.492469198764566e-7, 2.1207184805554665e-7, -1.0043224823968099e-7, 4.7698101693639804e-8, -2.2711094608943164e-8,
  1.0838659214896955e-8, -5.183475041970047e-9, 2.4836745438024785e-9, -1.1921401405860912e-9, 5.731367241678862e-10,
  -2.7595228851242334e-10, 1.330476437424449e-10, -6.4229645638381e-11, 3.1044247747322276e-11,
]
const oneMinusEuler = 0.42278433509846713
const halfLogTwoPi = 0.9189385332046728

/** log Γ(2 + z) for |z| ≤ ½; its leading term is z, so nothing is lost where log Γ is 0. */
function logGammaNearTwo(z: number): number {
  let sum = 0
  for (let k = zetaSeries.length - 1; k >= 0; k -= 1) sum = sum * z + zetaSeries[k]!
  return z * (oneMinusEuler + z * sum)
}

/** Stirling's series for x ≥ 10, without its elementary part. */
function stirlingSeries(x: number): number {
  const y = 1 / (x * x)
  const tail = 0.0008417508417508417 + y * (-0.0019175269175269176 + y * (0.00641025641025641 - y * 0.02955))
  const head = 0.0007936507936507937 + y * (-0.0005952380952380953 + y * tail)
  return (0.08333333333333333 + y * (-0.002777777777777778 + y * head)) / x
}

/**
 * log Γ(x), the logarithm of the gamma function.
 *
 * A Taylor series around 2 with the recurrence below 10, Stirling's series from there on. Relative error below 4e-15,
 * also beside its zeros at 1 and 2.
 *
 * @param x > 0
 * @returns NaN for x ≤ 0 or NaN, which is outside of what this project's models need
 *
 * Source: Abramowitz & Stegun 6.1.33, 6.1.41.
 *
 * @example
 * logGamma(5) // 3.1780538303479458, log 24
 */
export function logGamma(x: number): number {
  if (!(x > 0)) return Number.NaN
  if (x >= 10) return (x - 0.5) * Math.log(x) - x + halfLogTwoPi + stirlingSeries(x)
  if (x < 0.5) return logGamma(x + 1) - Math.log(x)
  if (x < 1.5) return logGammaNearTwo(x - 1) - Math.log(x)
  let product = 1
  let lowered = x
  while (lowered > 2.5) {
    lowered -= 1
    product *= lowered
  }
  return Math.log(product) + logGammaNearTwo(lowered - 2)
}

/**
 * What Stirling's formula leaves out: log Γ(x) − ((x − ½) log x − x + ½ log 2π).
 *
 * Densities of large counts are computed from it, because differences of log Γ would lose their digits.
 *
 * @param x > 0
 * @returns about 1 / (12 x), always positive
 */
export function stirlingError(x: number): number {
  if (x >= 10) return stirlingSeries(x)
  return logGamma(x) - ((x - 0.5) * Math.log(x) - x + halfLogTwoPi)
}

/**
 * log B(a, b), the logarithm of the beta function.
 *
 * @param a > 0
 * @param b > 0
 * @returns NaN outside of the domain; relative error below 1e-13 unless the value itself is near 0
 *
 * @example
 * logBeta(2, 3) // -2.4849066497880004, −log 12
 */
export function logBeta(a: number, b: number): number {
  const small = Math.min(a, b)
  const large = Math.max(a, b)
  if (!(small > 0)) return Number.NaN
  if (large < 10) return logGamma(small) + (logGamma(large) - logGamma(small + large))
  const sum = small + large
  // log Γ(large) − log Γ(sum) from Stirling's formula, so that equal leading terms never meet.
  const ratio = stirlingSeries(large) - stirlingSeries(sum) - (large - 0.5) * Math.log1p(small / large)
  if (small < 10) return logGamma(small) + (ratio - small * Math.log(sum) + small)
  const stirling = stirlingSeries(small) + halfLogTwoPi - 0.5 * Math.log(small)
  return stirling + ratio + small * Math.log(small / sum)
}

/**
 * ψ(x), the derivative of log Γ.
 *
 * @param x > 0
 * @returns NaN for x ≤ 0; absolute error below 2e-15 × max(1, |ψ(x)|), so fewer correct digits beside its zero, 1.4616
 *
 * Source: Abramowitz & Stegun 6.3.5, 6.3.18.
 *
 * @example
 * digamma(1) // -0.5772156649015329, minus Euler's constant
 */
export function digamma(x: number): number {
  if (!(x > 0)) return Number.NaN
  let shift = 0
  let raised = x
  while (raised < 10) {
    shift += 1 / raised
    raised += 1
  }
  const y = 1 / (raised * raised)
  const tail = y * (1 / 240 - y * (1 / 132 - y * (691 / 32760 - y * (1 / 12))))
  return Math.log(raised) - 0.5 / raised - y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - tail))) - shift
}

/**
 * ψ′(x), the second derivative of log Γ.
 *
 * @param x > 0
 * @returns NaN for x ≤ 0; relative error below 2e-15
 *
 * Source: Abramowitz & Stegun 6.4.6, 6.4.12.
 *
 * @example
 * trigamma(1) // 1.6449340668482264, π² / 6
 */
export function trigamma(x: number): number {
  if (!(x > 0)) return Number.NaN
  let shift = 0
  let raised = x
  while (raised < 10) {
    shift += 1 / (raised * raised)
    raised += 1
  }
  const y = 1 / (raised * raised)
  const tail = y * (1 / 30 - y * (5 / 66 - y * (691 / 2730 - y * (7 / 6))))
  const series = 1 / 6 - y * (1 / 30 - y * (1 / 42 - tail))
  return shift + (1 + 0.5 / raised + y * series) / raised
}
