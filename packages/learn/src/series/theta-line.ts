import type { StraightLine } from './straight-line.ts'

/**
 * Theta's recursion at one smoothing: a level that follows the values, plus a share of the straight line through all of
 * them. Both the first level and the share enter linearly, so the best of them are a least-squares solution and the search
 * is left with one number.
 */
export interface ThetaFit {
  readonly smoothing: number
  /** The level before the first value. */
  readonly startLevel: number
  /** 1 − 1 / θ: the weight of the line. */
  readonly lineShare: number
  readonly squares: number
}

/** What the line adds to a level at step `step`, 1 for the first value. */
export function lineTerm({ intercept, slope }: StraightLine, smoothing: number, step: number): number {
  const logKept = Math.log1p(-smoothing)
  return intercept * Math.exp((step - 1) * logKept) - (slope * Math.expm1(step * logKept)) / smoothing
}

/**
 * The best first level, and where `lineShare` is not given the best share in [0, 1), at a smoothing.
 *
 * Source: Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler, "Models for optimising the theta method and their
 * relationship to state space models", International Journal of Forecasting 32(4), 2016, equations 9 and 10.
 */
export function solveTheta(
  series: Float64Array,
  line: StraightLine,
  smoothing: number,
  lineShare: number | undefined,
): ThetaFit {
  // expected = known + ofLevel · startLevel + ofShare · lineShare, each carried by the recursion of the level.
  let [known, ofLevel, ofShare] = [0, 1, 0]
  let [level2, levelShare, share2, levelSeen, shareSeen, seen2] = [0, 0, 0, 0, 0, 0]
  for (let at = 0; at < series.length; at += 1) {
    const term = lineTerm(line, smoothing, at + 1)
    const byShare = ofShare + term
    const value = series[at]!
    if (Number.isNaN(value)) {
      ofShare += smoothing * term
      continue
    }
    const left = value - known
    level2 += ofLevel * ofLevel
    levelShare += ofLevel * byShare
    share2 += byShare * byShare
    levelSeen += ofLevel * left
    shareSeen += byShare * left
    seen2 += left * left
    known += smoothing * left
    ofLevel *= 1 - smoothing
    ofShare *= 1 - smoothing
  }
  const determinant = level2 * share2 - levelShare * levelShare
  const free = determinant > 1e-12 * level2 * share2 ? (level2 * shareSeen - levelShare * levelSeen) / determinant : 0
  const share = lineShare ?? Math.min(shareMax, Math.max(0, free))
  const startLevel = (levelSeen - share * levelShare) / level2
  const squares =
    seen2 -
    2 * (startLevel * levelSeen + share * shareSeen) +
    startLevel * startLevel * level2 +
    2 * startLevel * share * levelShare +
    share * share * share2
  return { smoothing, startLevel, lineShare: share, squares: Math.max(0, squares) }
}

/** θ at most a million, beyond which the line's weight no longer changes. */
const shareMax = 1 - 1e-6
