import type { Instant, Work } from '../../base/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { discoverFamily } from './discover-family.ts'
import type { DiscoveredFamily } from './family-result.ts'
import { type RefitRequest, refittable } from './refittable.ts'
import { membersOf } from './refresh-families.ts'

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
