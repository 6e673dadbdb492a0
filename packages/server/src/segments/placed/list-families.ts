import type { Instant } from '../../base/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { GroupDrift } from '../drift/group-drift.ts'
import { storedFamilies } from '../families/stored-families.ts'
import { readLiveModels } from './read-live-models.ts'

/** A family of segments that a model made. */
export interface ListedFamily {
  readonly family: string
  readonly kind: 'discover' | 'teach'
  readonly modelId: string | null
  /** When its members were found or last looked at again. */
  readonly asOf: Instant
  /** Whether customers are placed with each event. */
  readonly isLive: boolean
  /** Why not; null where it is live. */
  readonly because: string | null
  readonly segments: readonly { readonly id: string; readonly name: string }[]
  readonly drift: GroupDrift | null
}

/** Every family, by name. */
export async function listFamilies(warehouse: Warehouse): Promise<readonly ListedFamily[]> {
  const { byAnalyses } = await readLiveModels(warehouse)
  const why = new Map(byAnalyses.map(({ family, because }) => [family, because]))
  return (await storedFamilies(warehouse)).map(({ family, modelId, result }): ListedFamily => {
    const found = result.kind === 'discover' ? result.groups : result.taught
    const segments = found.found ? found.segments.map(({ id, name }) => ({ id, name })) : []
    return {
      ...{ family, kind: result.kind, modelId, asOf: result.asOf, segments },
      ...{ isLive: !why.has(family), because: why.get(family) ?? null },
      drift: result.drift ?? null,
    }
  })
}
