import { oneAtATime } from '../base/index.ts'
import type { LogFollower } from '../state/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { regionOf } from './region-of.ts'
import { areRegionsOfMatter, refreshRegionsOf } from './standings.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/**
 * Follows the event log from its end on: who says where they live has the defaults of that region at once. What came
 * before is for `refreshStandings`, which a start runs.
 */
export async function followRegions(warehouse: Warehouse): Promise<LogFollower> {
  let after = await lastPosition(warehouse)
  const catchUp = async (upto: number): Promise<readonly []> => {
    if (upto <= after) return []
    if (await areRegionsOfMatter(warehouse)) {
      const said = await warehouse.rows<{ customer_id: string; country: string; region: string }>(
        query('countries_between'),
        { after, upto },
      )
      const moved = said.filter(({ country, region }) => regionOf(country) !== region)
      if (moved.length > 0) {
        await refreshRegionsOf(
          warehouse,
          moved.map(({ customer_id }) => customer_id),
        )
      }
    }
    after = upto
    return []
  }
  const inTurn = oneAtATime()
  return { catchUp: (upto) => inTurn(() => catchUp(upto)), settle: async () => undefined }
}

/** Of the events of the wire. */
export async function lastPosition(warehouse: Warehouse): Promise<number> {
  const [end] = await warehouse.rows<{ position: number }>(query('last_position'))
  return end!.position
}
