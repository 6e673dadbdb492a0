import type { LatentClassModel } from '@rapport/learn'
import type { Matrix } from '@rapport/numerics'
import type { Habit } from '../habits.ts'
import type { ClusterCandidate } from '../result.ts'
import type { Baskets } from './baskets.ts'
import type { DiscoveryMethod } from './methods.ts'
import type { Exemplars, Placing } from './placing.ts'
import type { Points } from './points.ts'
import type { TreePicture } from './tree-picture.ts'

export interface FindOptions {
  readonly method: DiscoveryMethod
  /** Groups wanted; chosen when left out. Not for methods that find the number themselves. */
  readonly k?: number
  /** Of DBSCAN. */
  readonly radius?: number
  /** Of HDBSCAN. */
  readonly sizeMin?: number
  readonly seed: number
}

/** What is compared, and who is who. */
export interface Compared {
  readonly points: Points
  /** `[n]` */
  readonly customerIds: readonly string[]
  /** Of those who are compared by habits. */
  readonly habits: readonly Habit[]
  /** Of those who are compared by factors. */
  readonly baskets?: Baskets
}

export interface FoundGroups {
  readonly found: true
  readonly k: number
  readonly verdict: string
  readonly candidates: readonly ClusterCandidate[]
  /** `[n]` 0 … k − 1, the largest first; −1 for those in none. */
  readonly labels: Int32Array
  /** `[k × d]` the groups' middles. */
  readonly centers: Matrix
  /** `[n]` distance to the middle of the group; NaN for those in none. */
  readonly distances: Float64Array
  /** `[k]` how alike each group is under resampling, 0 … 1. */
  readonly overlaps: readonly number[]
  readonly placing: Placing
  /** How those get into them of whom too little is known for that; null where they are in none. */
  readonly seldom: LatentClassModel | null
  /** Share of those who were grouped whom that puts where the method had put them. */
  readonly agreement: number
  readonly exemplars: Exemplars | null
  /** Null where there is no tree of merges. */
  readonly tree: TreePicture | null
  /** What a reader must know of how it was done. */
  readonly notes: readonly string[]
}

export interface NoGroups {
  readonly found: false
  readonly reason: string
  readonly candidates: readonly ClusterCandidate[]
}
