import { type Instant, RapportError, stopIfAborted, type Work, within } from '../../base/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import { type Buyers, withBuyers } from '../buyers.ts'
import { type Exemplars, placed } from '../discovery/placing.ts'
import { readPoints } from '../discovery/read-points.ts'
import { driftOfGroups, driftWords, type GroupDrift } from '../drift/group-drift.ts'
import { mapOf } from '../group-facts.ts'
import { distancesOf } from '../placement.ts'
import { publishSegments } from '../publish-segments.ts'
import type { DiscoveredResult, DiscoveredSegment, SegmentMap } from '../result.ts'
import {
  columnNamesOf,
  type DiscoverRequest,
  describedGroups,
  filledSegments,
  type GroupModel,
  refreshWords,
} from './discover-family.ts'
import type { DiscoveredFamily, FamilyResult } from './family-result.ts'
import { refreshTaught } from './refresh-taught.ts'
import { withStandIns } from './stand-ins.ts'
import { readExemplars, replaceExemplars } from './stored-exemplars.ts'
import { keepFamily, type StoredFamily, storedFamilies, storedModel } from './stored-families.ts'

const query = readQueries(new URL('../queries.sql', import.meta.url))

/**
 * Looks at every family again as of a moment: everybody is put into its groups by the model that made them. Groups and
 * names stay; what is told of them is as of now. A family whose method says nothing of other customers keeps its members.
 *
 * @param asOf the moment that `customer_features` was computed for
 */
export async function refreshFamilies(
  warehouse: Warehouse,
  asOf: Instant,
  work?: Work,
): Promise<readonly FamilyResult[]> {
  const families = await storedFamilies(warehouse)
  if (families.length === 0) return []
  const results: FamilyResult[] = []
  for (const [at, stored] of families.entries()) {
    stopIfAborted(work)
    work?.onProgress?.({ stage: `segments of ${stored.family}`, done: at, total: families.length })
    const { result } = stored
    const own = within(work, stored.family)
    results.push(
      result.kind === 'teach'
        ? await refreshTaught(warehouse, stored, result, asOf, own)
        : await refreshGroups(warehouse, stored, result, asOf, own),
    )
  }
  return results
}

async function refreshGroups(
  warehouse: Warehouse,
  stored: StoredFamily,
  result: DiscoveredFamily,
  asOf: Instant,
  work: Work,
): Promise<FamilyResult> {
  const { modelId, family } = stored
  const { groups } = result
  if (!groups.found || modelId === null) return result
  const model = await storedModel<GroupModel>(warehouse, modelId)
  const place = (people: Buyers) => placedAgain(warehouse, stored, model, groups, people, asOf, work)
  const { buyers, read: again } = await withBuyers(warehouse, asOf, place, work)
  const described = await describedGroups(warehouse, family, buyers, again.labels, model.overlaps, asOf, work)
  const segments = described.map(
    (segment, at): DiscoveredSegment => ({
      ...segment,
      id: groups.segments[at]?.id ?? segment.id,
      name: groups.segments[at]?.name ?? segment.name,
    }),
  )
  const none = again.labels.reduce((count, label) => count + (label < 0 ? 1 : 0), 0)
  const next: DiscoveredFamily = {
    ...result,
    ...{ asOf, none, customers: buyers.customerIds.length },
    ...{ refresh: [again.refresh, ...(again.drift ? driftWords(again.drift, family) : [])].join(' ') },
    drift: again.drift ?? null,
    groups: { ...groups, segments, map: again.map },
  }
  await warehouse.transaction(async () => {
    const filled = filledSegments(segments, buyers, again, { method: result.method, modelId })
    await publishSegments(warehouse, family, asOf, filled, work)
    if (again.standIns) await replaceExemplars(warehouse, modelId, again.standIns)
    await keepFamily(warehouse, { ...stored, result: next })
  })
  return next
}

interface PlacedAgain {
  /** `[buyers]` −1 for those in none. */
  readonly labels: Int32Array
  /** `[buyers]` NaN where not known. */
  readonly distances: Float64Array
  readonly refresh: string
  /** Of customers as they are now: who was erased since is not on it. Without points where these are not known. */
  readonly map: SegmentMap
  /** What moved since the groups were found; left out where that cannot be told. */
  readonly drift?: GroupDrift
  /** Typical customers, with those in the place of who is gone; left out where nobody is. */
  readonly standIns?: Exemplars
}

async function placedAgain(
  warehouse: Warehouse,
  { modelId, request }: StoredFamily,
  { scale, centers, basis, ...how }: GroupModel,
  { k, segments }: Extract<DiscoveredResult, { found: true }>,
  buyers: Buyers,
  asOf: Instant,
  work: Work,
): Promise<PlacedAgain> {
  const { placing } = how
  const ids = segments.map(({ id }) => id)
  const asTheyWere = async (refresh: string): Promise<PlacedAgain> => {
    const labels = await membersOf(warehouse, ids, buyers)
    return { labels, distances: new Float64Array(labels.length).fill(Number.NaN), refresh, map: noMap }
  }
  if (placing.kind === 'fixed') return asTheyWere(refreshWords(placing))
  try {
    const { points, habits } = await readPoints(warehouse, scale, buyers, asOf, work)
    const kept = await exemplarsOf(warehouse, modelId!, placing, points.table.columns)
    const standIns =
      placing.kind === 'medoids' && kept?.segments.length !== k
        ? await withStandIns(kept, await membersOf(warehouse, ids, buyers), k, points, placing.columns, buyers, work)
        : null
    const exemplars = standIns ?? kept
    if (placing.kind === 'medoids' && exemplars?.segments.length !== k) {
      return asTheyWere('Not put together again: of one of its groups nobody is left. Look for the family again.')
    }
    const labels = await placed(how, { points, habits, exemplars }, work)
    if (labels === undefined) return asTheyWere('Not put together again: those that others are compared with are gone.')
    const distances = distancesOf(points.data, centers, labels)
    const map = mapOf(points.data, points.known, labels, (request as DiscoverRequest).seed)
    const grouped = { data: points.data, names: columnNamesOf(points), labels }
    const names = segments.map(({ name }) => name)
    const drift = basis && { drift: driftOfGroups(basis, grouped, names) }
    return { labels, distances, refresh: refreshWords(placing), map, ...drift, ...(standIns && { standIns }) }
  } catch (error) {
    // A catalogue that lost a category must not stop the analysis of everything else.
    if (!(error instanceof RapportError) || error.code !== 'segments.features') throw error
    return asTheyWere(`Not put together again: ${error.message}. Look for the family again.`)
  }
}

const noMap: SegmentMap = { x: [], y: [], segment: [], explained: 0 }

async function exemplarsOf(
  warehouse: Warehouse,
  modelId: string,
  placing: GroupModel['placing'],
  columns: Parameters<typeof readExemplars>[2],
) {
  if (placing.kind !== 'cores' && placing.kind !== 'dense-places' && placing.kind !== 'medoids') return null
  return readExemplars(warehouse, modelId, placing.kind === 'medoids' ? columns : null)
}

/** Each buyer's group as it is in the store. */
export async function membersOf(
  warehouse: Warehouse,
  segments: readonly string[],
  { customerIds }: Pick<Buyers, 'customerIds'>,
): Promise<Int32Array> {
  const labels = new Int32Array(customerIds.length).fill(-1)
  const rows = new Map(customerIds.map((id, row) => [id, row]))
  for (const [group, id] of segments.entries()) {
    const columns = await warehouse.columns(query('members'), { id })
    for (const customer of columns.keys('customer_id')) {
      const row = rows.get(customer)
      if (row !== undefined) labels[row] = group
    }
  }
  return labels
}
