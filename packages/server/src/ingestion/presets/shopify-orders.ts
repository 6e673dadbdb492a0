import { amountOf, sumOf } from './exact-money.ts'
import { cut, type Fields, objectIn, objectsIn, textIn, withoutEmpty } from './fields.ts'
import { customerCalls } from './shopify-customers.ts'
import { amountIn, currencyIn, type OrderLine, orderLinesIn, productsOf } from './shopify-lines.ts'
import { orderAnonymousId, type Refund, refundCall, refundsIn } from './shopify-refunds.ts'
import { badPayload, momentIn, type PayloadContext, somebody, type WireCall } from './wire-call.ts'

/** Topics that tell of a purchase; the others tell of a change, perhaps of an order of long before the webhook. */
const purchases = new Set(['orders/create', 'orders/paid'])

/**
 * What an order tells of: that it was bought, once, whether it comes as created or as paid; what was given back of it,
 * each refund once; that it was cancelled, which takes back what is left. Together they sum to what the order brought.
 */
export function orderCalls(order: Fields, context: PayloadContext): WireCall[] {
  const id = textIn(order, 'id')
  if (id === undefined) throw badPayload('/id', 'be the id of the order')
  const currency = currencyIn(order, 'currency')
  const lines = orderLinesIn(order)
  const refunds = refundsIn(order)
  const buyer = { ...buyerOf(order, id, context), context: circumstancesOf(order) }
  const fields = { order_id: id, order_number: textIn(order, 'name'), currency }
  const event = (name: string, ending: string, moment: string, properties: Fields): WireCall => ({
    ...{ type: 'track', event: name, messageId: `shopify:order:${id}:${ending}`, ...buyer, ...momentIn(order, moment) },
    properties: withoutEmpty({ ...fields, ...properties }),
  })
  const bought = purchases.has(context.topic ?? '')
    ? event('Order Completed', 'completed', 'created_at', { ...totalsOf(order, lines), products: productsOf(lines) })
    : event('Order Updated', `updated:${textIn(order, 'updated_at') ?? ''}`, 'updated_at', {
        financial_status: textIn(order, 'financial_status'),
        fulfillment_status: textIn(order, 'fulfillment_status'),
      })
  const cancelled =
    textIn(order, 'cancelled_at') === undefined
      ? []
      : [
          event('Order Cancelled', 'cancelled', 'cancelled_at', {
            reason: textIn(order, 'cancel_reason'),
            ...remainderOf(lines, refunds),
          }),
        ]
  const customer = objectIn(order, 'customer')
  const known = textIn(customer, 'id') === undefined ? [] : customerCalls(customer, context)
  return [...known, bought, ...refunds.map((refund) => ({ ...refundCall(refund, currency), ...buyer })), ...cancelled]
}

/**
 * Who bought. A refund that comes by itself names the order only, so every event of an order carries it as an anonymous
 * id, by which identity finds the customer.
 */
function buyerOf(order: Fields, id: string, { who }: PayloadContext) {
  const customer = objectIn(order, 'customer')
  const email = textIn(order, 'email') ?? textIn(order, 'contact_email') ?? textIn(customer, 'email')
  const anonymousId = orderAnonymousId(id)
  return { ...somebody(who, { id: textIn(customer, 'id'), email }, anonymousId), anonymousId }
}

/** Where the visit came from: the campaign in the address that it began with. */
function circumstancesOf(order: Fields): Fields {
  const landing = textIn(order, 'landing_site')
  const query = landing !== undefined && URL.canParse(landing, 'https://shop') ? new URL(landing, 'https://shop') : null
  const parameter = (name: string): string | undefined =>
    cut(query?.searchParams.get(`utm_${name}`)?.replaceAll('\0', ''), 512)
  return withoutEmpty({
    campaign: withoutEmpty({
      ...{ name: parameter('campaign'), source: parameter('source'), medium: parameter('medium') },
    }),
    page: withoutEmpty({ referrer: cut(textIn(order, 'referring_site'), 2048) }),
  })
}

function totalsOf(order: Fields, lines: readonly OrderLine[]): Fields {
  const [coupon] = objectsIn(order, 'discount_codes')
  const shipping = objectIn(objectIn(order, 'total_shipping_price_set'), 'shop_money')
  const discount = sumOf(lines.map((line) => line.discount))
  return {
    total: amountIn(order, 'total_price'),
    subtotal: amountIn(order, 'subtotal_price'),
    tax: amountIn(order, 'total_tax'),
    shipping: amountIn(shipping, 'amount'),
    discount: discount === 0n ? undefined : amountOf(discount),
    coupon: coupon && textIn(coupon, 'code'),
  }
}

/** What is left of an order after what was given back: goods, and what they cost less money given back beyond goods. */
function remainderOf(lines: readonly OrderLine[], refunds: readonly Refund[]): Fields {
  const taken = refunds.flatMap((refund) => refund.lines)
  const left = lines.map((line): OrderLine => {
    const back = taken.filter(({ id }) => id !== undefined && id === line.id)
    const quantity = Math.max(0, line.quantity - back.reduce((sum, one) => sum + one.quantity, 0))
    const net = line.net - sumOf(back.map((one) => one.net))
    return { ...line, quantity, net, discount: line.price * BigInt(quantity) - net }
  })
  const goods = left.filter(({ quantity }) => quantity > 0)
  const beyond = sumOf(refunds.map((refund) => refund.beyondGoods))
  const rest = sumOf(left.map(({ net }) => net)) - beyond
  if (rest <= 0n) return {}
  if (goods.length === 0) return { revenue: amountOf(rest) }
  const gross = sumOf(goods.map(({ price, quantity }) => price * BigInt(quantity)))
  return { products: productsOf(goods), discount: amountOf(gross - rest) }
}
