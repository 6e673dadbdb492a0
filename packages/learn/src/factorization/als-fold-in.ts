import { cholesky, type Matrix, RapportError, type SparseMatrix, solveCholesky } from '@rapport/numerics'
import { checkInteractions } from '../recommenders/interactions.ts'
import type { RankedItems } from '../recommenders/item-item.ts'
import { checkHistory } from '../recommenders/recommend.ts'
import type { AlsModel } from './als.ts'

/**
 * Factors of users from their histories alone, the items standing still: for those who came after the fit, or whose
 * history has grown. Solved exactly, so a user who was in the fit gets the same factors up to its rounding.
 *
 * @param history `[users × items]`
 * @returns `[users × factors]`, single precision; zeros for a user without history
 * @throws RapportError `als.history` when the items are not the model's
 *
 * Cost: a user takes O(the user's items × factors² + factors³).
 */
export function foldInUsers(model: AlsModel, history: SparseMatrix): Matrix {
  checkHistory('als', model.itemFactors.rows, history)
  checkInteractions('als', history)
  const factors = model.itemFactors.columns
  const gram = itemGram(model)
  const values = new Float32Array(history.rows * factors)
  for (let user = 0; user < history.rows; user += 1) {
    const system = normalSystem(model, gram, history, user)
    if (system) values.set(system.solve(system.right), user * factors)
  }
  return { rows: history.rows, columns: factors, values }
}

/** The model with other users in place of its own, to recommend to them. */
export function withUsers(model: AlsModel, history: SparseMatrix): AlsModel {
  return { ...model, userFactors: foldInUsers(model, history) }
}

/** A score and the parts of it that items of the history are behind. */
export interface Explanation {
  /** The preference for the item, about 0 … 1: the sum of all contributions. */
  readonly score: number
  /** Items of the history by what they add to the score, most first; negative ones speak against it. */
  readonly because: RankedItems
}

/**
 * "Because you bought": what each item of a user's history adds to the score of `item`.
 *
 * A user's factors are W Σ (1 + w) y over the history, W the inverse of the user's normal matrix. So the score of item z
 * splits exactly into (zᵀ W y)(1 + w), one part for each past item. The score is that of `foldInUsers`.
 *
 * @returns undefined when the user has no history
 * @throws RapportError `als.item` or `als.user` when there is no such item or row
 *
 * Source: Hu, Koren & Volinsky 2008, section 5, eq. 7.
 */
export function explainAls(
  model: AlsModel,
  history: SparseMatrix,
  user: number,
  item: number,
): Explanation | undefined {
  checkHistory('als', model.itemFactors.rows, history)
  if (!(Number.isInteger(user) && user >= 0 && user < history.rows)) {
    throw new RapportError('als.user', `user must be a row of the history, 0 … ${history.rows - 1}, got ${user}`)
  }
  checkItem(model, item)
  const system = normalSystem(model, itemGram(model), history, user)
  if (!system) return undefined
  const towards = system.solve(factorsOf(model, item))
  let score = 0
  const parts = system.items.map((past, at) => {
    const contribution = (1 + system.weights[at]!) * product(towards, factorsOf(model, past))
    score += contribution
    return { past, contribution }
  })
  parts.sort((one, other) => other.contribution - one.contribution || one.past - other.past)
  return {
    score,
    because: {
      items: Int32Array.from(parts, ({ past }) => past),
      scores: Float64Array.from(parts, ({ contribution }) => contribution),
    },
  }
}

/** @throws RapportError `als.item` when the model has no such item */
export function checkItem(model: AlsModel, item: number): void {
  if (Number.isInteger(item) && item >= 0 && item < model.itemFactors.rows) return
  throw new RapportError('als.item', `item must be 0 … ${model.itemFactors.rows - 1}, got ${item}`)
}

interface NormalSystem {
  readonly items: readonly number[]
  readonly weights: readonly number[]
  /** `[factors]`, Σ (1 + w) y */
  readonly right: Float64Array
  /** The x with (YᵀY + Σ w y yᵀ + penalty I) x = `vector`. */
  readonly solve: (vector: Float64Array) => Float64Array
}

/** The normal equations of one user, or undefined without a history. */
function normalSystem(
  model: AlsModel,
  gram: Float64Array,
  history: SparseMatrix,
  user: number,
): NormalSystem | undefined {
  const factors = model.itemFactors.columns
  const items: number[] = []
  const weights: number[] = []
  const matrix = gram.slice()
  const right = new Float64Array(factors)
  let mass = history.columns
  for (let at = history.rowStarts[user]!; at < history.rowStarts[user + 1]!; at += 1) {
    const weight = model.confidence * history.values[at]!
    if (weight === 0) continue
    const item = history.columnIndices[at]!
    const vector = factorsOf(model, item)
    items.push(item)
    weights.push(weight)
    mass += weight
    for (let row = 0; row < factors; row += 1) {
      const scale = weight * vector[row]!
      right[row]! += (1 + weight) * vector[row]!
      for (let column = 0; column <= row; column += 1) matrix[row * factors + column]! += scale * vector[column]!
    }
  }
  if (items.length === 0) return undefined
  const penalty = model.regularization * (model.penalty === 'mass' ? mass : 1)
  for (let row = 0; row < factors; row += 1) matrix[row * factors + row]! += penalty
  const factor = cholesky(matrix, factors)
  if (!factor) throw new RapportError('als.singular', `the normal matrix of user ${user} must be positive definite`)
  return { items, weights, right, solve: (vector) => solveCholesky(factor, vector) }
}

/** YᵀY in double precision. */
function itemGram({ itemFactors }: AlsModel): Float64Array {
  const { rows, columns, values } = itemFactors
  const gram = new Float64Array(columns * columns)
  for (let item = 0; item < rows; item += 1) {
    for (let row = 0; row < columns; row += 1) {
      const scale = values[item * columns + row]!
      for (let column = 0; column <= row; column += 1) {
        gram[row * columns + column]! += scale * values[item * columns + column]!
      }
    }
  }
  return gram
}

const factorsOf = ({ itemFactors: { columns, values } }: AlsModel, item: number): Float64Array =>
  Float64Array.from(values.subarray(item * columns, (item + 1) * columns))

function product(one: Float64Array, other: Float64Array): number {
  let sum = 0
  for (let at = 0; at < one.length; at += 1) sum += one[at]! * other[at]!
  return sum
}
