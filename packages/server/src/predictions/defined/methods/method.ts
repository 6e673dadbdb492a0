import type { Matrix } from '@rapport/numerics'
import type { Work } from '../../../base/index.ts'
import type { CustomerRows } from '../../customer-rows.ts'
import type { EffectWords } from '../../reasons.ts'
import type { Interval } from '../../result.ts'
import type { OutcomeRows } from '../asking/cuts.ts'

/** What is said of each customer. */
export interface Predicted {
  /** `[n]` NaN where nothing can be said of a customer. */
  readonly value: Float64Array
  /** `[n]` eight of ten outcomes lie between them; left out where there are none, NaN where one end is open. */
  readonly low?: Float64Array
  readonly high?: Float64Array
}

/** One figure of how good a model is on the hold-out. */
export interface Figure {
  readonly name: string
  readonly value: number
  /** 95 %; null where there is none. */
  readonly interval: Interval | null
}

/** The figure that says how many outcomes lay within what was said. */
export const intervalFigure = 'share within the 80 % interval'

/** How good a model is on customers that nothing was fitted, tuned or calibrated on. */
export interface Quality {
  readonly name: string
  /** The first is the one that models are compared by. */
  readonly figures: readonly Figure[]
  /** Predicted against seen, in bins of equal size. */
  readonly calibration: readonly {
    readonly predicted: number
    readonly seen: number
    readonly interval: Interval
    readonly customers: number
  }[]
}

/** A candidate fitted on the training rows, and what it loses on each row by fits that did not see the row. */
export interface Candidate<Fitted> {
  readonly name: string
  readonly fitted: Fitted
  /** `[n]` */
  readonly losses: Float64Array
}

/** A family of ways to answer one kind of target. */
export interface Method<Fitted, Kind extends string> {
  /** Those that can be tried on these rows, the plainest, which is the baseline, first. */
  kinds(rows: OutcomeRows): readonly Kind[]
  nameOf(kind: Kind): string
  /** What `losses` are: `log loss`. */
  readonly measure: string
  fit(kind: Kind, rows: OutcomeRows, seed: number, work?: Work): Promise<Candidate<Fitted>>
  /** The kind fitted to other rows, which have it too; what was tuned for `like` is kept. */
  refit(kind: Kind, like: Fitted, rows: OutcomeRows, seed: number, work?: Work): Promise<Fitted>
  predict(fitted: Fitted, rows: CustomerRows): Predicted
  /** `[n × features]` what each feature moves the score by; undefined for a model that says the same of everybody. */
  effects(fitted: Fitted, rows: CustomerRows, work?: Work): Matrix | undefined
  readonly told: EffectWords
  /** `[n]` what a model lost on each row. */
  losses(fitted: Fitted, rows: OutcomeRows): Float64Array
  judge(name: string, fitted: Fitted, rows: OutcomeRows): Quality
  /** `[n]` what groups of customers are compared by: what was said and what came; NaN in neither. */
  compared(fitted: Fitted, rows: OutcomeRows): { readonly said: Float64Array; readonly came: Float64Array }
  /** `[n]` 1 for the customers whose features are compared with the others' to tell what stands out. */
  sides(rows: OutcomeRows): Uint8Array
}
