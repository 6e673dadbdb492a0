/** How a method would have done at moments of the past. */
export interface SeriesMethodQuality {
  readonly name: string
  readonly origins: number
  /** Mean absolute error over that of repeating the last week; Infinity where it cannot be told. */
  readonly mase: number
  readonly smape: number
  /** Share of days within the method's own bounds, which are to hold 80 %; null where it cannot be told. */
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
  /** Of the method that is taken: its bounds, widened by how far off it was in the past. */
  readonly bounds: {
    /** Moments of the past that they come from. */
    readonly moments: number
    /** Share of days within them at the newest moments, each by what was known then; to be 80 %. Null where it cannot be told. */
    readonly coverage: number | null
    /** The same of the method's own bounds. */
    readonly ownCoverage: number | null
    /** How many times as wide as its own, on average. */
    readonly factor: number | null
    /** Share of totals within the bounds of totals, likewise. */
    readonly totalCoverage: number | null
    /** Totals that this was told by: few, and they overlap. */
    readonly totalsJudged: number
  }
  readonly limits: readonly string[]
  readonly seconds: number
}
