import { asObject, cut, type Fields, textIn, withoutEmpty } from './fields.ts'
import { customerCalls } from './shopify-customers.ts'
import { amountIn, currencyIn, orderLinesIn, productsOf } from './shopify-lines.ts'
import { orderCalls } from './shopify-orders.ts'
import { readRefund, refundCall } from './shopify-refunds.ts'
import {
  badPayload,
  contentId,
  type Mapped,
  momentIn,
  type PayloadContext,
  somebody,
  type WireCall,
} from './wire-call.ts'

type CallsOf = (payload: Fields, context: PayloadContext) => WireCall[]

/** By topic. What is not here is of no interest. Source: shopify.dev/docs/api/webhooks, version 2025-04. */
const topics: Readonly<Record<string, CallsOf>> = {
  'orders/create': orderCalls,
  'orders/paid': orderCalls,
  'orders/updated': orderCalls,
  'orders/cancelled': orderCalls,
  'orders/fulfilled': orderCalls,
  'orders/partially_fulfilled': orderCalls,
  'refunds/create': (refund) => [refundCall(readRefund(refund, ''))],
  'customers/create': customerCalls,
  'customers/update': customerCalls,
  'customers/enable': customerCalls,
  'checkouts/create': (checkout, context) => [checkoutCall(checkout, 'Checkout Started', context)],
  'checkouts/update': (checkout, context) => [checkoutCall(checkout, 'Checkout Updated', context)],
}

/** Webhooks of Shopify: orders, refunds, customers and checkouts. The topic comes in `X-Shopify-Topic`. */
export function mapShopify(payload: unknown, context: PayloadContext): Mapped {
  const fields = asObject(payload)
  if (!fields) throw badPayload('', 'be a JSON object')
  const { topic } = context
  if (topic === undefined) throw badPayload('', 'come with its topic in X-Shopify-Topic')
  const callsOf = Object.hasOwn(topics, topic) ? topics[topic]! : undefined
  if (!callsOf) return { ignored: `of the topic ${cut(topic, 64)} nothing is taken` }
  if (fields['test'] === true && !context.takesTests) return { ignored: 'it is a test order' }
  return { calls: callsOf(fields, context) }
}

/** A cart on its way to an order; until somebody gives an address, of nobody known. */
function checkoutCall(checkout: Fields, event: string, { who }: PayloadContext): WireCall {
  const token = textIn(checkout, 'token')
  if (token === undefined) throw badPayload('/token', 'be the token of the checkout')
  const anonymousId = `shopify:checkout:${token}`
  const customer = asObject(checkout['customer']) ?? {}
  const email = textIn(checkout, 'email') ?? textIn(customer, 'email')
  const isStart = event === 'Checkout Started'
  const lines = orderLinesIn(checkout)
  return {
    ...{ type: 'track', event, ...somebody(who, { id: textIn(customer, 'id'), email }, anonymousId), anonymousId },
    messageId: `${anonymousId}:${isStart ? 'started' : (textIn(checkout, 'updated_at') ?? contentId(checkout))}`,
    ...momentIn(checkout, isStart ? 'created_at' : 'updated_at'),
    properties: withoutEmpty({
      ...{ checkout_id: token, currency: currencyIn(checkout, 'currency'), products: productsOf(lines) },
      value: amountIn(checkout, 'subtotal_price') ?? amountIn(checkout, 'total_price'),
      url: cut(textIn(checkout, 'abandoned_checkout_url'), 1000),
    }),
  }
}
