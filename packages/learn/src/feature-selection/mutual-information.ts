import { digamma, type Matrix, matrix, type Random, RapportError, seededRandom } from '@rapport/numerics'
import { checkedWeights } from '../linear/checked-numbers.ts'
import { meanAndDeviation } from '../preparation/scaling.ts'
import type { Column } from '../preparation/table.ts'
import { distancesToKth } from './chebyshev-neighbours.ts'
import { measure } from './measured-column.ts'

export interface MutualInformationOptions {
  /** Neighbours that a density is judged by, ≥ 1: more vary less and blur more. Default 3. */
  readonly neighbours?: number
  /** A number column with at most this many different values is read as classes. Default 10. */
  readonly classesMax?: number
  /**
   * `[n]` each ≥ 0, of classes with classes only: a weight of 2 counts as the row twice, and among amounts a row twice is no
   * neighbour that tells anything. Bin amounts first (`fitBins`). Default all 1.
   */
  readonly weights?: ArrayLike<number>
  /** For the tiny noise that parts equal amounts, as the method needs. */
  readonly seed: number
}

/**
 * How much knowing one column tells of the other, in nats: 0 when nothing, whatever the shape of the relation.
 *
 * Classes with classes by their counts; amounts by distances to near neighbours, which needs no bins. Rows in which an
 * amount is missing are left out; a missing class is a class.
 *
 * @param column `[n]`, amounts finite or NaN
 * @param target `[n]`
 * @returns at least 0: an estimate below it is chance
 * @throws RapportError `mutual-information.rows` when lengths differ or no more rows than neighbours are left,
 *   `mutual-information.infinite`, `mutual-information.neighbours`, `mutual-information.weights` also for weights of amounts
 *
 * Cost: O(n log n).
 * Source: Kraskov, Stögbauer & Grassberger, "Estimating mutual information", Phys. Rev. E 69, 2004 (estimator 1); Ross,
 * "Mutual information between discrete and continuous data sets", PLoS ONE 9(2), 2014. As scikit-learn.
 *
 * @example
 * mutualInformation({ name: 'a', kind: 'text', values: ['x', 'y', 'x', 'y'] }, { name: 'b', kind: 'text', values: ['u', 'v', 'u', 'v'] }, { seed: 1 }) // ln 2
 */
export function mutualInformation(
  column: Column,
  target: Column,
  { neighbours = 3, classesMax, weights, seed }: MutualInformationOptions,
): number {
  if (!Number.isInteger(neighbours) || neighbours < 1) {
    throw new RapportError('mutual-information.neighbours', `neighbours must be a whole number ≥ 1, got ${neighbours}`)
  }
  if (column.values.length !== target.values.length) {
    throw new RapportError(
      'mutual-information.rows',
      `both columns must have one length, got ${column.values.length} and ${target.values.length}`,
    )
  }
  const one = measure(column, classesMax)
  const other = measure(target, classesMax)
  const random = seededRandom(seed)
  if (one.kind === 'classes' && other.kind === 'classes') {
    checkRows(one.codes.length, 0)
    return ofClasses(one.codes, other.codes, checkedWeights('mutual-information', one.codes.length, weights))
  }
  if (weights !== undefined) {
    const amounts = one.kind === 'amounts' ? column.name : target.name
    throw new RapportError(
      'mutual-information.weights',
      `both columns must be classes for weights, got amounts in ${amounts}`,
    )
  }
  if (one.kind === 'amounts' && other.kind === 'amounts') {
    const rows = presentRows(one.values, other.values)
    checkRows(rows.length, neighbours)
    return ofAmounts(parted(one.values, rows, random), parted(other.values, rows, random), neighbours)
  }
  const amounts = one.kind === 'amounts' ? one.values : other.kind === 'amounts' ? other.values : new Float64Array(0)
  const codes = one.kind === 'classes' ? one.codes : other.kind === 'classes' ? other.codes : new Int32Array(0)
  const rows = presentRows(amounts)
  checkRows(rows.length, neighbours)
  const labels = Int32Array.from(rows, (row) => codes[row]!)
  return ofAmountsAndClasses(parted(amounts, rows, random), labels, neighbours)
}

/** By a map of the pairs that occur: a table of two columns of many categories would fill the memory. */
function ofClasses(one: Int32Array, other: Int32Array, weights: Float64Array): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const ofOne = new Map<number, number>()
  const ofOther = new Map<number, number>()
  const ofBoth = new Map<string, { count: number; one: number; other: number }>()
  for (let row = 0; row < one.length; row += 1) {
    const [a, b, weight] = [one[row]!, other[row]!, weights[row]!]
    if (weight === 0) continue
    ofOne.set(a, (ofOne.get(a) ?? 0) + weight)
    ofOther.set(b, (ofOther.get(b) ?? 0) + weight)
    const pair = ofBoth.get(`${a} ${b}`)
    if (pair) pair.count += weight
    else ofBoth.set(`${a} ${b}`, { count: weight, one: a, other: b })
  }
  let shared = 0
  for (const { count, one: a, other: b } of ofBoth.values()) {
    shared += (count / total) * Math.log((count * total) / (ofOne.get(a)! * ofOther.get(b)!))
  }
  return Math.max(0, shared)
}

function ofAmounts(one: Float64Array, other: Float64Array, neighbours: number): number {
  const n = one.length
  const points = new Float64Array(2 * n)
  for (let row = 0; row < n; row += 1) {
    points[2 * row] = one[row]!
    points[2 * row + 1] = other[row]!
  }
  const radii = distancesToKth(matrix(n, 2, points), neighbours)
  const near = meanDigamma(countsWithin(one, radii)) + meanDigamma(countsWithin(other, radii))
  return Math.max(0, digamma(n) + digamma(neighbours) - near)
}

function ofAmountsAndClasses(amounts: Float64Array, labels: Int32Array, neighbours: number): number {
  const byClass = new Map<number, number[]>()
  labels.forEach((label, row) => {
    const members = byClass.get(label)
    if (members) members.push(row)
    else byClass.set(label, [row])
  })
  // A class of a single row has no neighbour, and says nothing.
  const classes = [...byClass.values()].filter((members) => members.length > 1)
  const rows = classes.flat()
  if (rows.length === 0) return 0
  const radii = new Float64Array(rows.length)
  let ofNeighbours = 0
  let ofSizes = 0
  let start = 0
  for (const members of classes) {
    const k = Math.min(neighbours, members.length - 1)
    radii.set(distancesToKth(column(members, amounts), k), start)
    start += members.length
    ofNeighbours += members.length * digamma(k)
    ofSizes += members.length * digamma(members.length)
  }
  const near = meanDigamma(
    countsWithin(
      Float64Array.from(rows, (row) => amounts[row]!),
      radii,
    ),
  )
  return Math.max(0, digamma(rows.length) + (ofNeighbours - ofSizes) / rows.length - near)
}

const column = (rows: readonly number[], amounts: Float64Array): Matrix =>
  matrix(
    rows.length,
    1,
    Float64Array.from(rows, (row) => amounts[row]!),
  )

/** How many values, its own included, lie nearer to each than its radius. */
function countsWithin(values: Float64Array, radii: Float64Array): Float64Array {
  const ascending = values.slice().sort()
  return values.map((value, row) => {
    const radius = radii[row]!
    const from = firstWhere(ascending, (other) => value - other < radius)
    const to = firstWhere(ascending, (other) => other - value >= radius)
    // Where neighbours coincide in spite of the noise, no value is nearer: its own is there all the same.
    return Math.max(1, to - from)
  })
}

/** Index of the first of rising values for which `holds`, which stays true once it is. */
function firstWhere(ascending: Float64Array, holds: (value: number) => boolean): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(ascending[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}

const meanDigamma = (counts: Float64Array): number =>
  counts.reduce((sum, count) => sum + digamma(count), 0) / counts.length

/** The rows' values in standard deviations, parted where they are equal by noise of 10⁻¹⁰, as Kraskov et al. advise. */
function parted(values: Float64Array, rows: Int32Array, random: Random): Float64Array {
  const own = Float64Array.from(rows, (row) => values[row]!)
  const { spread } = meanAndDeviation(own)
  const scaled = spread > 0 ? own.map((value) => value / spread) : own
  const size = scaled.reduce((sum, value) => sum + Math.abs(value), 0) / scaled.length
  return scaled.map((value) => value + 1e-10 * Math.max(1, size) * random.normal())
}

function presentRows(...amounts: readonly Float64Array[]): Int32Array {
  const rows: number[] = []
  const n = amounts[0]!.length
  for (let row = 0; row < n; row += 1) {
    let isThere = true
    for (const values of amounts) {
      const value = values[row]!
      if (Math.abs(value) === Infinity) {
        throw new RapportError(
          'mutual-information.infinite',
          `every amount must be finite or NaN, got ${value} at row ${row}`,
        )
      }
      isThere &&= !Number.isNaN(value)
    }
    if (isThere) rows.push(row)
  }
  return Int32Array.from(rows)
}

function checkRows(rows: number, neighbours: number): void {
  if (rows > neighbours) return
  throw new RapportError(
    'mutual-information.rows',
    `there must be more than ${neighbours} rows with an amount, got ${rows}`,
  )
}
