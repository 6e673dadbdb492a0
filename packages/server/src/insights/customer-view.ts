import { isoOf, RapportError } from '../base/index.ts'
import { standingsOf } from '../consent/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { currencyOf } from './first-look.ts'
import { type TaughtMember, type TaughtRow, taughtMember, wordsOf } from './taught-member.ts'

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
  readonly segments: readonly ({ readonly id: string; readonly name: string } & TaughtMember)[]
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
  /** Of all orders and of all events. */
  readonly orderCount: number
  readonly eventCount: number
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

/**
 * @param named the customer, or an id that belongs to them by now: of before an alias, or `anonymous:` and a browser's
 * @throws RapportError `insights.customer` when nothing in the store names the customer
 */
export async function viewCustomer(warehouse: Warehouse, named: string): Promise<CustomerView> {
  const customerId = await customerNamed(warehouse, named)
  const one = { id: customerId }
  const [traits] = await warehouse.rows<Record<string, string | number | null>>(query('customer_traits'), one)
  const [counts] = await warehouse.rows<Pick<CustomerView, 'orderCount' | 'eventCount'>>(query('customer_counts'), one)
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
    segments: (await warehouse.rows<SegmentRow>(query('customer_segments'), one)).map((segment) => ({
      ...segment,
      ...taughtMember(segment),
    })),
    scores: scores.map((score) => ({ ...score, reasons: wordsOf(score.reasons) })),
    ...counts!,
    orders: orders.map((order) => ({ ...order, orderedAt: isoOf(order.orderedAt) })),
    recommendations: await warehouse.rows(query('customer_recommendations'), one),
  }
}

type SegmentRow = { readonly id: string; readonly name: string } & TaughtRow

/**
 * The customer whom an id names.
 *
 * @throws RapportError `insights.customer` where nothing is known of it
 */
export async function customerNamed(warehouse: Warehouse, named: string): Promise<string> {
  const isKnown = async (id: string): Promise<boolean> => {
    const [known] = await warehouse.rows<{ is_known: unknown }>(query('is_customer_known'), { id })
    return Boolean(known?.is_known)
  }
  if (await isKnown(named)) return named
  const [moved] = await warehouse.rows<{ customerId: string }>(query('customer_of_id'), { id: named })
  if (moved && (await isKnown(moved.customerId))) return moved.customerId
  throw new RapportError('insights.customer', `the customer must be named by an order, event or import, got ${named}`)
}
