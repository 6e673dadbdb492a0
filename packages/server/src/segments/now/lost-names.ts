import type { StateQueries } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { DiscoveredFamily } from '../families/family-result.ts'
import { whyGone } from '../live/named-segments.ts'
import { namesIn } from '../live/segments-in-order.ts'
import { storedSegmentDefinitions } from '../live/stored-segment-definitions.ts'
import { readLiveModels, segmentsOfModels } from '../placed/read-live-models.ts'

/**
 * What live rules name that is no more, or not live, so that it holds for nobody, in words to be read by who changed a family.
 *
 * @param proposed groups that were found anew and are not in the place of those before: what would be no more with them
 */
export async function lostNames(
  warehouse: Warehouse,
  queries: StateQueries,
  proposed?: DiscoveredFamily,
): Promise<readonly string[]> {
  const families = await readLiveModels(warehouse)
  const declared = await storedSegmentDefinitions(queries)
  const known = new Set([...declared.map(({ id }) => id), ...segmentsOfModels(families)])
  const stays = (id: string): boolean => proposed === undefined || !isLostWith(proposed, id)
  return declared.flatMap(({ id, rule }) =>
    rule === null
      ? []
      : [...new Set(namesIn(rule, '').map((named) => named.id))].flatMap((named) => {
          if (!known.has(named)) return `${id} names ${named}, ${whyGone(named, families.byAnalyses)}: nobody is in it`
          const isDeclared = declared.some((one) => one.id === named)
          return isDeclared || stays(named) ? [] : `${id} names ${named}, which would be no more: nobody would be in it`
        }),
  )
}

function isLostWith({ family, groups }: DiscoveredFamily, id: string): boolean {
  if (!id.startsWith(`${family}.`)) return false
  return !groups.found || !groups.segments.some((segment) => segment.id === id)
}
