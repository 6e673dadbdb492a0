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
import { checkedWeights } from '../linear/checked-numbers.ts'
import { type PriorShift, priorShift } from './class-shares.ts'
import { firstAbove, runningSums } from './first-above.ts'
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
  /**
   * `[n]` each ≥ 0: a row of weight 2 counts twice in the size of its class, and new rows start from it twice as often.
   * Default all 1.
   */
  readonly weights?: ArrayLike<number>
  /** The same seed, data and options give the same rows. */
  readonly seed: number
}

/** Rows to train on. */
export interface ResampledRows {
  readonly data: Matrix
  readonly labels: Int32Array
  /** `[rows]` the row each was, −1 for a new one. Rows of before come first, rising. */
  readonly origin: Int32Array
  /** `[rows]` those of before, 1 for a new one; where rows are left out, the last one of a class may keep a part of its own. */
  readonly weights: Float64Array
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
 * @throws RapportError `resampling.labels`, `resampling.classes`, `resampling.options`, `resampling.missing`,
 *   `resampling.weights`, and
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
  const { method, share = 1, neighbours = 5, categorical = [], weights, seed } = options
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
  const weighed = checkedWeights('resampling', data.rows, weights)
  const classes = checkedClasses('resampling', data.rows, labels, weighed)
  const members = membersByClass(classes, weighed)
  const random = seededRandom(seed)
  if (method === 'under') return underSampled(data, members, share, random)
  if (method === 'smote') checkFinite('resampling', data)
  const wanted = Math.floor(Math.max(...members.map(weightOf)) * share)
  const kept = Array.from({ length: data.rows }, (_, row) => row)
  const labelOf = Array.from(classes)
  const parts: Synthetic[] = []
  for (const [label, group] of members.entries()) {
    stopIfAborted(work)
    const own = random.fork(label)
    const missing = Math.max(0, Math.floor(wanted - weightOf(group)))
    for (let draw = 0; draw < missing; draw += 1) labelOf.push(label)
    const drawPlace = placesByWeight(group, weights !== undefined, own)
    if (method === 'over') for (let draw = 0; draw < missing; draw += 1) kept.push(group.rows[drawPlace()]!)
    else if (missing > 0) {
      parts.push(syntheticRows(data, label, group.rows, missing, { neighbours, categorical, drawPlace }, own))
    }
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
  const counted = origin.map((_, row) => (row < data.rows ? weighed[row]! : 1))
  return resampled(matrix(origin.length, data.columns, values), labelOf, origin, counted, members)
}

interface SyntheticOptions {
  readonly neighbours: number
  readonly categorical: readonly number[]
  /** Which of the class's rows a new one starts from. */
  readonly drawPlace: () => number
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
  { neighbours, categorical, drawPlace }: SyntheticOptions,
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
    const pick = { row: drawPlace(), neighbour: random.integer(near.k), part: random.uniform() }
    writeSynthetic(own, near, categorical, pick, values, row * data.columns)
  }
  return { rows, values }
}

function underSampled(data: Matrix, members: readonly ClassRows[], share: number, random: Random): ResampledRows {
  const most = Math.floor(Math.min(...members.map(weightOf)) / share)
  const keptOf = new Map<number, { readonly label: number; readonly weight: number }>()
  members.forEach((group, label) => {
    const order = Int32Array.from(group.rows, (_, place) => place)
    if (weightOf(group) > most) random.fork(label).shuffle(order)
    let left = most
    for (const place of order) {
      const weight = Math.min(group.weights[place]!, left)
      if (weight > 0) keptOf.set(group.rows[place]!, { label, weight })
      left -= weight
    }
  })
  const kept = [...keptOf].sort(([left], [right]) => left - right)
  return resampled(
    takeRows(
      data,
      kept.map(([row]) => row),
    ),
    kept.map(([, { label }]) => label),
    kept.map(([row]) => row),
    kept.map(([, { weight }]) => weight),
    members,
  )
}

function resampled(
  data: Matrix,
  labels: readonly number[],
  origin: readonly number[],
  weights: readonly number[],
  before: readonly ClassRows[],
): ResampledRows {
  const trained = new Float64Array(before.length)
  labels.forEach((label, row) => {
    trained[label]! += weights[row]!
  })
  return {
    data,
    labels: Int32Array.from(labels),
    origin: Int32Array.from(origin),
    weights: Float64Array.from(weights),
    prior: priorShift(Float64Array.from(before, weightOf), trained),
  }
}

/** Rows of one class. */
interface ClassRows {
  readonly rows: number[]
  readonly weights: number[]
}

const weightOf = ({ weights }: ClassRows): number => weights.reduce((sum, weight) => sum + weight, 0)

/** Draws places of a class's rows, all alike where nobody said otherwise. */
function placesByWeight({ rows, weights }: ClassRows, isWeighted: boolean, random: Random): () => number {
  if (!isWeighted) return () => random.integer(rows.length)
  const reached = runningSums(Float64Array.from(weights))
  return () => firstAbove(reached, random.uniform() * reached.at(-1)!)
}

function membersByClass(classes: Int32Array, weights: Float64Array): ClassRows[] {
  const members: ClassRows[] = []
  classes.forEach((label, row) => {
    members[label] ??= { rows: [], weights: [] }
    members[label]!.rows.push(row)
    members[label]!.weights.push(weights[row]!)
  })
  return members
}
