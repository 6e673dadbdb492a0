import { RapportError } from '../../base/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { DiscoverRequest } from './discover-family.ts'
import type { DiscoveredFamily } from './family-result.ts'
import { storedFamilies } from './stored-families.ts'

export interface RefitRequest {
  readonly name: string
  /** Whether the new groups take the place of those before; else they are only told of. */
  readonly isAccepted: boolean
}

/** What a family was asked for, and its groups. @throws RapportError `segments.refit` where these cannot be found anew */
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
