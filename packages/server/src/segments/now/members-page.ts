import { inTurns, servingMs } from '../../base/index.ts'
import { unknown } from '../live/stored-segment-definitions.ts'
import { SmallestIds } from './smallest-ids.ts'
import type { Standing } from './standing.ts'

export interface MembersAsked {
  /** The id that the page before ended with; '' begins. */
  readonly after: string
  readonly limit: number
}

export interface MembersPage {
  /** By id, in the order of UTF-16 code units. */
  readonly customers: readonly string[]
  /** What `after` is for the next page; null on the last. */
  readonly next: string | null
}

/**
 * Who is in a segment, a page at a time in the order of ids: who comes and goes meanwhile moves nobody else to another page.
 *
 * @throws RapportError `segments.unknown`
 */
export async function membersPage(
  standing: Standing,
  segment: string,
  { after, limit }: MembersAsked,
): Promise<MembersPage> {
  const found = await inTurns(smallest(membersOf(standing, segment), after, limit + 1), servingMs)
  const customers = found.slice(0, limit)
  return { customers, next: found.length > limit ? customers.at(-1)! : null }
}

/** @throws RapportError `segments.unknown` */
export function membersOf({ compiled, members }: Standing, segment: string): Iterable<string> {
  if (!compiled.segments.some(({ definition }) => definition.id === segment)) throw unknown(segment)
  return members?.members(segment) ?? []
}

function* smallest(ids: Iterable<string>, after: string, count: number): Generator<void, readonly string[]> {
  const held = new SmallestIds(count, after)
  let looked = 0
  for (const id of ids) {
    held.add(id)
    looked += 1
    if (looked % 1000 === 0) yield
  }
  return held.all()
}
