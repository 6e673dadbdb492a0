import { type Instant, now, type Work } from '../base/index.ts'
import { boundOldModels, readQueries, type Warehouse } from '../warehouse/index.ts'
import type { ListEntries, RelatedEntries } from './lists.ts'
import type { FittedModel, Method } from './recommenders.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

export interface ModelRecord {
  readonly method: Method
  readonly asOf: Instant
  readonly card: object
  readonly model: FittedModel
}

export interface Published {
  /** Customers and products by number. */
  readonly customerIds: readonly string[]
  readonly productIds: readonly string[]
  readonly lists: ListEntries
  readonly related: RelatedEntries
}

/**
 * Stores the models and replaces every list, all or nothing.
 *
 * @param chosen and `popular` make the lists; they may be one
 * @returns the chosen model's id: 'recommendations-item-item-2'
 */
export function publishRecommendations(
  warehouse: Warehouse,
  chosen: ModelRecord,
  popular: ModelRecord,
  { customerIds, productIds, lists, related }: Published,
  work?: Work,
): Promise<string> {
  return warehouse.transaction(async () => {
    const modelId = await keepModel(warehouse, chosen)
    const popularId = popular.method === chosen.method ? modelId : await keepModel(warehouse, popular)
    await dropStaged(warehouse)
    await warehouse.stage('staged_models', { number: Int32Array.of(0, 1), model_id: [modelId, popularId] })
    await warehouse.stage('staged_customers', { number: numbered(customerIds), customer_id: customerIds }, work)
    await warehouse.stage('staged_products', { number: numbered(productIds), product_id: productIds }, work)
    await warehouse.stage('staged_recommendations', staged(lists, ['score', 'because']), work)
    await warehouse.stage('staged_related', staged(related, ['score', 'together']), work)
    await warehouse.run(query('clear_recommendations'))
    await warehouse.run(query('clear_related_products'))
    await warehouse.run(query('keep_recommendations'), undefined, work)
    await warehouse.run(query('keep_related_products'), { model_id: modelId }, work)
    await dropStaged(warehouse)
    await boundOldModels(warehouse, 'recommendations')
    return modelId
  })
}

/** Takes back what an earlier run recommended, when now there is too little data to say it. */
export const clearRecommendations = (warehouse: Warehouse): Promise<void> =>
  warehouse.transaction(async () => {
    await warehouse.run(query('clear_recommendations'))
    await warehouse.run(query('clear_related_products'))
  })

const dropStaged = (warehouse: Warehouse): Promise<void> => warehouse.run(query('drop_staged'))

const numbered = (ids: readonly string[]): Int32Array => Int32Array.from(ids, (_, number) => number)

function staged<Entries extends ListEntries | RelatedEntries>(
  entries: Entries,
  real: readonly (keyof Entries)[],
): Record<string, Int32Array | Float64Array> {
  return Object.fromEntries(
    Object.entries(entries).map(([name, values]: [string, number[]]) => [
      name,
      real.includes(name as keyof Entries) ? Float64Array.from(values) : Int32Array.from(values),
    ]),
  )
}

async function keepModel(warehouse: Warehouse, { method, asOf, card, model }: ModelRecord): Promise<string> {
  const [last] = await warehouse.rows<{ version: number | null }>(query('last_version'), { kind: method })
  const version = (last?.version ?? 0) + 1
  const modelId = `recommendations-${method}-${version}`
  await warehouse.run(query('keep_model'), {
    model_id: modelId,
    kind: method,
    version,
    created_at: { instant: now() },
    as_of: { instant: asOf },
    card: JSON.stringify(card),
    fitted: JSON.stringify(plain(storable(model))),
  })
  return modelId
}

/** Customers' factors are left out: they follow from the products' and each customer's history, and can be huge. */
function storable(model: FittedModel): object {
  if (model.kind !== 'als') return model
  const { userFactors: _userFactors, ...rest } = model
  return rest
}

/** Typed arrays as lists, which is how JSON has them; a replacer would be called for every number. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>)
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]))
}
