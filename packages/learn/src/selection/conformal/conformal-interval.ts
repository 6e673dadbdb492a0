import { checkList, RapportError } from '@rapport/numerics'
import { checkedNumbers } from '../../linear/checked-numbers.ts'
import { conformalMargin, type TooFewRows } from './conformal-margin.ts'

export interface ConformalIntervalOptions {
  /** Share of new rows whose value lies within, at least; in (0, 1). Default 0.9. */
  readonly confidence?: number
  /** `[n]` how uncertain each row is thought to be, > 0: intervals are wider where it is larger. Default all alike. */
  readonly spreads?: ArrayLike<number>
}

/** How far predicted amounts are off. Plain data. */
export interface ConformalIntervalModel {
  readonly kind: 'conformal-interval'
  /** Half of the interval's width, per unit of spread. */
  readonly margin: number
  readonly confidence: number
  /** Rows that it was learned from. */
  readonly n: number
}

/** Both ends of each row's interval, `[n]` each. */
export interface Intervals {
  readonly low: Float64Array
  readonly high: Float64Array
}

/**
 * Split conformal prediction: an interval around each predicted amount that holds the actual one with a promised chance,
 * whatever the model, as long as new rows are of the same kind (exchangeable with these).
 *
 * The promise is on average over rows: without `spreads` it is too wide for easy rows and too narrow for hard ones; see also
 * `fitConformalQuantiles`.
 *
 * @param predicted `[n]` finite, for rows that the model was not trained on
 * @param actual `[n]` finite
 * @throws RapportError `conformal-interval.actual`, `.predicted`, `.spreads`, `.confidence`
 *
 * Source: Papadopoulos, Proedrou, Vovk & Gammerman, ECML 2002; Lei et al., JASA 113, 2018. As MAPIE's `SplitConformalRegressor`.
 *
 * @example
 * fitConformalInterval([1, 2, 3, 4], [1, 3, 3, 6], { confidence: 0.5 }) // margin 1
 */
export function fitConformalInterval(
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  { confidence = 0.9, spreads }: ConformalIntervalOptions = {},
): ConformalIntervalModel | TooFewRows {
  checkList('conformal-interval.predicted', 'predicted', predicted)
  const n = predicted.length
  const values = checkedNumbers('conformal-interval', 'predicted', n, predicted)
  const truth = checkedNumbers('conformal-interval', 'actual', n, actual)
  const scale = checkedSpreads(n, spreads)
  const scores = values.map((value, row) => Math.abs(truth[row]! - value) / scale[row]!)
  const margin = conformalMargin('conformal-interval', scores, confidence)
  return typeof margin === 'number' ? { kind: 'conformal-interval', margin, confidence, n } : margin
}

/**
 * The intervals of predicted amounts.
 *
 * @param predicted `[n]`
 * @param spreads `[n]`, given exactly when the fit was
 */
export function applyConformalInterval(
  model: ConformalIntervalModel,
  predicted: ArrayLike<number>,
  { spreads }: { readonly spreads?: ArrayLike<number> } = {},
): Intervals {
  const values = checkedNumbers('conformal-interval', 'predicted', predicted.length, predicted)
  const scale = checkedSpreads(values.length, spreads)
  return {
    low: values.map((value, row) => value - model.margin * scale[row]!),
    high: values.map((value, row) => value + model.margin * scale[row]!),
  }
}

/** How far actual amounts lie outside predicted quantiles. Plain data. */
export interface ConformalQuantilesModel {
  readonly kind: 'conformal-quantiles'
  /** What both ends are moved outwards by; below 0 inwards. */
  readonly margin: number
  readonly confidence: number
  readonly n: number
}

/**
 * Conformalised quantile regression: moves two predicted quantiles so that they hold the promised share. They say how uncertain
 * each row is (`fitBoostingRegression` with the loss `quantile`); this says by how much they are off.
 *
 * @param low `[n]` predicted lower quantile, for rows that the models were not trained on
 * @param high `[n]` predicted upper quantile
 * @param actual `[n]`
 * @throws RapportError `conformal-quantiles.low`, `.high`, `.actual`, `.confidence`
 *
 * Source: Romano, Patterson & Candès, "Conformalized quantile regression", NeurIPS 2019. As MAPIE's with `symmetric_correction`.
 *
 * @example
 * fitConformalQuantiles([0, 0, 0], [2, 2, 2], [1, 3, 2], { confidence: 0.75 }) // margin 1
 */
export function fitConformalQuantiles(
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  actual: ArrayLike<number>,
  { confidence = 0.9 }: { readonly confidence?: number } = {},
): ConformalQuantilesModel | TooFewRows {
  checkList('conformal-quantiles.actual', 'actual', actual)
  const n = actual.length
  const lower = checkedNumbers('conformal-quantiles', 'low', n, low)
  const upper = checkedNumbers('conformal-quantiles', 'high', n, high)
  const truth = checkedNumbers('conformal-quantiles', 'actual', n, actual)
  const scores = truth.map((value, row) => Math.max(lower[row]! - value, value - upper[row]!))
  const margin = conformalMargin('conformal-quantiles', scores, confidence)
  return typeof margin === 'number' ? { kind: 'conformal-quantiles', margin, confidence, n } : margin
}

/** The moved quantiles; where they would cross, both ends are their middle. @throws RapportError as `fitConformalQuantiles` */
export function applyConformalQuantiles(
  model: ConformalQuantilesModel,
  low: ArrayLike<number>,
  high: ArrayLike<number>,
): Intervals {
  const lower = checkedNumbers('conformal-quantiles', 'low', low.length, low)
  const upper = checkedNumbers('conformal-quantiles', 'high', low.length, high)
  const moved = (row: number, by: number): number => {
    const [from, until] = [lower[row]! - model.margin, upper[row]! + model.margin]
    return from <= until ? (by < 0 ? from : until) : (from + until) / 2
  }
  return { low: lower.map((_, row) => moved(row, -1)), high: lower.map((_, row) => moved(row, 1)) }
}

function checkedSpreads(rows: number, spreads: ArrayLike<number> | undefined): Float64Array {
  if (spreads === undefined) return new Float64Array(rows).fill(1)
  const checked = checkedNumbers('conformal-interval', 'spreads', rows, spreads, 0)
  const wrong = checked.indexOf(0)
  if (wrong >= 0) {
    throw new RapportError('conformal-interval.spreads', `every spread must be above 0, got 0 at row ${wrong}`)
  }
  return checked
}
