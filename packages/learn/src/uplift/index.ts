export type { ArmOutcomes } from './arm-outcomes.ts'
export { type GainScores, gainScores } from './measures/gain-scores.ts'
export { type TopOptions, type TopStrategy, upliftAtTop } from './measures/uplift-at-top.ts'
export {
  type SliceOptions,
  type UpliftSlice,
  upliftBySlice,
  weightedAverageUplift,
} from './measures/uplift-by-slice.ts'
export {
  type UpliftEstimate,
  type UpliftIntervalOptions,
  type UpliftIntervals,
  upliftIntervals,
} from './measures/uplift-intervals.ts'
export {
  auuc,
  type QiniOptions,
  qini,
  type UpliftCurvePoint,
  type UpliftGap,
  type UpliftScore,
  upliftCurve,
} from './measures/uplift-scores.ts'
