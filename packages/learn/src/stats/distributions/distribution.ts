import {
  betaQuantile,
  gammaQuantile,
  normalCdf,
  normalQuantile,
  RapportError,
  regularisedBeta,
  regularisedGamma,
  regularisedGammaUpper,
  studentTCdf,
  studentTQuantile,
} from '@rapport/numerics'
import { smallestCount, whereTailIs } from './quantile-search.ts'

/** A distribution by name and parameters. Plain data. */
export type Distribution =
  /** @param spread standard deviation > 0 */
  | { readonly kind: 'normal'; readonly mean: number; readonly spread: number }
  /** @param freedom > 0, whole or not */
  | { readonly kind: 'student-t'; readonly freedom: number }
  | { readonly kind: 'chi-squared'; readonly freedom: number }
  | { readonly kind: 'f'; readonly freedom: number; readonly freedomBelow: number }
  | { readonly kind: 'beta'; readonly a: number; readonly b: number }
  /** Mean shape × scale; shape 1 is the exponential distribution. */
  | { readonly kind: 'gamma'; readonly shape: number; readonly scale: number }
  /** Successes among so many trials. */
  | { readonly kind: 'binomial'; readonly trials: number; readonly chance: number }
  | { readonly kind: 'poisson'; readonly mean: number }

/**
 * The share of a distribution at or below a value.
 *
 * @returns 0 … 1; exact to about twelve digits also where it is tiny, so ask for `distributionTail` for the other side
 * @throws RapportError `distribution.parameters`, `distribution.value` when `value` is NaN
 *
 * @example
 * distributionCdf({ kind: 'chi-squared', freedom: 1 }, 3.841458820694124) // 0.95
 */
export function distributionCdf(distribution: Distribution, value: number): number {
  checkValue(value)
  return shareOf(checked(distribution), value, false)
}

/**
 * The share of a distribution above a value, exact to about twelve digits however small it is.
 *
 * @throws RapportError `distribution.parameters`, `distribution.value`
 *
 * @example
 * distributionTail({ kind: 'normal', mean: 0, spread: 1 }, 20) // 2.7536241186062337e-89
 */
export function distributionTail(distribution: Distribution, value: number): number {
  checkValue(value)
  return shareOf(checked(distribution), value, true)
}

/**
 * The smallest value that a share `p` of a distribution is at or below.
 *
 * @param p 0 … 1
 * @throws RapportError `distribution.parameters`, `distribution.share`
 *
 * @example
 * distributionQuantile({ kind: 'binomial', trials: 10, chance: 0.5 }, 0.5) // 5
 */
export function distributionQuantile(distribution: Distribution, p: number): number {
  checkShare(p)
  return quantile(checked(distribution), p)
}

/**
 * The smallest value that no more than a share `p` of a distribution is above: the critical value of a test, also for shares so
 * small that 1 − p is 1.
 *
 * @param p 0 … 1
 * @throws RapportError `distribution.parameters`, `distribution.share`
 *
 * @example
 * distributionTailQuantile({ kind: 'f', freedom: 3, freedomBelow: 20 }, 1e-20) // 223.3…
 */
export function distributionTailQuantile(distribution: Distribution, p: number): number {
  checkShare(p)
  const held = checked(distribution)
  switch (held.kind) {
    case 'normal':
      return held.mean - held.spread * normalQuantile(p)
    case 'student-t':
      return -studentTQuantile(p, held.freedom)
    case 'beta':
      return 1 - betaQuantile(p, held.b, held.a)
    case 'binomial':
      return smallestCount((count) => shareOf(held, count, true) <= p, held.trials)
    case 'poisson':
      return p === 0 ? Infinity : smallestCount((count) => shareOf(held, count, true) <= p)
    default:
      // Above one half the quantile itself is as exact, and the search below would have no digits to go by.
      return p > 0.5 ? quantile(held, 1 - p) : whereTailIs(p, (value) => shareOf(held, value, true))
  }
}

/** The share at or below `value`, or with `above` the share above it. */
function shareOf(held: Distribution, value: number, above: boolean): number {
  switch (held.kind) {
    case 'normal': {
      const score = (value - held.mean) / held.spread
      return normalCdf(above ? -score : score)
    }
    case 'student-t':
      return studentTCdf(above ? -value : value, held.freedom)
    case 'chi-squared':
      return gammaShare(held.freedom / 2, value / 2, above)
    case 'gamma':
      return gammaShare(held.shape, value / held.scale, above)
    case 'f': {
      const ratio = (held.freedom / held.freedomBelow) * Math.max(value, 0)
      return betaShare(
        ratio === Infinity ? 1 : ratio / (1 + ratio),
        1 / (1 + ratio),
        held.freedom / 2,
        held.freedomBelow / 2,
        above,
      )
    }
    case 'beta': {
      const share = Math.min(1, Math.max(0, value))
      return betaShare(share, 1 - share, held.a, held.b, above)
    }
    case 'binomial': {
      const count = Math.floor(value)
      if (count < 0 || count >= held.trials) return Number(count < 0 === above)
      // More than `count` successes: the (count + 1)-th of so many uniform numbers lies below `chance`.
      return betaShare(held.chance, 1 - held.chance, count + 1, held.trials - count, !above)
    }
    case 'poisson': {
      const count = Math.floor(value)
      if (count < 0) return Number(above)
      return count === Infinity ? Number(!above) : gammaShare(count + 1, held.mean, !above)
    }
  }
}

function gammaShare(shape: number, value: number, above: boolean): number {
  if (value <= 0) return Number(above)
  return above ? regularisedGammaUpper(shape, value) : regularisedGamma(shape, value)
}

function betaShare(share: number, rest: number, a: number, b: number, above: boolean): number {
  return above ? regularisedBeta(rest, b, a, share) : regularisedBeta(share, a, b, rest)
}

function quantile(held: Distribution, p: number): number {
  switch (held.kind) {
    case 'normal':
      return held.mean + held.spread * normalQuantile(p)
    case 'student-t':
      return studentTQuantile(p, held.freedom)
    case 'chi-squared':
      return 2 * gammaQuantile(p, held.freedom / 2)
    case 'gamma':
      return held.scale * gammaQuantile(p, held.shape)
    case 'beta':
      return betaQuantile(p, held.a, held.b)
    case 'f': {
      // 1 − share loses its digits beside 1, so there the other side's quantile is taken.
      const [a, b] = [held.freedom / 2, held.freedomBelow / 2]
      const share = betaQuantile(p, a, b)
      const rest = share < 0.5 ? 1 - share : betaQuantile(1 - p, b, a)
      return ((share < 0.5 ? share : 1 - rest) / rest) * (held.freedomBelow / held.freedom)
    }
    case 'binomial':
      return smallestCount((count) => shareOf(held, count, false) >= p, held.trials)
    case 'poisson':
      return p === 1 ? Infinity : smallestCount((count) => shareOf(held, count, false) >= p)
  }
}

function checked(held: Distribution): Distribution {
  const { kind, ...parameters } = held
  const isPositive = (value: number): boolean => value > 0 && value < Infinity
  const wrong = Object.entries(parameters).find(([name, value]) => {
    if (kind === 'normal' && name === 'mean') return !Number.isFinite(value)
    if (kind === 'student-t') return !(value > 0)
    if (name === 'trials') return !Number.isInteger(value) || value < 0
    if (name === 'chance') return !(value >= 0 && value <= 1)
    return !isPositive(value)
  })
  if (wrong === undefined) return held
  throw new RapportError(
    'distribution.parameters',
    `${wrong[0]} of a ${kind} distribution is out of range, got ${wrong[1]}`,
  )
}

function checkValue(value: number): void {
  if (Number.isNaN(value)) throw new RapportError('distribution.value', 'value must be a number, got NaN')
}

function checkShare(p: number): void {
  if (!(p >= 0 && p <= 1)) throw new RapportError('distribution.share', `p must be 0 … 1, got ${p}`)
}
