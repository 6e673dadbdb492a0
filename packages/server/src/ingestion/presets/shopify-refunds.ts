import { amountOf, type Micros, microsOf, sumOf } from './exact-money.ts'
import { asObject, cut, type Fields, objectIn, objectsIn, textIn, withoutEmpty } from './fields.ts'
import { currencyIn, type OrderLine, priceOf, productsOf, quantityOf } from './shopify-lines.ts'
import { badPayload, momentIn, type WireCall } from './wire-call.ts'

/** Goods taken back, money given back, or both. */
export interface Refund {
  readonly id: string
  readonly orderId: string
  readonly fields: Fields
  readonly lines: readonly OrderLine[]
  /** Money given back beyond what the goods cost; negative where some of it was kept. */
  readonly beyondGoods: Micros
}

/** An order as an anonymous id: a refund that comes by itself names nobody else. */
export const orderAnonymousId = (orderId: string): string => `shopify:order:${orderId}`

/** The refunds in an order. */
export const refundsIn = (order: Fields): Refund[] =>
  objectsIn(order, 'refunds').map((refund, at) => readRefund({ order_id: order['id'], ...refund }, `/refunds/${at}`))

export function readRefund(fields: Fields, pointer: string): Refund {
  const [id, orderId] = [textIn(fields, 'id'), textIn(fields, 'order_id')]
  if (id === undefined) throw badPayload(`${pointer}/id`, 'be the id of the refund')
  if (orderId === undefined) throw badPayload(`${pointer}/order_id`, 'be the id of the order')
  const lines = objectsIn(fields, 'refund_line_items').map((line, at) =>
    takenBack(line, `${pointer}/refund_line_items/${at}`),
  )
  return { id, orderId, fields, lines, beyondGoods: beyondGoods(fields, lines) }
}

function takenBack(line: Fields, pointer: string): OrderLine {
  const quantity = quantityOf(line, pointer)
  const net = microsOf(line['subtotal'])
  if (net === undefined) throw badPayload(`${pointer}/subtotal`, 'be an amount with at most six decimals')
  const item = asObject(line['line_item'])
  if (!item) throw badPayload(`${pointer}/line_item`, 'be the line of the order')
  const price = priceOf(item, `${pointer}/line_item`)
  const id = textIn(line, 'line_item_id') ?? textIn(item, 'id')
  return { id, item, price, quantity, net, discount: price * BigInt(quantity) - net }
}

/**
 * Without goods, what the refund's payments gave back, but for shipping; with goods, the difference that Shopify notes
 * between what they cost and what was given. Goods that were taken back without any payment count in full: the order was
 * never paid, or is paid back elsewhere.
 */
function beyondGoods(refund: Fields, lines: readonly OrderLine[]): Micros {
  const payments = objectsIn(refund, 'transactions').filter(
    (payment) => payment['kind'] === 'refund' && payment['status'] === 'success',
  )
  const adjustments = (kind: string): Micros =>
    sumOf(
      objectsIn(refund, 'order_adjustments')
        .filter((adjustment) => adjustment['kind'] === kind)
        .map(({ amount }) => microsOf(amount)),
    )
  if (payments.length === 0) return 0n
  if (lines.length > 0) return -adjustments('refund_discrepancy')
  const given = sumOf(payments.map(({ amount }) => microsOf(amount)))
  // Adjustments are negative where money goes to the customer.
  const goods = given + adjustments('shipping_refund')
  return goods > 0n ? goods : 0n
}

/** The refund as an event of its order. */
export function refundCall(refund: Refund, currency = currencyOf(refund)): WireCall {
  const { id, orderId, fields, lines, beyondGoods } = refund
  const discount = sumOf(lines.map((line) => line.discount)) - beyondGoods
  return {
    ...{
      type: 'track',
      event: 'Order Refunded',
      messageId: `shopify:refund:${id}`,
      anonymousId: orderAnonymousId(orderId),
    },
    ...momentIn(fields, textIn(fields, 'processed_at') === undefined ? 'created_at' : 'processed_at'),
    properties: withoutEmpty({
      ...{ order_id: orderId, refund_id: id, currency, reason: cut(textIn(fields, 'note'), 500) },
      products: productsOf(lines),
      discount: lines.length === 0 || discount === 0n ? undefined : amountOf(discount),
      revenue: lines.length > 0 || beyondGoods === 0n ? undefined : amountOf(beyondGoods),
    }),
  }
}

/** A refund by itself says its currency in its sums only. */
function currencyOf({ fields }: Refund): string | undefined {
  const sums = [
    ...objectsIn(fields, 'refund_line_items').map((line) => objectIn(objectIn(line, 'subtotal_set'), 'shop_money')),
    ...objectsIn(fields, 'order_adjustments').map((line) => objectIn(objectIn(line, 'amount_set'), 'shop_money')),
  ]
  const [sum] = sums.filter((one) => textIn(one, 'currency_code') !== undefined)
  const [payment] = objectsIn(fields, 'transactions')
  return sum ? currencyIn(sum, 'currency_code') : payment && currencyIn(payment, 'currency')
}
