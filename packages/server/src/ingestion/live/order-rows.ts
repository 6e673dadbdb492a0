import { commerceOrder } from '@rapport/protocol'
import { contentKey } from './event-key.ts'
import type { LiveEvent } from './live-event.ts'
import { micros } from './read-call.ts'

/** What an event says of an order, as the table `order_lines` keeps it. */
export interface LiveOrderLine {
  readonly key: bigint
  readonly orderId: string
  readonly customerId: string | null
  readonly productId: string | null
  readonly description: string | null
  readonly category: string | null
  readonly quantity: number
  readonly unitPriceMicros: number
  readonly amountMicros: number
  readonly discountMicros: number | null
  readonly taxMicros: number | null
  readonly shippingMicros: number | null
  readonly currency: string
  readonly kind: 'sale' | 'cancellation'
  readonly occurredAt: number
  readonly receivedAt: number
  readonly source: string | null
}

const kinds: Readonly<Record<string, LiveOrderLine['kind']>> = {
  'Order Completed': 'sale',
  'Order Refunded': 'cancellation',
  'Order Cancelled': 'cancellation',
}

/**
 * The lines of the order that an event tells of; none when it tells of none, or of one without an id or amounts. What a
 * product names as its discount is taken off its line, and what is left of the order's off all lines in proportion to
 * their prices, so that amounts are as paid; tax and shipping stand on its first line.
 *
 * @param currency where the event names none
 */
export function orderLinesOf(event: LiveEvent, currency: string | null): LiveOrderLine[] {
  const kind = event.call === 'track' && Object.hasOwn(kinds, event.name) ? kinds[event.name] : undefined
  if (kind === undefined || event.properties === null) return []
  const parsed = commerceOrder.safeParse(JSON.parse(event.properties))
  const named = event.currency ?? currency
  if (!parsed.success || named === null) return []
  const order = parsed.data
  const sign = kind === 'sale' ? 1 : -1
  const bought = (order.products ?? []).flatMap((product) => {
    const price = micros(product.price)
    const own = micros(product.discount) ?? 0
    return price === null ? [] : [{ product, price, own, quantity: Math.abs(product.quantity ?? 1) }]
  })
  const discount = micros(order.discount)
  const total = micros(order.revenue ?? order.subtotal ?? order.total)
  if (bought.length === 0 && total === null) return []
  const gross = bought.map(({ price, quantity }) => Math.round(price * quantity))
  const ofLines = bought.reduce((sum, { own }) => sum + own, 0)
  const rest = spread(discount === null ? 0 : discount - ofLines, gross)
  const shares = rest.map((part, at) => part + bought[at]!.own)
  // Beyond what whole micros can hold exactly an order is left in the event's properties only.
  if (gross.some((amount, at) => !Number.isSafeInteger(amount) || !Number.isSafeInteger(amount - shares[at]!)))
    return []
  const refundId = order.refund_id ?? null
  const keyOf = (productId: string, at: number): bigint => lineKey(kind, order.order_id, refundId, productId, at)
  const common = {
    ...{ orderId: order.order_id, customerId: customerOf(event), currency: named, kind, source: event.source },
    ...{ occurredAt: event.occurredAt, receivedAt: event.receivedAt },
  }
  const once = (at: number) => ({
    taxMicros: at === 0 ? micros(order.tax) : null,
    shippingMicros: at === 0 ? micros(order.shipping) : null,
  })
  if (bought.length === 0) {
    return [
      {
        ...common,
        ...once(0),
        ...{ key: keyOf('', 0), productId: null, description: null, category: null },
        ...{ quantity: sign, unitPriceMicros: total!, amountMicros: sign * total!, discountMicros: discount },
      },
    ]
  }
  return bought.map(({ product, price, quantity }, at) => {
    const productId = product.product_id ?? product.sku ?? null
    return {
      ...common,
      ...once(at),
      key: keyOf(productId ?? '', at),
      ...{ productId, description: product.name ?? null, category: product.category ?? null },
      ...{ quantity: sign * quantity, unitPriceMicros: price, amountMicros: sign * (gross[at]! - shares[at]!) },
      discountMicros: discount === null && ofLines === 0 ? null : shares[at]!,
    }
  })
}

const customerOf = ({ userId, anonymousId }: LiveEvent): string | null =>
  userId ?? (anonymousId === null ? null : `anonymous:${anonymousId}`)

/** Parts a whole number in proportion to `weights`, exactly: what rounding leaves goes to the last of them. */
export function spread(whole: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  if (sum === 0) return weights.map((_, at) => (at === 0 ? whole : 0))
  const parts = weights.map((weight) => Math.trunc((whole * weight) / sum))
  const rest = whole - parts.reduce((total, part) => total + part, 0)
  return parts.map((part, at) => (at === parts.length - 1 ? part + rest : part))
}

/** The same line of the same order, or of the same refund of it, is one, in however many events it comes. */
const lineKey = (kind: string, orderId: string, refundId: string | null, productId: string, at: number): bigint =>
  contentKey(['orders-live', kind, orderId, ...(refundId === null ? [] : ['refund', refundId]), productId, String(at)])
