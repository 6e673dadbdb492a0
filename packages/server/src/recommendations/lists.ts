import { type ItemItemModel, type Recommendations, similarItems } from '@rapport/learn'
import type { SparseMatrix } from '@rapport/numerics'
import type { ProductPair } from './bought-together.ts'

/** Lists of products for customers, one entry a row, all by number. */
export interface ListEntries {
  readonly customer: number[]
  readonly position: number[]
  readonly product: number[]
  readonly score: number[]
  /** The past purchase that speaks most for the product; NaN where none does. */
  readonly because: number[]
  /** 0 for the chosen model, 1 for popularity. */
  readonly model: number[]
}

export const noEntries = (): ListEntries => ({
  customer: [],
  position: [],
  product: [],
  score: [],
  because: [],
  model: [],
})

/**
 * Each customer's list: first what the model recommends, then, where it knows of fewer products, the popular ones, which
 * say so by their model.
 */
export function* addLists(
  entries: ListEntries,
  lists: Recommendations,
  popular: Recommendations,
  owned: SparseMatrix,
  similarity: ItemItemModel,
  customerFrom = 0,
): Generator<void, void> {
  const reason = bestReason(owned, similarity)
  let next = 0
  for (let list = 0; list < lists.users.length; list += 1) {
    if (list % customersPerStep === 0) yield
    const customer = lists.users[list]!
    const chosen = listOf(lists, list)
    const because = reason(customer, chosen)
    chosen.forEach((product, at) => {
      addEntry(entries, customerFrom + customer, at, product, lists.scores[list * lists.k + at]!, because[at]!, 0)
    })
    if (popular.users[next] !== customer) continue
    const added = listOf(popular, next).filter((product) => !chosen.includes(product))
    added.slice(0, lists.k - chosen.length).forEach((product, at) => {
      addEntry(entries, customerFrom + customer, chosen.length + at, product, 0, Number.NaN, 1)
    })
    next += 1
  }
}

const customersPerStep = 512

function listOf({ items, k }: Recommendations, list: number): number[] {
  const own: number[] = []
  for (let at = list * k; at < (list + 1) * k && items[at]! >= 0; at += 1) own.push(items[at]!)
  return own
}

function addEntry(
  entries: ListEntries,
  customer: number,
  place: number,
  product: number,
  score: number,
  because: number,
  model: 0 | 1,
): void {
  entries.customer.push(customer)
  entries.position.push(place + 1)
  entries.product.push(product)
  entries.score.push(score)
  entries.because.push(because)
  entries.model.push(model)
}

/** Customers whose lists have a place left. */
export const usersWithRoom = ({ users, items, k }: Recommendations): Int32Array =>
  users.filter((_, list) => items[(list + 1) * k - 1]! < 0)

/** The past purchase most similar to each product, weighted by how often it was bought; NaN where none is similar. */
function bestReason(owned: SparseMatrix, { similarity }: ItemItemModel) {
  const place = new Int32Array(similarity.rows).fill(-1)
  return (customer: number, products: readonly number[]): number[] => {
    const because = products.map(() => Number.NaN)
    const strongest = products.map(() => 0)
    products.forEach((product, at) => {
      place[product] = at
    })
    for (let at = owned.rowStarts[customer]!; at < owned.rowStarts[customer + 1]!; at += 1) {
      const past = owned.columnIndices[at]!
      for (let near = similarity.rowStarts[past]!; near < similarity.rowStarts[past + 1]!; near += 1) {
        const listed = place[similarity.columnIndices[near]!]!
        const strength = owned.values[at]! * similarity.values[near]!
        if (listed < 0 || strength <= strongest[listed]!) continue
        strongest[listed] = strength
        because[listed] = past
      }
    }
    for (const product of products) place[product] = -1
    return because
  }
}

/** Products related to products, one entry a row, all by number. */
export interface RelatedEntries {
  /** 0 for similar, 1 for bought together. */
  readonly relation: number[]
  readonly product: number[]
  readonly position: number[]
  readonly other: number[]
  readonly score: number[]
  /** NaN for similar products. */
  readonly together: number[]
}

/** The most similar products of each product, and the strongest pairs, without what must not be shown. */
export function relatedProducts(
  similarity: ItemItemModel,
  pairs: readonly ProductPair[],
  productIds: readonly string[],
  denied: Uint8Array,
  k: number,
): RelatedEntries {
  const entries: RelatedEntries = { relation: [], product: [], position: [], other: [], score: [], together: [] }
  const positions = [new Int32Array(productIds.length), new Int32Array(productIds.length)] as const
  const add = (relation: 0 | 1, product: number, other: number, score: number, together: number): void => {
    const position = positions[relation][product]! + 1
    if (position > k || denied[other] === 1) return
    positions[relation][product] = position
    entries.relation.push(relation)
    entries.product.push(product)
    entries.position.push(position)
    entries.other.push(other)
    entries.score.push(score)
    entries.together.push(together)
  }
  for (let product = 0; product < productIds.length; product += 1) {
    const { items, scores } = similarItems(similarity, product, k + denied.length)
    items.forEach((other, at) => {
      add(0, product, other, scores[at]!, Number.NaN)
    })
  }
  const numbers = new Map(productIds.map((id, number) => [id, number]))
  for (const { first, second, orders, lift } of pairs) {
    const [one, other] = [numbers.get(first), numbers.get(second)]
    // A product that only unknown customers bought has no number, and no list.
    if (one === undefined || other === undefined) continue
    add(1, one, other, lift, orders)
    add(1, other, one, lift, orders)
  }
  return entries
}
