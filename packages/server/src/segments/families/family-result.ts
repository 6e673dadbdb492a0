import type { Instant } from '../../base/index.ts'
import type { DiscoveryMethod } from '../discovery/methods.ts'
import type { TreePicture } from '../discovery/tree-picture.ts'
import type { DiscoveredResult } from '../result.ts'

/** Segments that were asked for by name, and what a report says of them: plain JSON, without anybody's id. */
export type FamilyResult = DiscoveredFamily

interface Family {
  /** 'winter', of segments 'winter.1', 'winter.2' … */
  readonly family: string
  /** When its members were found or last looked at again. */
  readonly asOf: Instant
  /** Customers who could be in it. */
  readonly customers: number
  /** Of them, those in no segment of it. */
  readonly none: number
  /** What an analysis does with it, in a sentence. */
  readonly refresh: string
  /** What a reader must know of how it was made. */
  readonly notes: readonly string[]
}

/** Groups found by a chosen method. */
export interface DiscoveredFamily extends Family {
  readonly kind: 'discover'
  readonly method: DiscoveryMethod
  readonly groups: DiscoveredResult
  /** Null where the method makes no tree. */
  readonly tree: TreePicture | null
}
