export type { Reason } from './lapse-reasons.ts'
export { predict } from './predict.ts'
export type { Interval, LapseResult, LifetimeResult, ModelQuality, NotEnough, PredictionsResult } from './result.ts'
export { type ScoredCustomer, type StoredScore, topCustomers } from './stored-scores.ts'
