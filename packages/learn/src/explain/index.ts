export { type BoostingExplanation, explainBoosting } from './explain-boosting.ts'
