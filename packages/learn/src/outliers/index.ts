export { clipToFences, type FenceModel, type FenceOptions, fitFences, outsideFences } from './fences.ts'
export {
  fitIsolationForest,
  type IsolationForestModel,
  type IsolationForestOptions,
  isolationOutliers,
  isolationScores,
} from './isolation-forest.ts'
