export { explainBoosting, explainBoostingClasses } from './explain-boosting.ts'
export { explainForest } from './explain-forest.ts'
export type { BoostingExplanation } from './explain-trees.ts'
export { type PartialDependence, type PartialDependenceOptions, partialDependence } from './partial-dependence.ts'
