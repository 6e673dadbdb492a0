export { type Answers, answer, type Question } from './answer.ts'
export type { AskedCuts } from './asking/cuts.ts'
export type { Evaluated } from './judging/evaluate.ts'
export type { ModelCard } from './judging/model-card.ts'
export type { AnyCard } from './model-format.ts'
export { namedByPredictions } from './named-features.ts'
export {
  allPredictions,
  type CheckedSeries,
  checkPrediction,
  evaluatePrediction,
  explainPrediction,
  forecastPrediction,
  type KnownPrediction,
  namedPrediction,
  scorePrediction,
  trainablePrediction,
  trainPrediction,
  unusablePredictions,
} from './predictions.ts'
export { declarePrediction, type ModelVersion, modelVersions, switchPrediction } from './registry.ts'
export type { Scored } from './score.ts'
export type { RevenueForecast } from './series/series.ts'
export type { SeriesCard } from './series/series-card.ts'
export type { CheckedSessions } from './sessions/sessions.ts'
export type { SessionsCard } from './sessions/sessions-card.ts'
export type { UnusablePrediction } from './shipped.ts'
export { type PredictInput, type TrainedOne, type TrainRequest, trainRequested } from './train-requested.ts'
export { viewPrediction, viewPredictions } from './view.ts'
