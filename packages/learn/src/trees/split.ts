/** Sums over the rows of a node. */
export interface NodeSums {
  readonly rows: number
  readonly gradient: number
  readonly hessian: number
  /** What the node would add as a leaf, before the learning rate. */
  readonly value: number
}

/** What a split must leave on both sides, and how values are drawn to 0. */
export interface SplitLimits {
  readonly rowsPerLeafMin: number
  readonly l2: number
  /** Added to `l2` on both sides of a split by categories. */
  readonly categoryL2: number
  /** Between which values the leaves below must stay, for the sake of splits above them. */
  readonly bounds: ValueBounds
}

export interface ValueBounds {
  readonly lower: number
  readonly upper: number
}

export const unbounded: ValueBounds = { lower: -Infinity, upper: Infinity }

/** The best split of a node. */
export interface Split {
  /** By how much it lowers the training loss, above 0. */
  readonly gain: number
  readonly column: number
  /** Bins up to this one go left; of no meaning for categories. */
  readonly bin: number
  /** `[256]` the categories' bins that go left, as 1; `undefined` for numbers. */
  readonly leftBins: Uint8Array | undefined
  readonly missingLeft: boolean
  readonly left: NodeSums
  readonly right: NodeSums
}

/** One column's part of a node's histogram: bin `b` at `first + b`. */
export interface ColumnHistogram {
  readonly sums: Float64Array
  readonly counts: Int32Array
  readonly first: number
  /** Bins with values; the one for missing values is number `bins`. */
  readonly bins: number
  readonly hasMissing: boolean
}

/** A split found in one column: the side that was summed, and what goes there. */
export interface ColumnSplit {
  gain: number
  bin: number
  leftBins: Uint8Array | undefined
  missingLeft: boolean
  rowsLeft: number
  gradientLeft: number
  hessianLeft: number
}

/** Sums of hessians below this are too little to divide by. */
export const hessianMin = 1e-3

/** The limits of a split by categories. */
export const ofCategories = (limits: SplitLimits): SplitLimits => ({ ...limits, l2: limits.l2 + limits.categoryL2 })

/** What a leaf with these sums adds: the Newton step. */
const leafValue = (gradient: number, hessian: number, l2: number): number => -gradient / (hessian + l2 + 1e-15)

/** The same, kept within the bounds. */
export const boundedValue = (gradient: number, hessian: number, { l2, bounds }: SplitLimits): number =>
  Math.min(bounds.upper, Math.max(bounds.lower, leafValue(gradient, hessian, l2)))

/**
 * The bounds of two children's own children, so that whatever is below the left one stays on its side of what is below
 * the right one.
 *
 * @param direction of the split's column: 1 rising, −1 falling, 0 free
 *
 * Source: scikit-learn's HistGradientBoosting; XGBoost's and LightGBM's basic method are the same.
 */
export function boundsBelow(
  bounds: ValueBounds,
  direction: number,
  left: number,
  right: number,
): readonly [ValueBounds, ValueBounds] {
  if (direction === 0) return [bounds, bounds]
  const middle = (left + right) / 2
  const below = { lower: bounds.lower, upper: middle }
  const above = { lower: middle, upper: bounds.upper }
  return direction > 0 ? [below, above] : [above, below]
}
