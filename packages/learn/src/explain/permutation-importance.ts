import {
  type Matrix,
  matrix,
  normalQuantile,
  RapportError,
  seededRandom,
  stopIfAborted,
  type Work,
} from '@rapport/numerics'
import { checkTotalWeight } from '../linear/checked-numbers.ts'

export interface PermutationImportanceOptions {
  /** Columns that are shuffled together: a feature's one-hot columns, for one. Default: each column by itself. */
  readonly features?: readonly (readonly number[])[]
  /** Times that each feature is shuffled, 1 or more. Default 5. */
  readonly repeats?: number
  /** Samples of rows, drawn with replacement, that the intervals come from, 20 or more. Default 200. */
  readonly resamples?: number
  /** `[n]` how much each row counts, each ≥ 0 and finite. Default 1. */
  readonly weights?: ArrayLike<number>
  /** In (0, 1). Default 0.95. */
  readonly confidence?: number
  /** The same seed, data and model give the same numbers. */
  readonly seed: number
}

/** What shuffling one feature cost. */
export interface FeatureImportance {
  readonly columns: readonly number[]
  /** Quality as it is less quality with the feature shuffled, over the repeats. Below 0 by chance alone. */
  readonly mean: number
  readonly standardError: number
  /** Ends of an interval for the drop among all such rows, not among these only. */
  readonly low: number
  readonly high: number
}

export interface PermutationImportance {
  /** Quality of the predictions as they are. */
  readonly quality: number
  /** In the order of the options' features. */
  readonly features: readonly FeatureImportance[]
}

/**
 * How much worse a model predicts when a feature's values are dealt to other rows: what it leans on, in the unit of the
 * measure. For any model; use rows that it was not trained on, or it tells what was learned by heart.
 *
 * Its intervals speak of both kinds of chance, the shuffling and the rows: rows are drawn again with replacement, and
 * with each draw one of the shuffles.
 *
 * Of features that say the same, each may look useless while the other is left: name them as one feature.
 *
 * @param predict gives a number a row; may take many rows at once
 * @param data `[n × d]`, n ≥ 2
 * @param quality higher is better; given the predictions and how much each row counts, 0 or more
 * @throws RapportError `permutation-importance.options`, `permutation-importance.data`, `work.aborted`, and what
 *   `quality` throws (a draw of rows may lack a class that is rare: have it give what it is worth without)
 *
 * Cost: `repeats` predictions of all rows a feature, and `resamples` measures.
 * Source: Breiman, "Random forests", Machine Learning 45, 2001; Fisher, Rudin & Dominici, "All models are wrong, but many
 * are useful", JMLR 20(177), 2019.
 *
 * @example
 * permutationImportance(
 *   (rows) => predictBoosting(model, rows),
 *   heldOut,
 *   (predicted, weights) => metricValue(rocAuc(predicted, labels, { weights })),
 *   { seed: 1 },
 * ).features[0]!.mean // 0.031
 */
export function permutationImportance(
  predict: (data: Matrix) => ArrayLike<number>,
  data: Matrix,
  quality: (predicted: Float64Array, weights: Float64Array) => number,
  options: PermutationImportanceOptions,
  work?: Work,
): PermutationImportance {
  const { repeats, resamples, confidence, features, weights } = checkOptions(data, options)
  const random = seededRandom(options.seed)
  const predicted = Float64Array.from(predict(data))
  if (predicted.length !== data.rows) {
    refuse('data', `predict must give one number a row (${data.rows}), got ${predicted.length}`)
  }
  const asItIs = quality(predicted, weights)
  const draws = Array.from({ length: resamples }, (_, draw) => drawRows(weights, random.fork(draw)))
  const drawnQuality = draws.map((drawn) => quality(predicted, drawn))
  const z = normalQuantile((1 + confidence) / 2)
  const found = features.map((columns, at) => {
    stopIfAborted(work)
    const dealt = random.fork(resamples + at)
    const shuffled = Array.from({ length: repeats }, () => {
      const order = Int32Array.from({ length: data.rows }, (_, row) => row)
      dealt.shuffle(order)
      return Float64Array.from(predict(withShuffled(data, columns, order)))
    })
    const mean = meanOf(shuffled.map((own) => asItIs - quality(own, weights)))
    const drops = draws.map((drawn, draw) => drawnQuality[draw]! - quality(shuffled[draw % repeats]!, drawn))
    const middle = meanOf(drops)
    const standardError = Math.sqrt(drops.reduce((sum, drop) => sum + (drop - middle) ** 2, 0) / (resamples - 1))
    work?.onProgress?.({ stage: 'permutation importance', done: at + 1, total: features.length })
    return { columns, mean, standardError, low: mean - z * standardError, high: mean + z * standardError }
  })
  return { quality: asItIs, features: found }
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** The rows' weights times how often each is drawn, n draws with replacement. */
function drawRows(weights: Float64Array, random: { integer: (below: number) => number }): Float64Array {
  const drawn = new Float64Array(weights.length)
  for (let draw = 0; draw < weights.length; draw += 1) {
    const row = random.integer(weights.length)
    drawn[row]! += weights[row]!
  }
  return drawn
}

function withShuffled(data: Matrix, columns: readonly number[], order: Int32Array): Matrix {
  const shuffled = matrix(data.rows, data.columns, data.values.slice())
  order.forEach((from, row) => {
    for (const column of columns) {
      shuffled.values[row * data.columns + column] = data.values[from * data.columns + column]!
    }
  })
  return shuffled
}

interface Checked {
  readonly repeats: number
  readonly resamples: number
  readonly confidence: number
  readonly features: readonly (readonly number[])[]
  readonly weights: Float64Array
}

function checkOptions(data: Matrix, options: PermutationImportanceOptions): Checked {
  const { repeats = 5, resamples = 200, confidence = 0.95 } = options
  if (data.rows < 2 || data.columns === 0) {
    refuse('data', `data must have at least two rows and a column, got ${data.rows} × ${data.columns}`)
  }
  if (!Number.isInteger(repeats) || repeats < 1) {
    refuse('options', `repeats must be a whole number ≥ 1, got ${repeats}`)
  }
  if (!Number.isInteger(resamples) || resamples < 20) {
    refuse('options', `resamples must be a whole number ≥ 20, got ${resamples}`)
  }
  if (!(confidence > 0 && confidence < 1)) refuse('options', `confidence must be between 0 and 1, got ${confidence}`)
  const features = options.features ?? Array.from({ length: data.columns }, (_, column) => [column])
  for (const column of features.flat()) {
    if (!Number.isInteger(column) || column < 0 || column >= data.columns) {
      refuse('options', `features must name columns from 0 to ${data.columns - 1}, got ${column}`)
    }
  }
  const weights = Float64Array.from(options.weights ?? new Float64Array(data.rows).fill(1))
  if (weights.length !== data.rows || !weights.every((weight) => weight >= 0 && weight < Infinity)) {
    refuse('options', `weights must hold one finite number ≥ 0 a row (${data.rows})`)
  }
  if (!weights.some((weight) => weight > 0)) refuse('options', 'weights must hold one above 0, got only 0')
  checkTotalWeight('permutation-importance.options', weights)
  return { repeats, resamples, confidence, features, weights }
}

function refuse(what: 'data' | 'options', message: string): never {
  throw new RapportError(`permutation-importance.${what}`, message)
}
