import { type Instant, RapportError, type Work } from '../../base/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { type DiscoverRequest, discoverFamily } from './discover-family.ts'
import type { DiscoveredFamily } from './family-result.ts'
import { membersOf } from './refresh-families.ts'
import { storedFamilies } from './stored-families.ts'

export interface RefitRequest {
  readonly name: string
  /** Whether the new groups take the place of those before; else they are only told of. */
  readonly isAccepted: boolean
}

/**
 * Finds the groups of a family anew, as it was asked for, and says which of them is which of before: those that share most
 * customers keep their ids and names.
 *
 * @param asOf the moment that `customer_features` was computed for
 * @throws RapportError `segments.refit` for a family that is not there, has no groups or was taught, and as `discoverFamily`
 */
export async function refitFamily(
  warehouse: Warehouse,
  { name, isAccepted }: RefitRequest,
  asOf: Instant,
  work?: Work,
): Promise<DiscoveredFamily> {
  const { request, result } = await refittable(warehouse, name)
  const segments = result.groups.found ? result.groups.segments : []
  const ids = segments.map(({ id }) => id)
  const groupsOf = async (buyers: Parameters<typeof membersOf>[2]) => ({
    segments,
    labels: await membersOf(warehouse, ids, buyers),
  })
  return discoverFamily(warehouse, request, asOf, work, { groupsOf, isAccepted })
}

/** @throws RapportError `segments.refit` */
export async function refittable(
  warehouse: Warehouse,
  name: string,
): Promise<{ readonly request: DiscoverRequest; readonly result: DiscoveredFamily }> {
  const families = await storedFamilies(warehouse)
  const stored = families.find(({ family }) => family === name)
  const wrong = (words: string): RapportError => new RapportError('segments.refit', words)
  if (stored === undefined) {
    const known = families.map(({ family }) => family).join(', ') || 'none'
    throw wrong(`the family must be one that was discovered (${known}), got ${name}`)
  }
  const { result, request } = stored
  if (result.kind === 'teach')
    throw wrong(`the family must be one that was discovered, got ${name}, which was taught: teach it again`)
  if (!result.groups.found) throw wrong(`the family must have groups, got ${name}, which has none: discover it again`)
  return { request: { ...(request as DiscoverRequest), name }, result }
}
