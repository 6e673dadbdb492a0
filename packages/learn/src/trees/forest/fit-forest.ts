import type { Matrix, Work } from '@rapport/numerics'
import { checkNumbers, countClasses } from '../target-checks.ts'
import type { ForestModel } from './forest-model.ts'
import { checkForest, type ForestOptions } from './forest-options.ts'
import { growForest } from './grow-forest.ts'

/**
 * A random forest, or extra trees, for classes: trees grown apart on rows and columns drawn at random, averaged.
 *
 * Hard to fit badly, so a good second opinion beside boosting; `outOfBag` is an honest estimate without a hold-out.
 * Values are put into at most 255 bins, which costs next to no accuracy and is what makes it fast. Each tree draws from
 * random numbers of its own.
 *
 * @param data `[n × d]`; NaN is missing, infinite values are allowed
 * @param labels `[n]` numbers of classes, 0 … classes − 1, each of them there with a weight above 0
 * @throws RapportError `boosting.data`, `boosting.labels`, `boosting.weights`, `boosting.options`, `forest.options` for
 * arguments out of range, `boosting.categories`, `work.aborted`
 *
 * Cost: O(trees · n · columnsPerSplit · depth); a byte a value, and for each tree that
 * grows (16 at once at most) 44 bytes a row and, for up to 2n / rowsPerLeafMin nodes, about 45 each.
 * Source: Breiman, "Random forests", Machine Learning 45, 2001; Geurts, Ernst & Wehenkel, "Extremely randomized trees",
 * Machine Learning 63, 2006.
 *
 * @example
 * const model = await fitForest(customers, lapsed, { seed: 1 })
 * predictForest(model, customersOfToday) // [n × 2], rows sum to 1
 */
export async function fitForest(
  data: Matrix,
  labels: ArrayLike<number>,
  options: ForestOptions,
  work?: Work,
): Promise<ForestModel> {
  const settings = checkForest(data, options, false)
  const classes = countClasses(labels, options.weights, data.rows)
  // For two classes the share of class 1 tells all, and is split by the same scores.
  const outputs = classes === 2 ? 1 : classes
  const task = { data, outputs, targets: Float64Array.from(labels), weights: options.weights }
  const { bins, trees, outOfBag } = await growForest(task, settings, work)
  return { kind: 'forest', classes, outputs, columns: data.columns, bins, trees, outOfBag }
}

/**
 * A random forest, or extra trees, for a number; see `fitForest`. Splits lower the squared error, leaves hold means.
 *
 * @param targets `[n]` finite
 * @throws RapportError as `fitForest`, and `boosting.targets`
 *
 * @example
 * const model = await fitForestRegression(customers, spend, { thresholds: 'random', seed: 1 })
 * predictForestRegression(model, customersOfToday)
 */
export async function fitForestRegression(
  data: Matrix,
  targets: ArrayLike<number>,
  options: ForestOptions,
  work?: Work,
): Promise<ForestModel> {
  const settings = checkForest(data, options, true)
  checkNumbers(targets, options.weights, data.rows)
  const task = { data, outputs: 1, targets: Float64Array.from(targets), weights: options.weights }
  const { bins, trees, outOfBag } = await growForest(task, settings, work)
  return { kind: 'forest', classes: undefined, outputs: 1, columns: data.columns, bins, trees, outOfBag }
}
