/** How a method would have done at moments of the past. */
export interface SeriesMethodQuality {
  readonly name: string
  readonly origins: number
  /** Mean absolute error over that of repeating the last week; Infinity where it cannot be told. */
  readonly mase: number
  readonly smape: number
  /** Share of days within the bounds, which are to hold 80 %; null where it cannot be told. */
  readonly coverage: number | null
  /** Root of the mean squared share that totals over the horizon were off by; null where nothing was sold. */
  readonly totalError: number | null
}

/** What a reader of a forecast must know before trusting it. */
export interface SeriesCard {
  readonly kind: 'series'
  readonly prediction: string
  readonly predicts: string
  readonly horizonDays: number
  readonly data: { readonly from: string; readonly days: number; readonly until: string }
  readonly currency: string
  /** The plainest, which is the baseline, first. */
  readonly tried: readonly SeriesMethodQuality[]
  readonly notTried: readonly string[]
  readonly method: string
  readonly chosenBecause: string
  readonly limits: readonly string[]
  readonly seconds: number
}
