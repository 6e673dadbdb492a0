import type { LatentClassModel } from '@rapport/learn'
import { countOf, type Instant, isoOf, RapportError, type Work, within } from '../../base/index.ts'
import { currentFeatures, readFeatures, registeredFeatures } from '../../features/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { type Buyers, readBuyerCosts, withBuyers } from '../buyers.ts'
import { rowsOf } from '../discovered-segments.ts'
import { findGroups } from '../discovery/find-groups.ts'
import type { FindOptions, FoundGroups } from '../discovery/found-groups.ts'
import { methodWords } from '../discovery/methods.ts'
import type { Placing } from '../discovery/placing.ts'
import type { Points } from '../discovery/points.ts'
import { type ComparedBy, readPoints } from '../discovery/read-points.ts'
import { basisOfGroups, type GroupBasis } from '../drift/group-drift.ts'
import { mapGroups } from '../drift/group-mapping.ts'
import { mapOf, segmentsOf } from '../group-facts.ts'
import { profileGroups } from '../profile.ts'
import { type FilledSegment, publishSegments } from '../publish-segments.ts'
import { type DiscoveredSegment, isUnstable, stabilityMin } from '../result.ts'
import { storeModel } from '../stored-models.ts'
import { describedBy, listSegments } from '../stored-segments.ts'
import { checkDiscover } from './check-request.ts'
import type { DiscoveredFamily } from './family-result.ts'
import { modelJson } from './model-json.ts'
import { keepExemplars } from './stored-exemplars.ts'
import { keepFamily } from './stored-families.ts'

export interface DiscoverRequest extends FindOptions {
  /** Name of the family. Default the method's. */
  readonly name?: string
  /** Names and families of the catalogue. Default: the habits that the analysis compares by; not for `factors`. */
  readonly features?: readonly string[]
}

/**
 * Looks for groups of customers by a chosen method and keeps them as a family of segments, in place of an earlier one of
 * that name. Where there are none, an earlier one is taken back.
 *
 * @param asOf the moment that `customer_features` was computed for
 * @throws RapportError `segments.name`, `segments.discover`, `segments.features`, `features.missing`, `work.aborted`
 */
export async function discoverFamily(
  warehouse: Warehouse,
  request: DiscoverRequest,
  asOf: Instant,
  work?: Work,
  refit?: Refit,
): Promise<DiscoveredFamily> {
  const family = checkDiscover(request)
  const by = comparedBy(request)
  const { buyers, read } = await withBuyers(
    warehouse,
    asOf,
    (people) => {
      if (people.customerIds.length === 0) throw nobodyBought()
      return readPoints(warehouse, by, people, asOf, work)
    },
    work,
  )
  const { points } = read
  const compared = { ...read, customerIds: buyers.customerIds }
  const found = await findGroups(compared, request, work)
  const common = {
    kind: 'discover',
    family,
    asOf,
    method: request.method,
    customers: buyers.customerIds.length,
  } as const
  if (!found.found) {
    const before = (await listSegments(warehouse)).filter((segment) => segment.family === family).length
    const notes = before > 0 ? [takenBack(family, before)] : []
    const none = { none: common.customers, refresh: tryAgain, notes, tree: null }
    const result: DiscoveredFamily = { ...common, ...none, groups: found }
    const told = refit && { refit: { mapping: [], isAccepted: refit.isAccepted } }
    if (refit?.isAccepted === false) return { ...result, ...told }
    await warehouse.transaction(async () => {
      await publishSegments(warehouse, family, asOf, [], work)
      await keepFamily(warehouse, { family, request, modelId: null, asOf, result })
    })
    return { ...result, ...told }
  }
  const described = await describedGroups(warehouse, family, buyers, found.labels, found.overlaps, asOf, work)
  const { segments, mapping } = refit
    ? mapGroups(family, await refit.groupsOf(buyers), { segments: described, labels: found.labels })
    : { segments: described, mapping: undefined }
  const publish = async (): Promise<DiscoveredFamily> => {
    const isTrial = refit?.isAccepted === false
    const modelId = isTrial ? '' : await keepModel(warehouse, request, found, points, asOf)
    const groups = {
      ...({
        found: true,
        k: found.k,
        verdict: found.verdict,
        candidates: found.candidates,
        segments,
        modelId,
      } as const),
      stability: found.overlaps.reduce((sum, overlap) => sum + overlap, 0) / found.k,
      features: points.comparedBy,
      map: mapOf(points.data, points.known, found.labels, request.seed),
    }
    const none = found.labels.reduce((count, label) => count + (label < 0 ? 1 : 0), 0)
    const { tree, placing } = found
    const notes = [...found.notes, ...segments.filter(isUnstable).map(unstableWords)]
    const result: DiscoveredFamily = {
      ...{ ...common, none, notes, tree, refresh: refreshWords(placing), groups },
      ...(mapping && { refit: { mapping, isAccepted: !isTrial } }),
    }
    if (isTrial) return result
    const filled = filledSegments(segments, buyers, found, { ...request, modelId })
    await publishSegments(warehouse, family, asOf, filled, within(work, 'storing'))
    await keepFamily(warehouse, { family, request, modelId, asOf, result })
    return result
  }
  return warehouse.transaction(publish)
}

/** That groups are found anew for a family that there is. */
export interface Refit {
  /** The groups as they were, and whose they were. */
  readonly groupsOf: (buyers: Buyers) => Promise<{
    readonly segments: readonly Pick<DiscoveredSegment, 'id' | 'name'>[]
    readonly labels: Int32Array
  }>
  /** Whether they take the place of those before; else they are only told of. */
  readonly isAccepted: boolean
}

const nobodyBought = (): RapportError =>
  new RapportError(
    'segments.discover',
    'groups are looked for among customers with a purchase who may be profiled, got none: import or send orders with the id of the customer (rapport consent says who may be profiled)',
  )

const unstableWords = ({ id, name, stability }: DiscoveredSegment): string =>
  `${id} (${name}) does not come back as one group when customers are drawn anew: its stability is ${(stability ?? 0).toFixed(2)}, below ${stabilityMin}; do not build on it`

const takenBack = (family: string, segments: number): string =>
  `The family ${family} of before was taken back, with ${segments === 1 ? 'its segment' : `all ${segments} of its segments`}.`

const tryAgain = 'There is nothing to keep up to date; look again when more is known.'

/** What an analysis does with the family, for those who read of it. */
export const refreshWords = (placing: Placing): string =>
  placing.kind === 'fixed'
    ? `Fixed: ${placing.because}. Members stay until the family is looked for again; who is erased or refuses leaves it.`
    : 'Each analysis puts everybody into these groups again, by the same model; the groups stay what they are until the family is looked for again.'

const comparedBy = ({ method, features, seed }: DiscoverRequest): ComparedBy =>
  method === 'factors'
    ? { kind: 'factors', seed }
    : features && features.length > 0
      ? { kind: 'features', words: features }
      : { kind: 'habits' }

/** Groups with their names, values and profiles. */
export async function describedGroups(
  warehouse: Warehouse,
  family: string,
  buyers: Buyers,
  labels: Int32Array,
  overlaps: readonly number[],
  asOf: Instant,
  work?: Work,
): Promise<readonly DiscoveredSegment[]> {
  const { features } = await registeredFeatures(warehouse, currentFeatures)
  const names = describedBy(features)
  const read = rowsOf(await readFeatures(warehouse, currentFeatures, names, work), buyers.customerIds)
  const costs = await readBuyerCosts(warehouse, buyers, asOf, work)
  const profiles = await profileGroups(read, labels, overlaps.length, work)
  return segmentsOf({ family, profiles, buyers: { ...buyers, ...costs }, labels, overlaps })
}

export function filledSegments(
  segments: readonly Pick<DiscoveredSegment, 'id' | 'name'>[],
  { customerIds }: Pick<Buyers, 'customerIds'>,
  { labels, distances }: Pick<FoundGroups, 'labels' | 'distances'>,
  { method, modelId }: Pick<DiscoverRequest, 'method'> & { readonly modelId: string },
): FilledSegment[] {
  return segments.map(({ id, name }, segment) => {
    const rows = Array.from(labels.keys()).filter((row) => labels[row] === segment)
    const words = `a group of customers who are alike, found by ${methodWords[method]}`
    return {
      ...{ id, name, modelId },
      definition: { kind: 'discover', words, method, model: modelId, group: segment },
      customerIds: rows.map((row) => customerIds[row]!),
      distances: Float64Array.from(rows, (row) => distances[row]!),
    }
  })
}

/** What is needed to put others into the groups. */
export interface GroupModel {
  readonly kind: 'segment-groups'
  readonly scale: Points['scale']
  readonly placing: Placing
  /** Left out by models of before there was one. */
  readonly seldom?: LatentClassModel | null
  /** `[groups × d]` middles, from which members' distances are told. */
  readonly centers: Points['data']
  readonly overlaps: readonly number[]
  /** How customers lay then; left out by models of before. */
  readonly basis?: GroupBasis
}

/** What customers are compared by, column by column. */
export const columnNamesOf = ({ scale, table }: Pick<Points, 'scale' | 'table'>): readonly string[] =>
  scale.kind === 'features' ? scale.preparation.columnNames : table.columns.map(({ name }) => name)

async function keepModel(
  warehouse: Warehouse,
  request: DiscoverRequest,
  found: FoundGroups,
  points: Points,
  asOf: Instant,
): Promise<string> {
  const model: GroupModel = {
    ...{
      kind: 'segment-groups',
      scale: points.scale,
      placing: found.placing,
      seldom: found.seldom,
      overlaps: found.overlaps,
    },
    centers: found.centers,
    basis: basisOfGroups({ data: points.data, names: columnNamesOf(points), labels: found.labels }, found.k),
  }
  const modelId = await storeModel(warehouse, {
    ...{ kind: request.method, asOf, fitted: modelJson(model) },
    card: {
      trainedOn: `${points.known.length} of ${countOf(points.data.rows, 'customer')} with a purchase by ${isoOf(asOf)}`,
      features: points.comparedBy,
      metrics: { candidates: found.candidates, overlaps: found.overlaps, agreement: found.agreement },
      verdict: found.verdict,
      seed: request.seed,
      basis: 'customers who refused profiling are in none; contacting others needs their consent',
    },
  })
  if (found.exemplars) await keepExemplars(warehouse, modelId, found.exemplars)
  return modelId
}
