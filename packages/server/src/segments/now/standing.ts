import type { LiveValues } from '../../features/index.ts'
import type { CompiledSegments } from '../live/compiled.ts'
import type { ListMembers } from '../live/evaluation.ts'

/**
 * Who is in live segments at one moment: as the copy of a running server has it, or, where none runs, as the warehouse says.
 * To be read before anything else happens.
 */
export interface Standing {
  readonly compiled: CompiledSegments
  readonly lists: ListMembers
  /** What is known of customers: of those whom the standing is of. */
  readonly values: LiveValues
  /** Whether somebody may be profiled: nobody else is in any segment. Of those whom the standing is of. */
  isProfiled(customer: string): boolean
  /** Whether everybody was looked at: before, segments miss people. */
  readonly isReady: boolean
  /** How many customers were looked at for segments that are new, and of how many; null where none is. */
  readonly filling: Filling | null
  /** Null while nothing of history was read. */
  readonly members: StandingMembers | null
}

export interface Filling {
  readonly done: number
  readonly total: number
  /** Ids of the segments that are filled; all of them after a start. */
  readonly segments: readonly string[]
}

/** @throws RangeError for a segment that is not among those compiled */
export interface StandingMembers {
  size(segment: string): number
  /** Each once, in no order that lasts. */
  members(segment: string): Iterable<string>
  overlap(one: string, other: string): number
  segmentsOf(customer: string): readonly string[]
}
