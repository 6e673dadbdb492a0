import { columnOf, type Matrix, normalQuantile, RapportError } from '@rapport/numerics'
import { presentAscending, quantileOf } from './quantile.ts'
import { checkNotInfinite, mapColumns } from './scaling.ts'

export interface QuantileOptions {
  /** Landmarks per column, at least 2; more than there are rows are not used. Default 1000. */
  readonly quantiles?: number
  /** `uniform`: shares from 0 to 1. `normal`: a standard normal column, cut at ±5.2. Default `uniform`. */
  readonly output?: 'uniform' | 'normal'
}

/** What `fitQuantiles` found. Plain data. */
export interface QuantileModel {
  readonly kind: 'quantiles'
  readonly output: 'uniform' | 'normal'
  /** `[d]` rising landmarks of each column; empty for a column without any value, which then stays missing. */
  readonly landmarks: readonly Float64Array[]
}

/** scikit-learn's bound on shares before they become normal: 1e-7 less spacing, so ±5.19934. */
const shareMin = 1e-7

/**
 * Learns to replace values by the share of training rows below them: the same result for any monotone change of the
 * column, and no outlier reaches beyond the ends. Missing values stay missing.
 *
 * @param data `[n × d]`, n ≥ 1, finite or NaN
 * @throws RapportError `quantiles.data`, `quantiles.infinite`, `quantiles.count`
 *
 * Cost: O(n log n) a column. The same as scikit-learn's `QuantileTransformer` without subsampling.
 *
 * @example
 * applyQuantiles(fitQuantiles(matrixFromRows([[1], [2], [9]])), matrixFromRows([[2]])).values // Float64Array [0.5]
 */
export function fitQuantiles(
  data: Matrix,
  { quantiles = 1000, output = 'uniform' }: QuantileOptions = {},
): QuantileModel {
  checkNotInfinite('quantiles', data)
  if (!Number.isInteger(quantiles) || quantiles < 2) {
    throw new RapportError('quantiles.count', `quantiles must be a whole number ≥ 2, got ${quantiles}`)
  }
  const count = Math.max(2, Math.min(quantiles, data.rows))
  const landmarks = Array.from({ length: data.columns }, (_, column) => {
    const ascending = presentAscending(columnOf(data, column))
    if (ascending.length === 0) return ascending
    return Float64Array.from({ length: count }, (_, at) => quantileOf(ascending, at / (count - 1)))
  })
  return { kind: 'quantiles', output, landmarks }
}

/**
 * Replaces values by their shares (or normal scores).
 *
 * @returns `[n × d]`, NaN where `data` is
 * @throws RapportError `quantiles.columns` when d differs from the fit
 */
export function applyQuantiles(model: QuantileModel, data: Matrix): Matrix {
  return mapColumns('quantiles', model.landmarks.length, data, (value, column) => {
    const landmarks = model.landmarks[column]!
    if (Number.isNaN(value) || landmarks.length === 0) return Number.NaN
    const share = shareBelow(landmarks, value)
    if (model.output === 'uniform') return share
    return normalQuantile(Math.min(Math.max(share, shareMin), 1 - shareMin))
  })
}

/** The share at a value; where landmarks repeat, the middle of their shares, so that ties fall on neither end. */
function shareBelow(landmarks: Float64Array, value: number): number {
  const last = landmarks.length - 1
  if (value <= landmarks[0]!) return 0
  if (value >= landmarks[last]!) return 1
  const first = firstAbove(landmarks, (landmark) => landmark >= value)
  const after = firstAbove(landmarks, (landmark) => landmark > value)
  if (after > first) return (first + after - 1) / 2 / last
  const low = landmarks[first - 1]!
  return (first - 1 + (value - low) / (landmarks[first]! - low)) / last
}

/** Index of the first landmark for which `holds`, which stays true once it is. */
function firstAbove(landmarks: Float64Array, holds: (landmark: number) => boolean): number {
  let low = 0
  let high = landmarks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(landmarks[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}
