import { takeRows } from '@rapport/numerics'
import { countOf, type Instant, isoOf, type Work } from '../base/index.ts'
import { currentFeatures, type FeatureMatrix, readFeatures, registeredFeatures } from '../features/index.ts'
import { boundOldModels, type Warehouse } from '../warehouse/index.ts'
import { readBuyerCosts, withBuyers } from './buyers.ts'
import { type DiscoverOptions, type Discovery, discoverSegments } from './discover.ts'
import { readHabits } from './habits.ts'
import { publishSegments } from './publish-segments.ts'
import type { DiscoveredResult } from './result.ts'
import { storeModel } from './stored-models.ts'
import { describedBy } from './stored-segments.ts'

/**
 * Groups found among everybody with a purchase, as `customer_features` has them, put into the store in place of those
 * before; the model goes beside the cards of earlier ones.
 *
 * @throws RapportError `features.missing` when features were not computed
 */
export async function discoveredSegments(
  warehouse: Warehouse,
  { asOf, ...options }: DiscoverOptions & { readonly asOf: Instant },
  work?: Work,
): Promise<DiscoveredResult> {
  const { features } = await registeredFeatures(warehouse, currentFeatures)
  const all = await readFeatures(warehouse, currentFeatures, describedBy(features), work)
  const { buyers, read: habits } = await withBuyers(warehouse, asOf, () => readHabits(warehouse, asOf, work), work)
  const costs = await readBuyerCosts(warehouse, buyers, asOf, work)
  const described = rowsOf(all, buyers.customerIds)
  const found = await discoverSegments(habits, described, { ...buyers, ...costs }, options, work)
  if ('found' in found) {
    await warehouse.transaction(async () => {
      await publishSegments(warehouse, 'discovered', asOf, [], work)
      await boundOldModels(warehouse, 'segments')
    })
    return found
  }
  return warehouse.transaction(async () => {
    const modelId = await keepModel(warehouse, found, asOf, options.seed, buyers.customerIds.length)
    await publishSegments(warehouse, 'discovered', asOf, filledSegments(found, buyers.customerIds, modelId), work)
    await boundOldModels(warehouse, 'segments')
    return { ...found.result, modelId }
  })
}

/** The rows of these customers, in their order; every buyer has features. */
export function rowsOf(read: FeatureMatrix, customerIds: readonly string[]): FeatureMatrix {
  const rows = new Map(read.customerIds.map((id, row) => [id, row]))
  const taken = Int32Array.from(customerIds, (id) => rows.get(id)!)
  return {
    ...read,
    customerIds,
    asOf: Float64Array.from(taken, (row) => read.asOf[row]!),
    matrix: takeRows(read.matrix, taken),
  }
}

function filledSegments({ result, labels, distances }: Discovery, customerIds: readonly string[], modelId: string) {
  return result.segments.map(({ id, name }, segment) => {
    const rows = Array.from(labels.keys()).filter((row) => labels[row] === segment)
    return {
      id,
      name,
      definition: { kind: 'discovered', model: modelId, cluster: segment },
      modelId,
      customerIds: rows.map((row) => customerIds[row]!),
      distances: Float64Array.from(rows, (row) => distances[row]!),
    }
  })
}

function keepModel(
  warehouse: Warehouse,
  { result, scales, centers, classes, inertia }: Discovery,
  asOf: Instant,
  seed: number,
  customers: number,
): Promise<string> {
  const { rows, columns, values } = centers
  return storeModel(warehouse, {
    ...{ kind: 'k-means', asOf },
    card: {
      trainedOn: `${countOf(customers, 'customer')} with a purchase by ${isoOf(asOf)}`,
      features: result.features,
      metrics: { candidates: result.candidates, stability: result.stability, inertia },
      verdict: result.verdict,
      seed,
      basis: 'segments describe customers; contacting them needs their consent',
    },
    fitted: JSON.stringify({
      kind: 'k-means',
      scales,
      classes,
      centroids: { rows, columns, values: Array.from(values) },
    }),
  })
}
