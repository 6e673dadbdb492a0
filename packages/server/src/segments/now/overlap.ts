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
