import type { FeatureExpression } from '@rapport/protocol'
import type { Feature, FeatureValue } from '../../features/index.ts'

/** Where a model puts a customer. */
export interface Placed {
  /** Position of the segment in the family, 0 is the first; −1 for none. */
  readonly segment: number
  /** To the middle of the group, in the units that its model compares in; null of taught families, and where unknown. */
  readonly distance: number | null
  /** Of the class, 0 … 1; null of groups. */
  readonly probability: number | null
  /** The segment that comes next; null where there is no other. */
  readonly runnerUp: {
    readonly segment: number
    readonly distance: number | null
    readonly probability: number | null
  } | null
}

export const nowhere: Placed = { segment: -1, distance: null, probability: null, runnerUp: null }

/** The model of a family of segments, as it speaks of one customer at once. */
export interface LiveModel {
  /** 'winter', of segments 'winter.1', 'winter.2' … */
  readonly family: string
  readonly modelId: string
  /** What it reads, in its order; all of them declared, so that the live copy has their values. */
  readonly inputs: readonly Feature[]
  /** Of whom it speaks, as an analysis does: of those of whom this is above 0. All others are in none of its segments. */
  readonly of: FeatureExpression
  readonly segments: readonly { readonly id: string; readonly name: string; readonly words: string }[]
  /** @param values of the inputs; null is missing */
  place(values: readonly FeatureValue[], customerId: string): Placed
  /** What speaks most for where somebody was put, the strongest first, in words. */
  why(values: readonly FeatureValue[], placed: Placed): readonly string[]
}

/** A family whose members are found anew by analyses only. */
export interface ByAnalyses {
  readonly family: string
  readonly because: string
}
