import { RapportError } from '@rapport/numerics'
import { defined, type Metric, type MetricOptions, type ScoredRows, scoredRows } from './metric.ts'
import { ascendingOrder } from './order.ts'

export interface LiftOptions extends MetricOptions {
  /** Share of rows that is reached, the highest scores first; above 0, up to 1. Default 0.1. */
  readonly share?: number
}

/** What reaching the highest scores first gains. */
export interface LiftPoint {
  /** Share of rows reached. */
  readonly share: number
  /** Share of all positives among them. */
  readonly gain: number
  /** gain / share: how many times more than by chance. */
  readonly lift: number
}

/**
 * How many times more positives the highest-scored share of rows holds than a random share would.
 *
 * Where the border falls among equal scores, those rows count in part, as if drawn by lot: the order of the rows never
 * matters.
 *
 * @param scores `[n]`
 * @param labels `[n]` 0 or 1
 * @returns ≥ 0, 1 for a useless score, or the reason that there is none
 * @throws RapportError `metrics.share`, and as `rocAuc`
 *
 * @example
 * lift([0.9, 0.1, 0.2, 0.3], [1, 0, 0, 0], { share: 0.25 }) // { defined: true, value: 4 }
 */
export function lift(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  { share = 0.1, ...options }: LiftOptions = {},
): Metric {
  const points = liftAt(scoredRows(scores, labels, options), [share])
  return 'because' in points ? points : defined(points[0]!.lift)
}

/**
 * Gain and lift at shares of rows, for a chart.
 *
 * @param shares rising, each above 0 and up to 1; default 0.05, 0.10, … 1
 * @throws RapportError as `lift`
 */
export function liftCurve(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: MetricOptions & { readonly shares?: readonly number[] } = {},
): { readonly defined: true; readonly points: readonly LiftPoint[] } | Extract<Metric, { defined: false }> {
  const { shares = Array.from({ length: 20 }, (_, at) => (at + 1) / 20), ...rest } = options
  const points = liftAt(scoredRows(scores, labels, rest), shares)
  return 'because' in points ? points : { defined: true, points }
}

function liftAt(rows: ScoredRows, shares: readonly number[]): LiftPoint[] | Extract<Metric, { defined: false }> {
  shares.forEach((share, at) => {
    if (!(share > 0 && share <= 1 && (at === 0 || share > shares[at - 1]!))) {
      throw new RapportError('metrics.share', `shares must rise, above 0 and up to 1, got ${shares.join(', ')}`)
    }
  })
  const total = rows.positives + rows.negatives
  if (total === 0) return { defined: false, because: 'no-rows' }
  if (rows.positives === 0) return { defined: false, because: 'one-class' }
  const points: LiftPoint[] = []
  const order = ascendingOrder(rows.scores)
  let reached = 0
  let caught = 0
  let at = order.length - 1
  for (const share of shares) {
    let group = tieGroup(rows, order, at)
    while (at >= 0 && reached + group.weight <= share * total) {
      reached += group.weight
      caught += group.positive
      at = group.next
      group = tieGroup(rows, order, at)
    }
    const part = group.weight > 0 ? Math.max(share * total - reached, 0) / group.weight : 0
    const gain = (caught + part * group.positive) / rows.positives
    points.push({ share, gain, lift: gain / share })
  }
  return points
}

/** The rows that share the score at place `at`, and the place behind them. */
function tieGroup(
  rows: ScoredRows,
  order: Uint32Array,
  at: number,
): { weight: number; positive: number; next: number } {
  let weight = 0
  let positive = 0
  let next = at
  while (next >= 0 && rows.scores[order[next]!] === rows.scores[order[at]!]) {
    const row = order[next]!
    weight += rows.weights[row]!
    positive += rows.weights[row]! * rows.labels[row]!
    next -= 1
  }
  return { weight, positive, next }
}
