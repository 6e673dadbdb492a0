import { type Random, RapportError, seededRandom, stopIfAborted, type Work } from '@rapport/numerics'
import { acceleratedEnds, accelerationOf, percentileEnds } from './bootstrap-ends.ts'

export interface BootstrapOptions {
  /**
   * `bca` corrects for bias and for a standard error that changes with the value; `percentile` takes the resamples as they
   * are. Default `bca`.
   */
  readonly method?: 'bca' | 'percentile'
  /** In (0, 1). Default 0.95. */
  readonly confidence?: number
  /** Resamples, at least 100. Default 2,000. */
  readonly resamples?: number
  /** `[n]` class of each row: rows are drawn within their class, so that every resample has as many of each. Default: one class. */
  readonly strata?: ArrayLike<number>
  /** Parts of each stratum that are left out in turn for the acceleration of `bca`; n where that is fewer. Default 200. */
  readonly parts?: number
  /** The same seed, rows and options give the same interval. */
  readonly seed: number
}

/** A statistic and where it could have been with other rows of the same kind. */
export interface BootstrapInterval {
  readonly defined: true
  /** On the rows themselves. */
  readonly value: number
  readonly low: number
  readonly high: number
  /** Standard deviation over the resamples. */
  readonly standardError: number
  /** Share of resamples on which the statistic had no value (one class only, …); they are left out. */
  readonly undefinedShare: number
}

/** Why there is no interval. */
export interface NoInterval {
  readonly defined: false
  /**
   * `undefined`: the statistic has no value on the rows. `rarely-defined`: on more than a tenth of the resamples it has none,
   * and the rest would not speak for them. `one-sided`: all resamples lie on one side of the value, where `bca` knows no ends.
   */
  readonly because: 'undefined' | 'rarely-defined' | 'one-sided'
}

/**
 * A bootstrap interval of any statistic of rows.
 *
 * It speaks of the sampling of these rows. Rows of one customer belong together: give the statistic customers, not rows.
 *
 * @param rows number of rows, ≥ 2
 * @param statistic its value on some rows (indices, some several times, in no order); NaN where it has none
 * @throws RapportError `bootstrap.rows`, `.confidence`, `.resamples`, `.strata`, `.parts`
 *
 * Cost: `resamples` + `parts` calls of the statistic.
 * Source: Efron & Tibshirani, *An introduction to the bootstrap*, 1993, ch. 13 and 14.
 *
 * @example
 * const spend = [3, 9, 4, 80, 12]
 * bootstrapInterval(5, (some) => some.reduce((sum, row) => sum + spend[row]! / some.length, 0), { seed: 1 })
 */
export function bootstrapInterval(
  rows: number,
  statistic: (rows: Int32Array) => number,
  options: BootstrapOptions,
  work?: Work,
): BootstrapInterval | NoInterval {
  const { method, confidence, resamples, parts, seed, strata } = checked(rows, options)
  const value = statistic(Int32Array.from({ length: rows }, (_, row) => row))
  if (Number.isNaN(value)) return { defined: false, because: 'undefined' }
  const values = resampled(statistic, strata, resamples, seededRandom(seed), work)
  const undefinedShare = 1 - values.length / resamples
  if (undefinedShare > 0.1) return { defined: false, because: 'rarely-defined' }
  const ascending = values.sort()
  const ends =
    method === 'percentile'
      ? percentileEnds(ascending, confidence)
      : acceleratedEnds(ascending, value, accelerationOf(leftOut(statistic, strata, rows, parts)), confidence)
  if (Number.isNaN(ends.low)) return { defined: false, because: 'one-sided' }
  return { defined: true, value, ...ends, standardError: deviationOf(ascending), undefinedShare }
}

function resampled(
  statistic: (rows: Int32Array) => number,
  strata: readonly Int32Array[],
  resamples: number,
  random: Random,
  work: Work | undefined,
): Float64Array {
  const drawn = new Int32Array(strata.reduce((sum, stratum) => sum + stratum.length, 0))
  const values: number[] = []
  for (let resample = 0; resample < resamples; resample += 1) {
    stopIfAborted(work)
    let at = 0
    for (const stratum of strata) {
      for (let draw = 0; draw < stratum.length; draw += 1) {
        drawn[at] = stratum[random.integer(stratum.length)]!
        at += 1
      }
    }
    const value = statistic(drawn)
    if (!Number.isNaN(value)) values.push(value)
    work?.onProgress?.({ stage: 'bootstrap resample', done: resample + 1, total: resamples })
  }
  return Float64Array.from(values)
}

/** Values of the statistic with each part of each stratum left out; parts without a value are passed over. */
function leftOut(
  statistic: (rows: Int32Array) => number,
  strata: readonly Int32Array[],
  rows: number,
  parts: number,
): number[][] {
  const part = new Int32Array(rows)
  return strata.map((stratum) => {
    const count = Math.min(parts, stratum.length)
    part.fill(-1)
    stratum.forEach((row, at) => {
      part[row] = at % count
    })
    return Array.from({ length: count }, (_, left) => {
      const kept = Int32Array.from({ length: rows }, (__, row) => row).filter((row) => part[row] !== left)
      return kept.length > 0 ? statistic(kept) : Number.NaN
    }).filter((value) => !Number.isNaN(value))
  })
}

/** Moments around the least value, so that equal values have a deviation of exactly 0. */
function deviationOf(ascending: Float64Array): number {
  const n = ascending.length
  let [sum, squares] = [0, 0]
  for (const value of ascending) {
    sum += value - ascending[0]!
    squares += (value - ascending[0]!) ** 2
  }
  return Math.sqrt(Math.max(squares - sum * (sum / n), 0) / (n - 1))
}

function checked(
  rows: number,
  { method = 'bca', confidence = 0.95, resamples = 2000, strata, parts = 200, seed }: BootstrapOptions,
) {
  if (!Number.isInteger(rows) || rows < 2) {
    throw new RapportError('bootstrap.rows', `rows must be a whole number ≥ 2, got ${rows}`)
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new RapportError('bootstrap.confidence', `confidence must be between 0 and 1, got ${confidence}`)
  }
  if (!Number.isInteger(resamples) || resamples < 100) {
    throw new RapportError('bootstrap.resamples', `resamples must be a whole number ≥ 100, got ${resamples}`)
  }
  if (!Number.isInteger(parts) || parts < 2) {
    throw new RapportError('bootstrap.parts', `parts must be a whole number ≥ 2, got ${parts}`)
  }
  if (strata !== undefined && strata.length !== rows) {
    throw new RapportError('bootstrap.strata', `strata must hold one class a row (${rows}), got ${strata.length}`)
  }
  const byClass = new Map<number, number[]>()
  for (let row = 0; row < rows; row += 1) {
    const own = strata === undefined ? 0 : strata[row]!
    const members = byClass.get(own)
    if (members) members.push(row)
    else byClass.set(own, [row])
  }
  return { method, confidence, resamples, parts, seed, strata: [...byClass.values()].map((of) => Int32Array.from(of)) }
}
