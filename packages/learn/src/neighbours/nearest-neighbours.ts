import { checkFinite, checkSquarable, type Matrix, matrix, RapportError, takeRows } from '@rapport/numerics'
import { buildKdTree, type KdTree } from '../clustering/kd-tree.ts'
import { checkedClasses } from '../linear/checked-classes.ts'
import { checkedNumbers, checkedWeights } from '../linear/checked-numbers.ts'
import { type NearestRows, nearestRows } from './nearest-rows.ts'

export interface NeighboursOptions {
  /** How many of the nearest rows are asked, 1 … rows with weight. Default 5. */
  readonly neighbours?: number
  /** `equal`: all count alike. `distance`: by 1 / distance, and rows at distance 0 alone where there are any. Default `equal`. */
  readonly voice?: 'equal' | 'distance'
  /** `[n]` each ≥ 0: how much a row's voice counts; a row of 0 is as if it were not there. Default all 1. */
  readonly weights?: ArrayLike<number>
}

/** The rows of training that have weight, ready to be searched. Plain data, as large as they are. */
export interface NeighboursModel {
  readonly kind: 'nearest-neighbours'
  readonly neighbours: number
  readonly voice: 'equal' | 'distance'
  readonly tree: KdTree
  /** `[n]` what was to be learned: amounts, or class numbers. */
  readonly targets: Float64Array
  /** Number of classes; 0 for amounts. */
  readonly classes: number
  /** `[n]` */
  readonly weights: Float64Array
}

/**
 * Predicts an amount as the mean of the most similar rows.
 *
 * Distances are Euclidean over all columns: scale them first, and leave out what does not matter.
 *
 * @param data `[n × d]`, finite
 * @param targets `[n]` finite
 * @throws RapportError `neighbours.data`, `.missing`, `.range`, `.targets`, `.weights`, `.count`, `.voice`
 *
 * Cost: O(n (d + log n) log n), and twice the memory of the data.
 * Source: Hastie, Tibshirani & Friedman, "The elements of statistical learning", 2nd ed. 2009, §2.3.2 and §13.3.
 *
 * @example
 * predictNeighbourAmounts(fitNeighbourAmounts(matrixFromRows([[0], [1], [9]]), [1, 3, 50], { neighbours: 2 }), matrixFromRows([[0.4]])) // [2]
 */
export function fitNeighbourAmounts(
  data: Matrix,
  targets: ArrayLike<number>,
  options: NeighboursOptions = {},
): NeighboursModel {
  const { rows, ...settings } = checkedSettings(data, options)
  const checked = checkedNumbers('neighbours', 'targets', data.rows, targets)
  return { kind: 'nearest-neighbours', ...settings, ...searchable(data, checked, rows), classes: 0 }
}

/**
 * Predicts a class by the vote of the most similar rows.
 *
 * @param labels `[n]` whole numbers 0 … K − 1, every one of them present with weight; K ≥ 2
 * @throws RapportError as `fitNeighbourAmounts`; `neighbours.labels`, `neighbours.classes`
 */
export function fitNeighbourClasses(
  data: Matrix,
  labels: ArrayLike<number>,
  options: NeighboursOptions = {},
): NeighboursModel {
  const { rows, ...settings } = checkedSettings(data, options)
  const weights = checkedWeights('neighbours', data.rows, options.weights)
  const targets = Float64Array.from(checkedClasses('neighbours', data.rows, labels, weights))
  const classes = targets.reduce((most, label) => Math.max(most, label + 1), 0)
  return { kind: 'nearest-neighbours', ...settings, ...searchable(data, targets, rows), classes }
}

/**
 * The mean of each row's neighbours, `[n]`.
 *
 * @param data `[n × d]` with the columns of training, finite
 * @throws RapportError `neighbours.task` when the model was fitted to classes, `neighbours.columns`, `neighbours.missing`, `neighbours.range`
 */
export function predictNeighbourAmounts(model: NeighboursModel, data: Matrix): Float64Array {
  checkTask(model, false)
  const { voices, found } = askNeighbours(model, data)
  return Float64Array.from({ length: data.rows }, (_, query) => {
    const [from, end] = [query * model.neighbours, (query + 1) * model.neighbours]
    let total = 0
    for (let at = from; at < end; at += 1) total += voices[at]!
    // Shares before the sum: targets near the largest number do not overflow.
    let mean = 0
    for (let at = from; at < end; at += 1) mean += (voices[at]! / total) * model.targets[found.rows[at]!]!
    return mean
  })
}

/**
 * Each class's share of the vote for each row, `[n × classes]`.
 *
 * @param data `[n × d]` with the columns of training, finite
 * @throws RapportError `neighbours.task` when the model was fitted to amounts, `neighbours.columns`, `neighbours.missing`, `neighbours.range`
 */
export function predictNeighbourClasses(model: NeighboursModel, data: Matrix): Matrix {
  checkTask(model, true)
  const { voices, found } = askNeighbours(model, data)
  const { classes, neighbours } = model
  const shares = new Float64Array(data.rows * classes)
  for (let query = 0; query < data.rows; query += 1) {
    const own = shares.subarray(query * classes, (query + 1) * classes)
    let total = 0
    for (let at = query * neighbours; at < (query + 1) * neighbours; at += 1) {
      own[model.targets[found.rows[at]!]!]! += voices[at]!
      total += voices[at]!
    }
    for (let k = 0; k < classes; k += 1) own[k]! /= total
  }
  return matrix(data.rows, classes, shares)
}

/** `[queries × neighbours]` how much each neighbour counts. */
function askNeighbours(model: NeighboursModel, data: Matrix): { voices: Float64Array; found: NearestRows } {
  const { tree, neighbours, weights, voice } = model
  if (data.columns !== tree.columns) {
    throw new RapportError(
      'neighbours.columns',
      `data must have the ${tree.columns} columns of training, got ${data.columns}`,
    )
  }
  if (data.rows > 0) checkFinite('neighbours', data)
  checkSquarable('neighbours', data, 0)
  const found = nearestRows(tree, data, neighbours)
  const voices = found.distances.map((distance, at) => {
    if (voice === 'equal') return 1
    // Neighbours are in order; beside the nearest one's distance no share overflows.
    const nearest = found.distances[at - (at % neighbours)]!
    if (nearest === 0) return distance === 0 ? 1 : 0
    return nearest / distance
  })
  return { voices: voices.map((value, at) => value * weights[found.rows[at]!]!), found }
}

function checkedSettings(
  data: Matrix,
  { neighbours = 5, voice = 'equal', weights }: NeighboursOptions,
): Pick<NeighboursModel, 'neighbours' | 'voice' | 'weights'> & { rows: Int32Array } {
  checkFinite('neighbours', data)
  checkSquarable('neighbours', data)
  const checked = checkedWeights('neighbours', data.rows, weights)
  const rows = Int32Array.from(checked.keys()).filter((row) => checked[row]! > 0)
  if (!Number.isInteger(neighbours) || neighbours < 1 || neighbours > rows.length) {
    throw new RapportError(
      'neighbours.count',
      `neighbours must be a whole number from 1 to ${rows.length} (rows with weight), got ${neighbours}`,
    )
  }
  if (voice !== 'equal' && voice !== 'distance') {
    throw new RapportError('neighbours.voice', `voice must be equal or distance, got ${String(voice)}`)
  }
  return { neighbours, voice, weights: checked.filter((weight) => weight > 0), rows }
}

const searchable = (
  data: Matrix,
  targets: Float64Array,
  rows: Int32Array,
): Pick<NeighboursModel, 'tree' | 'targets'> => ({
  tree: buildKdTree(rows.length === data.rows ? data : takeRows(data, rows)),
  targets: Float64Array.from(rows, (row) => targets[row]!),
})

function checkTask({ classes }: NeighboursModel, wanted: boolean): void {
  if (classes > 0 === wanted) return
  throw new RapportError(
    'neighbours.task',
    wanted
      ? 'the model must be fitted to classes, got one of amounts'
      : 'the model must be fitted to amounts, got one of classes',
  )
}
