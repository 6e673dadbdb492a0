import {
  checkFinite,
  type Matrix,
  matrix,
  type Random,
  RapportError,
  seededRandom,
  stopIfAborted,
  takeRows,
  type Work,
} from '@rapport/numerics'
import { checkedClasses } from '../linear/checked-classes.ts'
import { type PriorShift, priorShift } from './class-shares.ts'
import { sameClassNeighbours, writeSynthetic } from './synthetic-rows.ts'

export interface ResamplingOptions {
  /**
   * `under` leaves rows of the larger classes out, `over` repeats rows of the smaller ones, `smote` puts new rows between
   * neighbours of a smaller class.
   */
  readonly method: 'under' | 'over' | 'smote'
  /** Rows of each smaller class for a row of the largest, in (0, 1]; classes that have as many are left alone. Default 1. */
  readonly share?: number
  /** For `smote`: neighbours of its class that a row is joined with, ≥ 1. Default 5. */
  readonly neighbours?: number
  /** For `smote`: columns of codes, which new rows take from most of the neighbours (SMOTE-NC). Default none. */
  readonly categorical?: readonly number[]
  /** The same seed, data and options give the same rows. */
  readonly seed: number
}

/** Rows to train on. */
export interface ResampledRows {
  readonly data: Matrix
  readonly labels: Int32Array
  /** `[rows]` the row each was, −1 for a new one. Rows of before come first, rising. */
  readonly origin: Int32Array
  /** For `correctPrior` of what a model trained on them predicts. */
  readonly prior: PriorShift
}

/**
 * Training rows whose classes are balanced, or nearer to it.
 *
 * For training rows alone, inside each fold: a copy or a neighbour of a test row in training makes the test worthless. What the
 * model says afterwards needs `correctPrior`. Linear models and boosting seldom gain; weigh the classes first (`classWeights`).
 *
 * @param data `[n × d]`; for `smote` finite, on one scale
 * @param labels `[n]` whole numbers 0 … K − 1, every one present; K ≥ 2
 * @throws RapportError `resampling.labels`, `resampling.classes`, `resampling.options`, `resampling.missing`, and
 *   `resampling.class` when a class to be filled by `smote` has a single row, `work.aborted`
 *
 * Cost: O(rows drawn · d); `smote` also a neighbour search among the rows of each smaller class.
 * Source: Chawla et al., "SMOTE: synthetic minority over-sampling technique", JAIR 16, 2002.
 *
 * @example
 * resampleClasses(matrixFromRows([[1], [2], [3], [9]]), [0, 0, 0, 1], { method: 'over', seed: 1 }).labels // [0, 0, 0, 1, 1, 1]
 */
export function resampleClasses(
  data: Matrix,
  labels: ArrayLike<number>,
  options: ResamplingOptions,
  work?: Work,
): ResampledRows {
  const { method, share = 1, neighbours = 5, categorical = [], seed } = options
  if (!(share > 0 && share <= 1)) {
    throw new RapportError('resampling.options', `share must be above 0 and at most 1, got ${share}`)
  }
  if (!Number.isInteger(neighbours) || neighbours < 1) {
    throw new RapportError('resampling.options', `neighbours must be a whole number ≥ 1, got ${neighbours}`)
  }
  const strange = categorical.find((column) => !Number.isInteger(column) || column < 0 || column >= data.columns)
  if (strange !== undefined) {
    throw new RapportError(
      'resampling.options',
      `categorical must name columns from 0 to ${data.columns - 1}, got ${strange}`,
    )
  }
  const classes = checkedClasses('resampling', data.rows, labels, new Float64Array(data.rows).fill(1))
  const members = membersByClass(classes)
  const random = seededRandom(seed)
  if (method === 'under') return underSampled(data, members, share, random)
  if (method === 'smote') checkFinite('resampling', data)
  const wanted = Math.floor(Math.max(...members.map((rows) => rows.length)) * share)
  const kept = Array.from({ length: data.rows }, (_, row) => row)
  const labelOf = Array.from(classes)
  const parts: Synthetic[] = []
  for (const [label, rows] of members.entries()) {
    stopIfAborted(work)
    const own = random.fork(label)
    const missing = Math.max(0, wanted - rows.length)
    for (let draw = 0; draw < missing; draw += 1) labelOf.push(label)
    if (method === 'over') for (let draw = 0; draw < missing; draw += 1) kept.push(rows[own.integer(rows.length)]!)
    else if (missing > 0) parts.push(syntheticRows(data, label, rows, missing, { neighbours, categorical }, own))
    work?.onProgress?.({ stage: 'resampled class', done: label + 1, total: members.length })
  }
  const origin = [...kept, ...parts.flatMap(({ rows }) => Array.from({ length: rows }, () => -1))]
  const taken = takeRows(data, kept)
  const values = new Float64Array(origin.length * data.columns)
  values.set(taken.values)
  let at = taken.values.length
  for (const part of parts) {
    values.set(part.values, at)
    at += part.values.length
  }
  return resampled(matrix(origin.length, data.columns, values), labelOf, origin, members)
}

interface Synthetic {
  readonly rows: number
  readonly values: Float64Array
}

function syntheticRows(
  data: Matrix,
  label: number,
  members: readonly number[],
  rows: number,
  { neighbours, categorical }: { readonly neighbours: number; readonly categorical: readonly number[] },
  random: Random,
): Synthetic {
  if (members.length < 2) {
    throw new RapportError(
      'resampling.class',
      `class ${label} must have at least 2 rows to put new ones between, got 1`,
    )
  }
  const own = takeRows(data, members)
  const near = sameClassNeighbours(own, Math.min(neighbours, members.length - 1), categorical)
  const values = new Float64Array(rows * data.columns)
  for (let row = 0; row < rows; row += 1) {
    const pick = { row: random.integer(members.length), neighbour: random.integer(near.k), part: random.uniform() }
    writeSynthetic(own, near, categorical, pick, values, row * data.columns)
  }
  return { rows, values }
}

function underSampled(data: Matrix, members: readonly number[][], share: number, random: Random): ResampledRows {
  const most = Math.floor(Math.min(...members.map((rows) => rows.length)) / share)
  const labelOf = new Map<number, number>()
  members.forEach((rows, label) => {
    const order = Int32Array.from(rows)
    if (order.length > most) random.fork(label).shuffle(order)
    for (const row of order.subarray(0, most)) labelOf.set(row, label)
  })
  const kept = [...labelOf.keys()].sort((left, right) => left - right)
  return resampled(
    takeRows(data, kept),
    kept.map((row) => labelOf.get(row)!),
    kept,
    members,
  )
}

function resampled(
  data: Matrix,
  labels: readonly number[],
  origin: readonly number[],
  before: readonly number[][],
): ResampledRows {
  const trained = new Float64Array(before.length)
  for (const label of labels) trained[label]! += 1
  return {
    data,
    labels: Int32Array.from(labels),
    origin: Int32Array.from(origin),
    prior: priorShift(
      Float64Array.from(before, (rows) => rows.length),
      trained,
    ),
  }
}

function membersByClass(classes: Int32Array): number[][] {
  const members: number[][] = []
  classes.forEach((label, row) => {
    members[label] ??= []
    members[label]!.push(row)
  })
  return members
}
