import type { PreparationModel, Table } from '@rapport/learn'
import type { Matrix } from '@rapport/numerics'
import type { Feature } from '../../features/index.ts'
import type { HabitScale } from '../habit-coordinates.ts'

/** Customers as points between which distance means how unlike they are, by whatever they are compared. */
export interface Points {
  /** `[n × d]` finite */
  readonly data: Matrix
  /** The same as columns with names, for Gower's distance: words stay words, what is missing stays missing. */
  readonly table: Table
  /** `[table columns]` the columns of the data that each was made into: one of a number, one for each of its words. */
  readonly columnsOf: readonly Int32Array[]
  /** How much each of its columns counts there. Default 1. */
  readonly columnWeights?: Readonly<Record<string, number>> | undefined
  /** `[n]` how long each row was before it was brought to length 1; left out where rows are as they are. */
  readonly lengths?: Float64Array
  /** Rows, ascending, of whom enough is known to look for groups among them. */
  readonly known: Int32Array
  readonly scale: PointScale
  /** What customers are compared by, in words. */
  readonly comparedBy: readonly { readonly feature: string; readonly label: string }[]
  /** Why it can be too little: 'purchases tell 12 of 300 customers clearly from the average'. */
  readonly knownWords: string
}

/** How customers become points: plain data, kept with the model, so that others can be put on the same scale. */
export type PointScale =
  | { readonly kind: 'habits'; readonly scales: readonly HabitScale[] }
  | {
      readonly kind: 'features'
      readonly names: readonly string[]
      /** Definitions of these, so that a model goes on reading what it learned from. Left out by models of before. */
      readonly features?: readonly Feature[]
      readonly preparation: PreparationModel
      /** The same without filling in, for Gower's distance: numbers; words are taken as they are. */
      readonly numbers: PreparationModel | null
    }
  | {
      readonly kind: 'factors'
      readonly productIds: readonly string[]
      /** `[products × factors]` */
      readonly itemFactors: Matrix
      readonly regularization: number
      readonly confidence: number
    }
