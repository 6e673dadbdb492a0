import { betaQuantile, gaussLegendre, logBeta, normalCdf, regularisedBeta } from '@rapport/numerics'

/** What is believed of one action's worth: a distribution, as far as comparing with others needs it. */
export interface Belief {
  readonly mean: number
  readonly spread: number
  /** Values outside of which next to nothing lies. */
  readonly low: number
  readonly high: number
  readonly density: (worth: number) => number
  readonly shareBelow: (worth: number) => number
}

/** Standard deviations from the mean beyond which less than 1e-15 of a normal distribution lies. */
const normalReach = 8

/** @param spread standard deviation > 0 */
export function normalBelief(mean: number, spread: number): Belief {
  const scale = 1 / (spread * Math.sqrt(2 * Math.PI))
  return {
    mean,
    spread,
    low: mean - normalReach * spread,
    high: mean + normalReach * spread,
    density: (worth) => scale * Math.exp(-0.5 * ((worth - mean) / spread) ** 2),
    shareBelow: (worth) => normalCdf((worth - mean) / spread),
  }
}

/** A share believed to be beta distributed. @param a ≥ 1 @param b ≥ 1 */
export function betaBelief(a: number, b: number): Belief {
  const total = a + b
  const scale = logBeta(a, b)
  return {
    mean: a / total,
    spread: Math.sqrt((a * b) / (total + 1)) / total,
    low: betaQuantile(1e-14, a, b),
    high: 1 - betaQuantile(1e-14, b, a),
    density: (share) => Math.exp((a - 1) * Math.log(share) + (b - 1) * Math.log1p(-share) - scale),
    shareBelow: (share) => regularisedBeta(share, a, b),
  }
}

/** Where panels of the integral end, in standard deviations from each mean. */
const panelEnds = [-8, -6, -4.5, -3.2, -2.2, -1.4, -0.7, 0, 0.7, 1.4, 2.2, 3.2, 4.5, 6, 8]
const rule = gaussLegendre(8)

/**
 * The chance of each action to be the best, given independent beliefs: exactly how often Thompson sampling picks it.
 *
 * ∫ f(x) Π F_other(x) dx by Gauss–Legendre on panels between the beliefs' own quantile points. Actions that cannot compete
 * are left out.
 *
 * @param beliefs `[k]`
 * @returns `[k]` adding up to 1; absolute error below 1e-7
 *
 * Cost: O(k²) evaluations of distributions for unlike beliefs, O(k) for alike ones.
 * Source: Agrawal & Goyal, "Analysis of Thompson sampling", COLT 2012, for the definition.
 */
export function bestChances(beliefs: readonly Belief[]): Float64Array {
  const from = Math.max(...beliefs.map(({ low }) => low))
  const until = Math.max(...beliefs.map(({ high }) => high))
  const competing = beliefs.flatMap((belief, at) => (belief.high > from ? [{ ...belief, at }] : []))
  const chances = new Float64Array(beliefs.length)
  const ends = panels(competing, from, until)
  const below = new Float64Array(competing.length)
  for (let panel = 1; panel < ends.length; panel += 1) {
    const start = ends[panel - 1]!
    const width = ends[panel]! - start
    for (let point = 0; point < rule.points.length; point += 1) {
      const worth = start + width * rule.points[point]!
      competing.forEach((belief, place) => {
        below[place] = belief.shareBelow(worth)
      })
      competing.forEach((belief, place) => {
        let othersBelow = 1
        for (let other = 0; other < below.length; other += 1) if (other !== place) othersBelow *= below[other]!
        if (othersBelow > 0) chances[belief.at]! += width * rule.weights[point]! * othersBelow * belief.density(worth)
      })
    }
  }
  const total = chances.reduce((sum, chance) => sum + chance, 0)
  return chances.map((chance) => chance / total)
}

/** Ends of panels, rising; those nearer to each other than a fifth of the smallest spread are one. */
function panels(beliefs: readonly Belief[], from: number, until: number): number[] {
  const gap = 0.2 * Math.min(...beliefs.map(({ spread }) => spread))
  const inside = beliefs
    .flatMap(({ mean, spread }) => panelEnds.map((deviations) => mean + deviations * spread))
    .filter((end) => end > from && end < until)
    .sort((left, right) => left - right)
  const ends = [from]
  for (const end of inside) if (end - ends.at(-1)! >= gap) ends.push(end)
  ends.push(until)
  return ends
}
