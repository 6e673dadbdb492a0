import type { NodeKernels } from '../node-kernels.ts'

/** Rows with what is known of each. */
export interface TargetRows {
  /** `[n]` */
  readonly targets: ArrayLike<number>
  /** `[n]`, or `undefined` where each row counts 1. */
  readonly weights: ArrayLike<number> | undefined
}

/** A loss over certain rows: where boosting begins, the slopes it follows, and how far it has come. */
export interface BoostingObjective {
  /** Margins a row, and so trees a round. Margins lie one output after the other: `[outputs × n]`. */
  readonly outputs: number
  /** `[outputs]` the margins of a row before any tree. */
  baselines(): Float64Array
  /** Leaves step no farther than this, before the learning rate. Where left out, as far as the slopes say. */
  readonly stepMax?: number
  /** Writes gradients and hessians of all rows and outputs at the margins as they are. */
  updatePairs(kernels: NodeKernels): Promise<void>
  /** The sum over rows of weight times loss, but for a constant: it tells rounds apart. */
  loss(margins: Float64Array): number
  /**
   * What is best for the rows of one leaf, before the learning rate. Given where the loss has no curvature, so that
   * the slopes say where to split but not how far to go.
   */
  leafStep?(rows: Int32Array, margins: Float64Array): number
}

/** The weight of each row, 1 where none were given. */
export const weightOf = ({ weights }: TargetRows, row: number): number => (weights ? weights[row]! : 1)
