export { concordance } from './concordance.ts'
export { type CoxModel, type CoxOptions, type CoxUnfitted, fitCox, predictCoxRisk, predictCoxSurvival } from './cox.ts'
export type { Durations } from './durations.ts'
export {
  fitKaplanMeier,
  type KaplanMeierModel,
  type KaplanMeierOptions,
  survivalAt,
  survivalTime,
} from './kaplan-meier.ts'
export { type LogRankTest, logRankTest } from './log-rank.ts'
