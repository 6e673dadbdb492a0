import { RapportError } from '../../base/index.ts'
import { unknown } from '../live/stored-segment-definitions.ts'
import type { Standing } from './standing.ts'

export interface Overlap {
  readonly isReady: boolean
  readonly segments: readonly string[]
  /** How many are in both, a row and a column for each; on the diagonal how many are in that one. */
  readonly customers: readonly (readonly number[])[]
}

const most = 20

/** @throws RapportError `segments.overlap` for less than two or more than twenty, `segments.unknown` */
export function overlapOf({ compiled, members, isReady }: Standing, segments: readonly string[]): Overlap {
  const ids = [...new Set(segments)]
  if (ids.length < 2 || ids.length > most)
    throw new RapportError('segments.overlap', `the segments must be two to ${most} different ones, got ${ids.length}`)
  for (const id of ids) if (!compiled.segments.some(({ definition }) => definition.id === id)) throw unknown(id)
  const both = (one: string, other: string): number =>
    members === null ? 0 : one === other ? members.size(one) : members.overlap(one, other)
  const half = ids.map((one, row) => ids.slice(0, row + 1).map((other) => both(one, other)))
  return {
    isReady,
    segments: ids,
    customers: ids.map((_, row) => ids.map((__, column) => half[Math.max(row, column)]![Math.min(row, column)]!)),
  }
}

/** Another segment that customers of one are in, too. */
export interface SegmentOverlap {
  readonly id: string
  readonly name: string
  /** How many are in it. */
  readonly size: number
  /** How many are in both. */
  readonly both: number
}

/**
 * The segments with which one has customers in common, most of all first; null where it is not known yet who is in it.
 *
 * @param limit so many of them
 */
export function overlapsWith(
  { compiled, members }: Standing,
  segment: string,
  limit: number,
): readonly SegmentOverlap[] | null {
  const ids = compiled.segments.map(({ definition }) => definition.id)
  if (members === null || !ids.includes(segment)) return null
  return compiled.segments
    .flatMap(({ definition: { id, name } }) => {
      const both = id === segment ? 0 : members.overlap(segment, id)
      return both === 0 ? [] : { id, name, size: members.size(id), both }
    })
    .sort((one, other) => other.both - one.both || one.size - other.size || (one.id < other.id ? -1 : 1))
    .slice(0, limit)
}
