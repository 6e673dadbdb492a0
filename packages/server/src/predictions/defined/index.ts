export type { AskedCuts } from './cuts.ts'
export type { ModelCard } from './model-card.ts'
export {
  allPredictions,
  checkPrediction,
  explainPrediction,
  type KnownPrediction,
  namedPrediction,
  scorePrediction,
  trainPrediction,
} from './predictions.ts'
export { declarePrediction, type ModelVersion, modelVersions, switchPrediction } from './registry.ts'
export type { Scored } from './score.ts'
