import type { Instant } from '../../base/index.ts'
import type { DiscoveryMethod } from '../discovery/methods.ts'
import type { TreePicture } from '../discovery/tree-picture.ts'
import type { GroupDrift } from '../drift/group-drift.ts'
import type { GroupMapping } from '../drift/group-mapping.ts'
import type { DiscoveredResult, ProfileEntry } from '../result.ts'
import type { Driver } from '../teaching/drivers.ts'
import type { Leak } from '../teaching/leaks.ts'
import type { TaughtQuality } from '../teaching/quality.ts'

/** Segments that were asked for by name, and what a report says of them: plain JSON, without anybody's id. */
export type FamilyResult = DiscoveredFamily | TaughtFamily

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
  /** What moved since the groups were found; null before an analysis looked, and of groups that nobody is put into anew. */
  readonly drift?: GroupDrift | null
  /** Where groups were found anew: which is which, and whether they were put in the place of those before. */
  readonly refit?: { readonly mapping: readonly GroupMapping[]; readonly isAccepted: boolean }
  readonly groups: DiscoveredResult
  /** Null where the method makes no tree. */
  readonly tree: TreePicture | null
}

/** A labelled list, or a segment, that was extended to customers of the same kind. */
export interface TaughtFamily extends Family {
  readonly kind: 'teach'
  /** 'labels.csv' or 'rfm.champions' */
  readonly source: string
  /** Customers by what they were said to be. */
  readonly labelled: readonly { readonly class: string; readonly customers: number }[]
  /** Labelled customers who may not be profiled or of whom nothing is known. */
  readonly leftOut: number
  /** Features that alone all but say the label. */
  readonly leaks: readonly Leak[]
  /** Whether these were left out; kept where they were asked for by name. */
  readonly areLeaksLeftOut: boolean
  /** What moved since it was taught; null or left out before an analysis looked, and of models of before. */
  readonly drift?: GroupDrift | null
  readonly taught: TaughtResult
}

export type TaughtResult =
  | ({ readonly found: true; readonly modelId: string; readonly segments: readonly TaughtSegment[] } & TaughtEvidence)
  | ({ readonly found: false; readonly reason: string } & TaughtEvidence)

export interface TaughtEvidence {
  readonly candidates: readonly { readonly name: string; readonly logLoss: number }[]
  /** Of telling everybody the classes' shares. */
  readonly baselineLogLoss: number
  readonly chosen: string
  readonly chosenBecause: string
  /** Of yes for yes and no, else of each class. */
  readonly quality: readonly TaughtQuality[]
}

export interface TaughtSegment {
  readonly id: string
  readonly name: string
  readonly customers: number
  /** Of them, those who were labelled so, and those who are like them. */
  readonly labelled: number
  readonly added: number
  /** Of everybody who could be in it. */
  readonly share: number
  readonly revenue: number
  /** Mean over those who were added; null when nobody was. */
  readonly averageProbability: number | null
  readonly drivers: readonly Driver[]
  readonly profile: readonly ProfileEntry[]
}
