export { explainBoosting, explainBoostingClasses } from './explain-boosting.ts'
export { explainForest } from './explain-forest.ts'
export { explainLinear, type LinearBackground } from './explain-linear.ts'
export type { PredictionExplanation } from './explain-trees.ts'
export { explainByKernel, type KernelShapOptions } from './kernel-shap.ts'
export { type PartialDependence, type PartialDependenceOptions, partialDependence } from './partial-dependence.ts'
export {
  type FeatureImportance,
  type PermutationImportance,
  type PermutationImportanceOptions,
  permutationImportance,
} from './permutation-importance.ts'
export {
  type Directions,
  type NamedFeature,
  type Reason,
  type ReasonOptions,
  reasonsOf,
  usualValues,
} from './reasons.ts'
