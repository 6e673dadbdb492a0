import type { Recommendations } from '@rapport/learn'
import type { SparseMatrix } from '@rapport/numerics'
import { type Instant, now, type Work } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import type { ProductPair } from './bought-together.ts'
import type { Assortment } from './purchases.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

export interface PublishedModel {
  readonly asOf: Instant
  readonly kind: string
  readonly card: object
  readonly model: object
}

export interface Published {
  readonly customerIds: readonly string[]
  readonly assortment: Assortment
  readonly lists: Recommendations
  /** `[users × k]` the own product that speaks for each, −1 for none. */
  readonly reasons: Int32Array
  readonly similarity: SparseMatrix
  readonly pairs: readonly ProductPair[]
}

/** Related products kept for each product. */
const relatedMax = 10

/** Replaces all lists by new ones and stores the model that made them, all or nothing. Returns the model's id. */
export function publishRecommendations(
  warehouse: Warehouse,
  { asOf, kind, card, model }: PublishedModel,
  published: Published,
  work?: Work,
): Promise<string> {
  return warehouse.transaction(async () => {
    const [next] = await warehouse.rows<{ version: number }>(query('next_version'))
    const modelId = `recommendations-${kind}-${next!.version}`
    await warehouse.run(query('keep_model'), {
      model_id: modelId,
      kind,
      version: next!.version,
      created_at: { instant: now() },
      as_of: { instant: asOf },
      card: JSON.stringify(card),
      fitted: JSON.stringify(withoutCustomers(model), plainArrays),
    })
    await warehouse.run('drop table if exists staged_recommendations; drop table if exists staged_related')
    await warehouse.stage('staged_recommendations', listRows(published), work)
    await replace(warehouse, 'replace_recommendations', modelId)
    await warehouse.stage('staged_related', relatedRows(published), work)
    await replace(warehouse, 'replace_related', modelId)
    await warehouse.run('drop table staged_recommendations; drop table staged_related')
    return modelId
  })
}

/** Parameters belong to one statement each. */
async function replace(warehouse: Warehouse, name: string, modelId: string): Promise<void> {
  const [clear, fill] = query(name).split(/;\s*\n/)
  await warehouse.run(clear!)
  await warehouse.run(fill!, { model_id: modelId })
}

/** Customers' vectors are left out: they can be folded in from their purchases, and are personal. */
const withoutCustomers = (model: object): object => ({ ...model, userFactors: undefined })

const plainArrays = (_: string, value: unknown): unknown =>
  ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value

function listRows({ customerIds, assortment, lists, reasons }: Published) {
  const places: number[] = []
  lists.items.forEach((item, place) => {
    if (item >= 0) places.push(place)
  })
  return {
    customer_id: places.map((place) => customerIds[lists.users[Math.floor(place / lists.k)]!]!),
    position: Int32Array.from(places, (place) => (place % lists.k) + 1),
    product_id: places.map((place) => assortment.ids[lists.items[place]!]!),
    score: Float64Array.from(places, (place) => lists.scores[place]!),
    because_product_id: places.map((place) => (reasons[place]! >= 0 ? assortment.ids[reasons[place]!]! : null)),
  }
}

interface Related {
  readonly relation: 'similar' | 'bought-together'
  readonly product: string
  readonly other: string
  readonly score: number
  readonly together: number
}

function relatedRows({ assortment, similarity, pairs }: Published) {
  const all = [...similarProducts(assortment, similarity), ...togetherProducts(pairs)]
  const byProduct = new Map<string, Related[]>()
  for (const related of all) {
    const key = `${related.relation}\n${related.product}`
    const list = byProduct.get(key)
    if (list) list.push(related)
    else byProduct.set(key, [related])
  }
  const rows = [...byProduct.values()].flatMap((list) =>
    list
      .sort((a, b) => b.score - a.score || (a.other < b.other ? -1 : 1))
      .slice(0, relatedMax)
      .map((related, index) => ({ ...related, position: index + 1 })),
  )
  return {
    relation: rows.map(({ relation }) => relation as string),
    product_id: rows.map(({ product }) => product),
    position: Int32Array.from(rows, ({ position }) => position),
    other_product_id: rows.map(({ other }) => other),
    score: Float64Array.from(rows, ({ score }) => score),
    together: Float64Array.from(rows, ({ together }) => together),
  }
}

function similarProducts({ ids, denied }: Assortment, { rowStarts, columnIndices, values }: SparseMatrix): Related[] {
  const found: Related[] = []
  ids.forEach((product, row) => {
    for (let entry = rowStarts[row]!; entry < rowStarts[row + 1]!; entry += 1) {
      const other = columnIndices[entry]!
      if (denied[other] === 1 || !(values[entry]! > 0)) continue
      found.push({ relation: 'similar', product, other: ids[other]!, score: values[entry]!, together: Number.NaN })
    }
  })
  return found
}

/** The score is the share of the product's orders that also hold the other one. */
const togetherProducts = (pairs: readonly ProductPair[]): Related[] =>
  pairs.flatMap(({ first, second, together, firstOrders, secondOrders }) => [
    { relation: 'bought-together', product: first, other: second, score: together / firstOrders, together },
    { relation: 'bought-together', product: second, other: first, score: together / secondOrders, together },
  ])
