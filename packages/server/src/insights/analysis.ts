import type { Instant } from '../base/index.ts'
import type { PredictionsResult } from '../predictions/index.ts'
import type { QualityReport } from '../quality/index.ts'
import type { NoRecommendations, RecommendationsResult } from '../recommendations/index.ts'
import type { SegmentsResult } from '../segments/index.ts'
import type { FirstLook } from './first-look.ts'
import type { PlanEntry } from './plan.ts'

/** Customers without consent to profiling: totals count them, nothing else does. */
export interface LeftOut {
  readonly customers: number
  /** Of them, those who refused it themselves; the others were never asked. */
  readonly refused: number
  /** Those who may be profiled. */
  readonly profiled: number
}

/** Everything one run found, as kept in the store and shown in the report. */
export interface Analysis {
  /** Rises when a reader of older documents would misunderstand newer ones. */
  readonly format: 1
  readonly version: string
  readonly createdAt: Instant
  readonly asOf: Instant
  readonly seed: number
  /** The demo's scenario; null for a shop's own data. */
  readonly simulated: string | null
  /** Where the demo's history ends; null for a shop's own data, and in analyses of before it was kept. */
  readonly simulatedUntil: Instant | null
  /** Null in analyses of before consent was asked. */
  readonly leftOut: LeftOut | null
  readonly firstLook: FirstLook
  readonly quality: QualityReport
  readonly segments: SegmentsResult
  readonly predictions: PredictionsResult
  readonly recommendations: RecommendationsResult | NoRecommendations
  readonly plan: readonly PlanEntry[]
  /** In the order of the report. */
  readonly timings: readonly StageTime[]
  /** From the first look to the plan; null in analyses of before stages ran beside each other, whose times add up to it. */
  readonly elapsedSeconds: number | null
}

/** How long a stage took. */
export interface StageTime {
  readonly stage: string
  /** From its beginning to its end, whatever else ran meanwhile. */
  readonly seconds: number
  /** Stages that ran at the same time, so that seconds must not be added to theirs; absent where none did. */
  readonly beside?: readonly string[]
}
