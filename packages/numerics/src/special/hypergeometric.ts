import { logBeta } from './gamma-function.ts'
import { logIntegral } from './log-integral.ts'

/**
 * log ₂F₁(a, b; c; z), Gauss's hypergeometric function, for positive parameters and z in [0, 1).
 *
 * The power series has positive terms only, so it is exact whenever it is short. Where it is long (z near 1, or large
 * a and b) Euler's integral is taken instead, by a rule that converges geometrically; it needs c > b or c > a, and
 * without that the long series is summed after all.
 *
 * @param a > 0
 * @param b > 0
 * @param c > 0
 * @param z in [0, 1)
 * @returns ≥ 0; NaN outside of the domain; absolute error of the logarithm below 1e-12
 *
 * Source: Abramowitz & Stegun 15.1.1, 15.3.1.
 *
 * @example
 * logHypergeometric(1, 1, 2, 0.5) // 0.32663425997828094, log(2 log 2)
 */
export function logHypergeometric(a: number, b: number, c: number, z: number): number {
  if (!(a > 0 && b > 0 && c > 0 && z >= 0 && z < 1)) return Number.NaN
  if (z === 0) return 0
  const shortSeries = series(a, b, c, z, 600)
  if (shortSeries !== undefined) return shortSeries
  if (c > b && (c <= a || b <= a)) return eulerIntegral(a, b, c, z)
  if (c > a) return eulerIntegral(b, a, c, z)
  return series(a, b, c, z, Infinity)!
}

function series(a: number, b: number, c: number, z: number, termsMax: number): number | undefined {
  let term = 1
  let sum = 1
  let scale = 0
  for (let k = 0; k < termsMax; k += 1) {
    const ratio = (((a + k) / (c + k)) * ((b + k) * z)) / (k + 1)
    term *= ratio
    sum += term
    // The ratio of terms tends to z; what is left is below a geometric series of the larger of the two.
    const bound = Math.max(ratio, z)
    if (bound < 1 && term * bound < 1e-17 * sum * (1 - bound)) return scale + Math.log(sum)
    if (sum > 1e250) {
      scale += Math.log(sum)
      term /= sum
      sum = 1
    }
  }
  return undefined
}

/** ∫ t^(b−1) (1 − t)^(c−b−1) (1 − z t)^(−a) dt / B(b, c − b), over the logit of t. */
function eulerIntegral(a: number, b: number, c: number, z: number): number {
  const rest = c - b
  const logitForm = (y: number): number => {
    // log(1 − t) is exact on both sides; 1 − z t = (1 − t) + (1 − z) t never cancels.
    const logShare = y < 0 ? y - Math.log1p(Math.exp(y)) : -Math.log1p(Math.exp(-y))
    const logRest = logShare - y
    const inner = Math.exp(logRest) + (1 - z) * Math.exp(logShare)
    return b * logShare + rest * logRest - a * Math.log(inner)
  }
  // A mode by golden section is not needed: a coarse walk over the logit finds it to a step.
  const mode = climb(logitForm)
  const curvature = -(logitForm(mode + 0.01) - 2 * logitForm(mode) + logitForm(mode - 0.01)) / 1e-4
  const width = 1 / Math.sqrt(Math.max(curvature, 0.05))
  return logIntegral(logitForm, mode, width) - logBeta(b, rest)
}

/** The mode of a function with one mode, by steps that double while they climb and halve when they do not. */
export function climb(f: (y: number) => number): number {
  let at = 0
  let height = f(0)
  let step = 1
  while (Math.abs(step) > 1e-4) {
    const next = f(at + step)
    if (next > height) {
      at += step
      height = next
      step *= 2
    } else {
      const back = f(at - step)
      if (back > height) {
        at -= step
        height = back
        step *= -2
      } else step /= 4
    }
  }
  return at
}
