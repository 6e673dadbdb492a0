import { eachInTurns, gathered } from '../../base/index.ts'
import { type LiveFeatures, storeCustomers } from '../../features/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { LiveSegments } from './live-segments.ts'

export interface EverybodyParts {
  readonly warehouse: Warehouse
  /** Resolves when every event that was written before is in the warehouse. */
  readonly settle: () => Promise<void>
  readonly features: Pick<LiveFeatures, 'customers'>
  readonly segments: LiveSegments
  /** Whether a rule holds for somebody of whom no feature remembers anything. */
  readonly areAllMeant: boolean
  /** Told of members of whom the store holds nothing any more. */
  readonly remove: (customerId: string) => void
}

/**
 * Who must be looked at where anybody may be another, gathered in turns with whatever else there is to do.
 *
 * @param areNewOnly whether those are left out whom segments know already
 */
export async function everybody(
  { warehouse, settle, features, segments, areAllMeant, remove }: EverybodyParts,
  areNewOnly: boolean,
): Promise<ReadonlySet<string>> {
  const members = await gathered(areNewOnly ? [] : [segments.everyMember()])
  const wanted = await gathered([features.customers(), segments.listed()])
  if (areAllMeant) {
    // What made members known is in the warehouse by then.
    await settle()
    await gathered([await storeCustomers(warehouse)], wanted)
    await eachInTurns(members, (id) => {
      if (!wanted.has(id)) remove(id)
    })
  } else await gathered([members], wanted)
  if (areNewOnly)
    await eachInTurns(wanted, (id) => {
      if (segments.isKnown(id)) wanted.delete(id)
    })
  return wanted
}
