import { isoOf, RapportError } from '../base/index.ts'
import { standingsOf } from '../consent/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { currencyOf } from './first-look.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** Everything the store knows of one customer, in the shape that `rapport customer ID --json` prints. */
export interface CustomerView {
  readonly customerId: string
  /** Of every amount below; null in a store without sales. */
  readonly currency: string | null
  /** Name → value; null where it is not known. */
  readonly traits: Readonly<Record<string, string | number | null>>
  /** What holds of each purpose, and since when; by the store's defaults where nothing was decided. */
  readonly consents: readonly { readonly purpose: string; readonly isGranted: boolean; readonly since: string | null }[]
  readonly segments: readonly { readonly id: string; readonly name: string }[]
  readonly scores: readonly {
    readonly score: string
    readonly value: number
    readonly low: number | null
    readonly high: number | null
    readonly reasons: readonly string[]
    /** What is predicted, and for how long; null where the model does not say. */
    readonly meaning: string | null
    readonly modelId: string
  }[]
  /** The latest first, 20 at most. */
  readonly orders: readonly {
    readonly orderId: string
    readonly orderedAt: string
    readonly amount: number
    readonly currency: string
    readonly lines: number
  }[]
  readonly recommendations: readonly {
    readonly productId: string
    readonly name: string
    readonly because: string | null
  }[]
}

/** @throws RapportError `insights.customer` when nothing in the store names the customer */
export async function viewCustomer(warehouse: Warehouse, customerId: string): Promise<CustomerView> {
  const one = { id: customerId }
  const [known] = await warehouse.rows<{ is_known: unknown }>(query('is_customer_known'), one)
  if (!known?.is_known) {
    throw new RapportError(
      'insights.customer',
      `the customer must be named by an order, event or import, got ${customerId}`,
    )
  }
  const [traits] = await warehouse.rows<Record<string, string | number | null>>(query('customer_traits'), one)
  const { standings } = await standingsOf(warehouse, customerId)
  const scores = await warehouse.rows<Omit<CustomerView['scores'][number], 'reasons'> & { reasons: string | null }>(
    query('customer_scores'),
    one,
  )
  const orders = await warehouse.rows<{
    orderId: string
    orderedAt: number
    amount: number
    currency: string
    lines: number
  }>(query('customer_orders'), one)
  return {
    customerId,
    currency: await currencyOf(warehouse),
    traits: traits ?? {},
    consents: standings.map(({ purpose, isGranted, decidedAt }) => ({
      ...{ purpose, isGranted, since: decidedAt === null ? null : isoOf(decidedAt) },
    })),
    segments: await warehouse.rows(query('customer_segments'), one),
    scores: scores.map((score) => ({ ...score, reasons: wordsOf(score.reasons) })),
    orders: orders.map((order) => ({ ...order, orderedAt: isoOf(order.orderedAt) })),
    recommendations: await warehouse.rows(query('customer_recommendations'), one),
  }
}

const wordsOf = (reasons: string | null): string[] =>
  reasons === null ? [] : (JSON.parse(reasons) as { words: string }[]).map(({ words }) => words)
