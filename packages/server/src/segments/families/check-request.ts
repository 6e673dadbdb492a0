import { type Instant, RapportError } from '../../base/index.ts'
import { storeCatalogue } from '../../features/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { chosenFeatures } from '../discovery/chosen-features.ts'
import { checkFindOptions } from '../discovery/find-groups.ts'
import { findSegment } from '../stored-segments.ts'
import { wrong } from '../teaching/label-list.ts'
import type { DiscoverRequest } from './discover-family.ts'
import { checkFamilyName } from './family-name.ts'
import { type RefitRequest, refittable } from './refittable.ts'
import type { TeachRequest } from './teach-family.ts'

/** A family of segments that somebody asks for. */
export type FamilyRequest =
  | ({ readonly kind: 'discover' } & DiscoverRequest)
  | ({ readonly kind: 'teach' } & TeachRequest)
  | ({ readonly kind: 'refit' } & RefitRequest)

/**
 * Refuses what is wrong with a request by itself, before features are computed: in a large store that takes a while, and a
 * mistyped word must not cost it.
 *
 * @param asOf the moment that features are to be computed for
 * @throws RapportError `segments.name`, `segments.features`, `segments.discover`, `segments.labels`, `segments.unknown`
 */
export async function checkFamilyRequest(warehouse: Warehouse, request: FamilyRequest, asOf: Instant): Promise<void> {
  if (request.kind === 'refit') {
    await refittable(warehouse, request.name)
    return
  }
  if (request.kind === 'discover') checkDiscover(request)
  else await checkTeach(warehouse, request)
  const { features } = request
  if (features) chosenFeatures(await storeCatalogue(warehouse, asOf), features)
}

/** @returns the name of the family that is to be made */
export function checkDiscover(request: DiscoverRequest): string {
  const family = checkFamilyName(request.name ?? request.method)
  checkFindOptions(request)
  if (request.method === 'factors' && (request.features ?? []).length > 0) {
    throw new RapportError(
      'segments.discover',
      '--features must be left out with factors: it compares customers by the products that they bought',
    )
  }
  return family
}

/** @returns the name of the family that is to be made */
export async function checkTeach(warehouse: Warehouse, { name, from }: TeachRequest): Promise<string> {
  const family = checkFamilyName(name)
  if (from.kind !== 'segment') return family
  if (from.id.startsWith(`${family}.`)) {
    throw wrong(`--segment must be of another family than the one that is made, got ${from.id} for ${family}`)
  }
  await findSegment(warehouse, from.id)
  return family
}
