import type { Work } from '@rapport/numerics'
import {
  type BootstrapInterval,
  type BootstrapOptions,
  bootstrapInterval,
  type NoInterval,
} from '../stats/bootstrap-interval.ts'
import type { Metric, MetricOptions } from './metric.ts'

/** A metric of two columns: predictions and what came true. */
export type PairMetric = (predicted: ArrayLike<number>, actual: ArrayLike<number>, options: MetricOptions) => Metric

export type MetricIntervalOptions = BootstrapOptions & MetricOptions

/**
 * Any metric with its bootstrap interval.
 *
 * For a rare class give the labels as `strata`: every resample then has as many of it, and the interval is that for this mix.
 *
 * @param metric `rocAuc`, `brier`, `rootMeanSquaredError`, … or `(scores, labels, given) => lift(scores, labels, { ...given, share: 0.2 })`
 * @param predicted `[n]`
 * @param actual `[n]`
 * @throws RapportError those of `bootstrapInterval` and of the metric
 *
 * @example
 * metricInterval(rocAuc, scores, labels, { seed: 1, strata: labels })
 */
export function metricInterval(
  metric: PairMetric,
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  { weights, ...options }: MetricIntervalOptions,
  work?: Work,
): BootstrapInterval | NoInterval {
  const take = (from: ArrayLike<number>, rows: Int32Array): Float64Array => {
    const taken = new Float64Array(rows.length)
    for (let at = 0; at < rows.length; at += 1) taken[at] = from[rows[at]!]!
    return taken
  }
  // The metric itself refuses what does not fit together, on all rows.
  metric(predicted, actual, weights ? { weights } : {})
  return bootstrapInterval(
    predicted.length,
    (rows) => {
      const given = weights ? { weights: take(weights, rows) } : {}
      const found = metric(take(predicted, rows), take(actual, rows), given)
      return found.defined ? found.value : Number.NaN
    },
    options,
    work,
  )
}
