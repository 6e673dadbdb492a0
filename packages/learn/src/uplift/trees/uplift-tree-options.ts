import { RapportError } from '@rapport/numerics'
import type { AssignmentOptions } from '../assignment/check-assignment.ts'
import type { Divergence } from './divergence.ts'

export interface UpliftTreeOptions {
  /** What a split makes large between treatments and the control. Default `kl`. */
  readonly divergence?: Divergence
  /** Splits between the root and any leaf at most, 1 or more. Default 3. */
  readonly depthMax?: number
  /** Training rows that a leaf holds at least, 1 or more. Default 100. */
  readonly rowsPerLeafMin?: number
  /** Training rows of each arm that a leaf holds at least, 1 or more. Default 10. */
  readonly rowsPerArmMin?: number
  /**
   * Customers as whom the node above counts when a node's shares of responders are judged, 0 or more. Default 100, in a
   * forest 10.
   */
  readonly pull?: number
  /** Whether splits that part the arms unevenly are held back. Default true. */
  readonly normalise?: boolean
  /**
   * Whether half of the rows find the splits and the other half, drawn at random, say what the leaves hold: no leaf is then
   * flattered by having been chosen. Default false.
   */
  readonly honest?: boolean
  /** Bins that the values of a column are put in at most, 2 … 255, missing values apart. Default 255. */
  readonly binsMax?: number
  /** Indices of columns whose numbers are codes of categories without an order. Default none. */
  readonly categorical?: readonly number[]
  /** The same seed, data and options give the same trees, bit for bit. */
  readonly seed: number
  /** See `LearnerOptions`; each treatment is compared with the control. */
  readonly assignment?: AssignmentOptions | 'passed'
}

export interface UpliftForestOptions extends UpliftTreeOptions {
  /** Trees, 1 or more. Default 100. */
  readonly trees?: number
  /** Columns looked at for each split, 1 … columns. Default √columns. */
  readonly columnsPerSplit?: number
}

/** Options with every default filled in. */
export interface UpliftTreeSettings {
  readonly divergence: Divergence
  readonly depthMax: number
  readonly rowsPerLeafMin: number
  readonly rowsPerArmMin: number
  readonly pull: number
  readonly normalise: boolean
  readonly honest: boolean
  readonly columnsPerSplit: number
}

/** What trees and forests check by themselves; data, bins, categories and columns are checked as a forest's. */
export function checkUpliftTree(
  options: UpliftTreeOptions,
  defaults: { readonly depthMax: number; readonly pull: number },
  columnsPerSplit: number,
): UpliftTreeSettings {
  const { divergence = 'kl', rowsPerLeafMin = 100, rowsPerArmMin = 10, normalise = true, honest = false } = options
  const { depthMax = defaults.depthMax, pull = defaults.pull } = options
  if (divergence !== 'kl' && divergence !== 'euclidean' && divergence !== 'chi-squared') {
    throw new RapportError('uplift.options', `divergence must be kl, euclidean or chi-squared, got ${divergence}`)
  }
  if (!Number.isInteger(rowsPerArmMin) || rowsPerArmMin < 1) {
    throw new RapportError('uplift.options', `rowsPerArmMin must be a whole number ≥ 1, got ${rowsPerArmMin}`)
  }
  if (!(pull >= 0 && pull < Infinity)) {
    throw new RapportError('uplift.options', `pull must be finite and at least 0, got ${pull}`)
  }
  return { divergence, depthMax, rowsPerLeafMin, rowsPerArmMin, pull, normalise, honest, columnsPerSplit }
}
