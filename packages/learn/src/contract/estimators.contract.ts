import type { AnyEstimator } from './estimator.contract.ts'
import { clusteringEstimators } from './estimators/clustering.contract.ts'
import { lifetimeEstimators, recommenderEstimators, survivalEstimators } from './estimators/customers.contract.ts'
import { fairnessEstimators } from './estimators/fairness.contract.ts'
import { linearEstimators } from './estimators/linear.contract.ts'
import {
  banditEstimators,
  bayesEstimators,
  calibrationEstimators,
  conformalEstimators,
  factorEstimators,
  neighbourEstimators,
  neuralEstimators,
} from './estimators/others.contract.ts'
import { preparationEstimators } from './estimators/preparation.contract.ts'
import { seriesEstimators } from './estimators/series.contract.ts'
import { treeEstimators } from './estimators/trees.contract.ts'
import { upliftEstimators } from './estimators/uplift.contract.ts'

/** Every estimator of the library. `every-fit.test.ts` fails when an export that begins with `fit` is not here. */
export const estimators: readonly AnyEstimator[] = [
  ...banditEstimators,
  ...bayesEstimators,
  ...calibrationEstimators,
  ...conformalEstimators,
  ...clusteringEstimators,
  ...factorEstimators,
  ...fairnessEstimators,
  ...lifetimeEstimators,
  ...linearEstimators,
  ...neighbourEstimators,
  ...neuralEstimators,
  ...preparationEstimators,
  ...recommenderEstimators,
  ...seriesEstimators,
  ...survivalEstimators,
  ...treeEstimators,
  ...upliftEstimators,
]

/** Exports that begin with `fit` and fit a part of another row's model, by that row. */
export const partsOfOthers: Readonly<Record<string, string>> = {
  fitClassCounts: 'fitLatentClasses',
  fitClassLevel: 'fitLatentClasses',
}
