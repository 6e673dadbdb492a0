import type { PlacedError } from '../../base/index.ts'
import { wrongRule } from '../../rules/index.ts'
import type { SegmentName } from './segments-in-order.ts'

export interface NamingSegment {
  readonly id: string
  readonly named: readonly SegmentName[]
}

/**
 * Where rules lead back to themselves, each circle once.
 *
 * @param others that name each other in no circle, by their ids
 * @returns of each segment what is wrong with what it names
 */
export function circleErrors(
  segments: readonly NamingSegment[],
  others: ReadonlyMap<string, readonly SegmentName[]>,
): readonly (readonly PlacedError[])[] {
  const namedBy = new Map(others)
  for (const { id, named } of segments) if (!namedBy.has(id)) namedBy.set(id, named)
  const said = new Set<string>()
  return segments.map(({ id, named }) =>
    named.flatMap(({ id: first, pointer }) => {
      const path = pathTo(id, first, namedBy)
      if (path === null) return []
      const circle = [...path].sort().join(' ')
      if (said.has(circle)) return []
      said.add(circle)
      return [wrongRule(id + pointer, `must not lead back to itself, got ${[id, ...path].join(' → ')}`)]
    }),
  )
}

/** The shortest way by names, both ends included; null where there is none. */
function pathTo(
  to: string,
  from: string,
  namedBy: ReadonlyMap<string, readonly SegmentName[]>,
): readonly string[] | null {
  const cameFrom = new Map<string, string | null>([[from, null]])
  for (const at of cameFrom.keys()) {
    if (at === to) return backFrom(to, cameFrom)
    for (const { id } of namedBy.get(at) ?? []) if (!cameFrom.has(id)) cameFrom.set(id, at)
  }
  return null
}

function backFrom(to: string, cameFrom: ReadonlyMap<string, string | null>): readonly string[] {
  const path: string[] = []
  for (let at: string | null = to; at !== null; at = cameFrom.get(at) ?? null) path.unshift(at)
  return path
}
