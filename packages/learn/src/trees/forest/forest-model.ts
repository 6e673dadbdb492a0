import type { ColumnBins, TreeNodes } from '../boosting-model.ts'

/** What `fitForest`, `fitForestRegression` and their single-tree kin found. Plain data. */
export interface ForestModel {
  readonly kind: 'forest'
  /** Classes told apart; `undefined` where a number is predicted. */
  readonly classes: number | undefined
  /** Numbers a leaf holds: 1 for a number or two classes (the share of class 1), else the share of each class. */
  readonly outputs: number
  /** Columns of the data it was fitted on, and so of the data it predicts. */
  readonly columns: number
  readonly bins: ColumnBins
  /** Each leaf's values are its training rows' mean; so are those of nodes that split. */
  readonly trees: TreeNodes
  /**
   * `[n × outputs]` what the trees that did not see a training row say of it: an honest prediction of each. NaN where
   * every tree saw it; `undefined` where trees see all rows.
   */
  readonly outOfBag: Float64Array | undefined
}
