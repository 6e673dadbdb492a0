import { normalQuantile, RapportError } from '@rapport/numerics'

/** A range that holds the true value with a stated confidence. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/**
 * The Wilson score interval of a share: right also for few rows and for shares near 0 and 1, where the plain
 * share ± 1.96 standard errors is not.
 *
 * @param successes 0 … n
 * @param n ≥ 0; with 0 the interval is all of [0, 1]
 * @param confidence in (0, 1), default 0.95
 * @throws RapportError `wilson.counts`, `wilson.confidence`
 *
 * Source: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.
 *
 * @example
 * wilsonInterval(0, 10) // { low: 0, high: 0.2775… }
 */
export function wilsonInterval(successes: number, n: number, confidence = 0.95): Interval {
  if (!(n >= 0 && n < Infinity && successes >= 0 && successes <= n)) {
    throw new RapportError('wilson.counts', `successes must be between 0 and n, got ${successes} of ${n}`)
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new RapportError('wilson.confidence', `confidence must be between 0 and 1, got ${confidence}`)
  }
  if (n === 0) return { low: 0, high: 1 }
  const z = normalQuantile((1 + confidence) / 2)
  const share = successes / n
  const centre = share + (z * z) / (2 * n)
  const half = z * Math.sqrt((share * (1 - share)) / n + (z / (2 * n)) ** 2)
  const scale = 1 + (z * z) / n
  // At the ends one limit is the end itself; rounding must not miss it.
  return {
    low: successes === 0 ? 0 : Math.max((centre - half) / scale, 0),
    high: successes === n ? 1 : Math.min((centre + half) / scale, 1),
  }
}
