import { RapportError, seededRandom } from '@rapport/numerics'

/** Rows to train on and rows to test on; both rising. */
export interface Fold {
  readonly train: Int32Array
  readonly test: Int32Array
}

export interface KFoldOptions {
  /** Number of folds, 2 … rows. Default 5. */
  readonly folds?: number
  /** The same seed, rows and folds give the same split. */
  readonly seed: number
}

/**
 * Splits rows at random into folds whose sizes differ by one at most; every row is tested exactly once.
 *
 * @param rows ≥ 2
 * @throws RapportError `folds.count` when folds is not 2 … rows
 *
 * @example
 * kFold(10, { folds: 5, seed: 1 })[0]!.test.length // 2
 */
export function kFold(rows: number, { folds = 5, seed }: KFoldOptions): Fold[] {
  checkFolds(folds, rows, 'rows')
  const order = shuffledRows(rows, seed)
  const assigned = new Int32Array(rows)
  order.forEach((row, at) => {
    assigned[row] = at % folds
  })
  return foldsFrom(assigned)
}

/**
 * Splits rows at random so that every fold has the same mix of classes, to within one row a class.
 *
 * @param labels `[n]` the class of each row, whole numbers
 * @throws RapportError `folds.count` when folds is not 2 … n, `folds.class` when a class has fewer rows than folds:
 *   some fold would then be without it
 *
 * @example
 * stratifiedKFold([0, 0, 1, 1], { folds: 2, seed: 1 }).every(({ test }) => test.length === 2) // true
 */
export function stratifiedKFold(labels: ArrayLike<number>, { folds = 5, seed }: KFoldOptions): Fold[] {
  checkFolds(folds, labels.length, 'rows')
  const byClass = new Map<number, number[]>()
  for (const row of shuffledRows(labels.length, seed)) {
    const members = byClass.get(labels[row]!)
    if (members) members.push(row)
    else byClass.set(labels[row]!, [row])
  }
  const assigned = new Int32Array(labels.length)
  let next = 0
  // One class goes on where the one before stopped, so the folds' sizes stay equal too.
  for (const label of [...byClass.keys()].sort((left, right) => left - right)) {
    const members = byClass.get(label)!
    if (members.length < folds) {
      throw new RapportError(
        'folds.class',
        `every class must have at least ${folds} rows, class ${label} has ${members.length}`,
      )
    }
    for (const row of members) {
      assigned[row] = next % folds
      next += 1
    }
  }
  return foldsFrom(assigned)
}

/**
 * Splits rows by their place modulo the number of folds: a split that others can repeat without our random numbers.
 *
 * @throws RapportError `folds.count` when folds is not 2 … rows
 *
 * @example
 * moduloFolds(5, 2)[0]!.test // Int32Array [0, 2, 4]
 */
export function moduloFolds(rows: number, folds: number): Fold[] {
  checkFolds(folds, rows, 'rows')
  return foldsFrom(Int32Array.from({ length: rows }, (_, row) => row % folds))
}

/**
 * Splits whole groups (a customer's rows, a household) into folds of about equal size, so that no group is on both sides.
 *
 * The largest group goes first, each to the fold with the fewest rows so far: the same groups give the same split.
 *
 * @param groups `[n]` the group of each row
 * @throws RapportError `folds.count` when folds is not 2 … number of groups
 *
 * @example
 * groupKFold(['a', 'a', 'b'], { folds: 2 })[0]!.test // Int32Array [0, 1]
 */
export function groupKFold(
  groups: ArrayLike<string | number>,
  { folds = 5 }: { readonly folds?: number } = {},
): Fold[] {
  const sizes = new Map<string | number, number>()
  for (let row = 0; row < groups.length; row += 1) sizes.set(groups[row]!, (sizes.get(groups[row]!) ?? 0) + 1)
  checkFolds(folds, sizes.size, 'groups')
  const foldOf = new Map<string | number, number>()
  const rowsIn = new Float64Array(folds)
  // Sorting is stable, so groups of one size go in the order of their first rows.
  for (const [group, size] of [...sizes].sort((left, right) => right[1] - left[1])) {
    const emptiest = rowsIn.indexOf(Math.min(...rowsIn))
    foldOf.set(group, emptiest)
    rowsIn[emptiest]! += size
  }
  return foldsFrom(Int32Array.from({ length: groups.length }, (_, row) => foldOf.get(groups[row]!)!))
}

export interface TimeSplitOptions {
  /** Number of test periods, ≥ 1. Default 5. */
  readonly folds?: number
  /** Time that must lie between the last training row and the first test row, in the unit of `times`. Default 0. */
  readonly gap?: number
}

/**
 * Splits rows by time: each fold tests a period and trains on what lies before it, so that nothing learns from the future.
 *
 * Periods hold about equally many rows, and rows of one moment are never parted.
 *
 * @param times `[n]` finite, any unit and order
 * @returns `folds` folds, the earliest first
 * @throws RapportError `folds.count`, `folds.times`, `folds.gap`, and `folds.moments` when the rows have too few
 *   different moments, or the gap leaves a fold without training rows
 *
 * @example
 * timeSplit([1, 2, 3, 4], { folds: 1 })[0] // train [0, 1], test [2, 3]
 */
export function timeSplit(times: ArrayLike<number>, { folds = 5, gap = 0 }: TimeSplitOptions = {}): Fold[] {
  if (!Number.isInteger(folds) || folds < 1) {
    throw new RapportError('folds.count', `folds must be a whole number ≥ 1, got ${folds}`)
  }
  if (!(gap >= 0)) throw new RapportError('folds.gap', `gap must be at least 0, got ${gap}`)
  const moments = Float64Array.from(times)
  const wrong = moments.findIndex((time) => !Number.isFinite(time))
  if (wrong >= 0)
    throw new RapportError('folds.times', `every time must be finite, got ${moments[wrong]} at row ${wrong}`)
  const ascending = moments.slice().sort()
  const starts = Array.from({ length: folds + 1 }, (_, period) => {
    return ascending[Math.floor((period * ascending.length) / (folds + 1))] ?? 0
  })
  return Array.from({ length: folds }, (_, at) => {
    const from = starts[at + 1]!
    const until = starts[at + 2] ?? Infinity
    const fold = {
      train: rowsWhere(moments, (time) => time < from && time <= from - gap),
      test: rowsWhere(moments, (time) => time >= from && time < until),
    }
    if (fold.train.length === 0 || fold.test.length === 0) {
      throw new RapportError(
        'folds.moments',
        `every fold must have rows before and in its period, fold ${at} has ${fold.train.length} before and ${fold.test.length} in it`,
      )
    }
    return fold
  })
}

/**
 * Folds from each row's fold number, 0 … k − 1.
 *
 * @throws RapportError `folds.assigned` when a number is not whole and ≥ 0, or a fold between has no rows
 */
export function foldsFrom(assigned: ArrayLike<number>): Fold[] {
  let last = -1
  for (let row = 0; row < assigned.length; row += 1) {
    const fold = assigned[row]!
    if (!Number.isInteger(fold) || fold < 0) {
      throw new RapportError('folds.assigned', `every fold must be a whole number ≥ 0, got ${fold} at row ${row}`)
    }
    last = Math.max(last, fold)
  }
  return Array.from({ length: last + 1 }, (_, held) => {
    const test = rowsWhere(assigned, (fold) => fold === held)
    if (test.length === 0) throw new RapportError('folds.assigned', `every fold must have rows, fold ${held} has none`)
    return { train: rowsWhere(assigned, (fold) => fold !== held), test }
  })
}

function rowsWhere(values: ArrayLike<number>, holds: (value: number) => boolean): Int32Array {
  const rows: number[] = []
  for (let row = 0; row < values.length; row += 1) if (holds(values[row]!)) rows.push(row)
  return Int32Array.from(rows)
}

function shuffledRows(rows: number, seed: number): Int32Array {
  const order = Int32Array.from({ length: rows }, (_, row) => row)
  seededRandom(seed).shuffle(order)
  return order
}

function checkFolds(folds: number, most: number, of: string): void {
  if (!Number.isInteger(folds) || folds < 2 || folds > most) {
    throw new RapportError('folds.count', `folds must be a whole number from 2 to ${most} (${of}), got ${folds}`)
  }
}
