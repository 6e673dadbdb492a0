import { type Matrix, RapportError } from '@rapport/numerics'
import { checkBoosting } from '../boosting-options.ts'

export interface ForestOptions {
  /** Trees, 1 or more. Default 100. */
  readonly trees?: number
  /**
   * `best`: the best threshold of each column that is looked at (random forest). `random`: one drawn at random between
   * the node's lowest and highest value (extra trees). Default `best`.
   */
  readonly thresholds?: 'best' | 'random'
  /** Whether each tree sees n rows drawn with replacement, or all. Default: drawn for `best`, all for `random`. */
  readonly bootstrap?: boolean
  /** Columns looked at for each split, 1 … columns. Default: √columns for classes, a third for a number. */
  readonly columnsPerSplit?: number
  /** Training rows that a leaf holds at least, 1 or more. Default 5. */
  readonly rowsPerLeafMin?: number
  /** Splits between the root and any leaf at most, 1 or more. Default: no limit. */
  readonly depthMax?: number
  /** Bins that the values of a column are put in at most, 2 … 255, missing values apart. Default 255. */
  readonly binsMax?: number
  /** Indices of columns whose numbers are codes of categories without an order. Default none. */
  readonly categorical?: readonly number[]
  /** `[n]` how much each row counts, each ≥ 0 and finite. Default 1. */
  readonly weights?: ArrayLike<number>
  /** The same seed, data and options give the same trees, bit for bit. */
  readonly seed: number
  /** Threads, 0 … 64; 0 computes on the calling thread. Never changes a result. Default: as many as pay. */
  readonly workers?: number
}

/** Options with every default filled in. */
export interface ForestSettings {
  readonly trees: number
  readonly isRandom: boolean
  readonly bootstrap: boolean
  readonly columnsPerSplit: number
  readonly rowsPerLeafMin: number
  readonly depthMax: number
  readonly binsMax: number
  /** `[columns]` 1 for a categorical column. */
  readonly isCategorical: Uint8Array
  readonly seed: number
  readonly workers: number | undefined
}

/** Checks everything that a forest is given but its target, once, and fills in defaults. */
export function checkForest(data: Matrix, options: ForestOptions, isNumber: boolean): ForestSettings {
  const { trees = 100, thresholds = 'best', rowsPerLeafMin = 5 } = options
  const { depthMax, binsMax, categorical, weights, seed } = options
  // What boosting is given under the same names must hold here too.
  if (!Number.isInteger(trees) || trees < 1) {
    throw new RapportError('forest.options', `trees must be a whole number ≥ 1, got ${trees}`)
  }
  const settings = checkBoosting(data, {
    rowsPerLeafMin,
    ...(depthMax === undefined ? {} : { depthMax }),
    ...(binsMax === undefined ? {} : { binsMax }),
    ...(categorical ? { categorical } : {}),
    ...(weights ? { weights } : {}),
    seed,
  })
  const usual = isNumber ? data.columns / 3 : Math.sqrt(data.columns)
  const { columnsPerSplit = Math.max(1, Math.floor(usual)), bootstrap = thresholds === 'best' } = options
  if (!Number.isInteger(columnsPerSplit) || columnsPerSplit < 1 || columnsPerSplit > data.columns) {
    throw new RapportError(
      'forest.options',
      `columnsPerSplit must be a whole number from 1 to ${data.columns}, got ${columnsPerSplit}`,
    )
  }
  return {
    trees,
    isRandom: thresholds === 'random',
    bootstrap,
    columnsPerSplit,
    rowsPerLeafMin,
    depthMax: settings.depthMax,
    binsMax: settings.binsMax,
    isCategorical: settings.isCategorical,
    seed,
    workers: options.workers,
  }
}
