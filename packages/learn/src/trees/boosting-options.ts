import { checkList, checkMatrix, type Matrix, RapportError } from '@rapport/numerics'
import { checkTotalWeight } from '../linear/checked-numbers.ts'

export interface BoostingOptions {
  /** Trees, 1 or more. Default 100. */
  readonly rounds?: number
  /** Share of a tree's correction that is taken, above 0, usually ≤ 1. Default 0.1. */
  readonly learningRate?: number
  /** Leaves of a tree at most, 2 or more. Default 31. */
  readonly leavesMax?: number
  /** Training rows that a leaf holds at least, 1 or more. Default 20. */
  readonly rowsPerLeafMin?: number
  /** Splits between the root and any leaf at most, 1 or more. Default: no limit. */
  readonly depthMax?: number
  /** Penalty on the square of a leaf's value, 0 or more. Default 0. */
  readonly l2?: number
  /**
   * Penalty added to `l2` for the two sides of a split by categories, 0 or more: with many small categories, a set of
   * them always fits the training rows. Default 10.
   */
  readonly categoryL2?: number
  /** Bins that the values of a column are put in at most, 2 … 255, missing values apart. Default 255. */
  readonly binsMax?: number
  /** Indices of columns whose numbers are codes of categories without an order. Default none. */
  readonly categorical?: readonly number[]
  /** Columns of numbers with which predictions must never fall, or never rise. Default none. */
  readonly monotone?: MonotoneColumns
  /** `[n]` how much each row counts, each ≥ 0 and finite. Default 1. */
  readonly weights?: ArrayLike<number>
  /** Hold rows back and stop when they have not been predicted better for a while. Default: all rounds are made. */
  readonly earlyStopping?: EarlyStopping
  /** The same seed, data and options give the same trees, bit for bit. */
  readonly seed: number
  /** Threads, 0 … 64; 0 computes on the calling thread. Never changes a result. Default: as many as pay. */
  readonly workers?: number
}

/** Indices of columns. */
export interface MonotoneColumns {
  /** All else equal, a higher value never gives a lower prediction. */
  readonly rising?: readonly number[]
  /** All else equal, a higher value never gives a higher prediction. */
  readonly falling?: readonly number[]
}

export interface EarlyStopping {
  /** Share of the rows (of each class, where there are classes) that is held back, in (0, 1). */
  readonly share: number
  /** Rounds in a row without a lower loss on the rows held back, 1 or more; the rounds up to the best are kept. */
  readonly patience: number
  /**
   * `[n]` the group of each row (a customer's moments): whole groups are held back, so that none is on both sides. Not for
   * rankings, which hold whole queries back. Default: rows are held back one by one.
   */
  readonly groups?: ArrayLike<string | number>
}

/** Options with every default filled in. */
export interface BoostingSettings {
  readonly rounds: number
  readonly learningRate: number
  readonly leavesMax: number
  readonly rowsPerLeafMin: number
  readonly depthMax: number
  readonly l2: number
  readonly categoryL2: number
  readonly binsMax: number
  /** `[columns]` 1 for a categorical column. */
  readonly isCategorical: Uint8Array
  /** `[columns]` 1 rising, −1 falling, 0 free; `undefined` where all are free. */
  readonly directions: Int8Array | undefined
  readonly earlyStopping: EarlyStopping | undefined
  readonly seed: number
  readonly workers: number | undefined
}

/** Checks everything that boosting is given but its target, once, and fills in defaults. */
export function checkBoosting(data: Matrix, options: BoostingOptions): BoostingSettings {
  checkMatrix('boosting', data)
  if (data.rows === 0 || data.columns === 0) {
    throw new RapportError(
      'boosting.data',
      `data must have at least one row and one column, got ${data.rows} × ${data.columns}`,
    )
  }
  const { rounds = 100, leavesMax = 31, rowsPerLeafMin = 20, binsMax = 255, depthMax = Infinity } = options
  const { learningRate = 0.1, l2 = 0, categoryL2 = 10, earlyStopping } = options
  checkWhole('rounds', rounds, 1)
  checkWhole('leavesMax', leavesMax, 2)
  checkWhole('rowsPerLeafMin', rowsPerLeafMin, 1)
  checkWhole('binsMax', binsMax, 2, 255)
  if (depthMax !== Infinity) checkWhole('depthMax', depthMax, 1)
  checkNumber('learningRate', learningRate, learningRate > 0, 'above 0')
  checkNumber('l2', l2, l2 >= 0, '0 or more')
  checkNumber('categoryL2', categoryL2, categoryL2 >= 0, '0 or more')
  if (earlyStopping) {
    const { share, patience, groups } = earlyStopping
    checkNumber('earlyStopping.share', share, share > 0 && share < 1, 'between 0 and 1')
    checkWhole('earlyStopping.patience', patience, 1)
    if (groups && groups.length !== data.rows) {
      throw new RapportError(
        'boosting.options',
        `earlyStopping.groups must have a group for each of the ${data.rows} rows, got ${groups.length}`,
      )
    }
  }
  const isCategorical = new Uint8Array(data.columns)
  for (const column of options.categorical ?? []) {
    checkWhole('categorical', column, 0, data.columns - 1)
    isCategorical[column] = 1
  }
  checkWeights(options.weights, data.rows)
  const { seed, workers } = options
  return {
    rounds,
    learningRate,
    leavesMax,
    rowsPerLeafMin,
    depthMax,
    l2,
    categoryL2,
    binsMax,
    isCategorical,
    directions: directionsOf(options.monotone, isCategorical),
    earlyStopping,
    seed,
    workers,
  }
}

function directionsOf(monotone: MonotoneColumns | undefined, isCategorical: Uint8Array): Int8Array | undefined {
  const { rising = [], falling = [] } = monotone ?? {}
  const directions = new Int8Array(isCategorical.length)
  for (const column of [...rising, ...falling]) {
    checkWhole('monotone', column, 0, directions.length - 1)
    if (isCategorical[column] === 1 || directions[column] !== 0) {
      const reason = isCategorical[column] === 1 ? 'which holds categories' : 'twice'
      throw new RapportError('boosting.options', `monotone must name columns of numbers once, got ${column}, ${reason}`)
    }
    directions[column] = rising.includes(column) ? 1 : -1
  }
  return rising.length + falling.length > 0 ? directions : undefined
}

function checkWhole(name: string, value: number, min: number, max = Infinity): void {
  if (Number.isInteger(value) && value >= min && value <= max) return
  const range = max === Infinity ? `≥ ${min}` : `from ${min} to ${max}`
  throw new RapportError('boosting.options', `${name} must be a whole number ${range}, got ${value}`)
}

function checkNumber(name: string, value: number, isInRange: boolean, range: string): void {
  if (Number.isFinite(value) && isInRange) return
  throw new RapportError('boosting.options', `${name} must be a number ${range}, got ${value}`)
}

function checkWeights(weights: ArrayLike<number> | undefined, rows: number): void {
  if (!weights) return
  checkList('boosting.weights', 'weights', weights)
  if (weights.length !== rows) {
    throw new RapportError('boosting.weights', `weights must hold one number a row, ${rows}, got ${weights.length}`)
  }
  for (let row = 0; row < rows; row += 1) {
    const weight = weights[row]!
    if (weight >= 0 && Number.isFinite(weight)) continue
    throw new RapportError('boosting.weights', `weights must be finite and at least 0, got ${weight} at row ${row}`)
  }
  checkTotalWeight('boosting.weights', weights)
}

/** @throws RapportError `boosting.labels`, `boosting.one-class` unless there is a 0 or a 1 a row, and some of both */
export function checkLabels(labels: ArrayLike<number>, weights: ArrayLike<number> | undefined, rows: number): void {
  checkList('boosting.labels', 'labels', labels)
  if (labels.length !== rows) {
    throw new RapportError('boosting.labels', `labels must hold one number a row, ${rows}, got ${labels.length}`)
  }
  const isSeen = [false, false]
  for (let row = 0; row < rows; row += 1) {
    const label = labels[row]!
    if (label !== 0 && label !== 1) {
      throw new RapportError('boosting.labels', `labels must be 0 or 1, got ${label} at row ${row}`)
    }
    if (!weights || weights[row]! > 0) isSeen[label] = true
  }
  checkBothClasses(isSeen[0]!, isSeen[1]!)
}

/** @throws RapportError `boosting.one-class` unless rows of both classes are there to learn from */
export function checkBothClasses(isZeroSeen: boolean, isOneSeen: boolean): void {
  if (isZeroSeen && isOneSeen) return
  const seen = isZeroSeen ? 'only 0' : isOneSeen ? 'only 1' : 'none with a weight above 0'
  throw new RapportError('boosting.one-class', `labels must hold both 0 and 1 to learn from, got ${seen}`)
}
