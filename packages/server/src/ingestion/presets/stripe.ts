import { isoOf } from '../../base/index.ts'
import { amountOf, microsOfSmallest } from './exact-money.ts'
import { asObject, cut, type Fields, numberIn, objectIn, textIn, withoutEmpty } from './fields.ts'
import { badPayload, type Mapped, type PayloadContext, somebody, type WireCall } from './wire-call.ts'

/** An event of Stripe: what it is about, its id, and what it changed. */
interface StripeEvent {
  readonly id: string
  readonly object: Fields
  readonly previous: Fields
  readonly timestamp: string
}

/** By type; what is not here is of no interest. Source: docs.stripe.com/api/events/types, version 2025-06-30. */
const types: Readonly<Record<string, (event: StripeEvent, context: PayloadContext) => Mapped>> = {
  'charge.succeeded': paid,
  'charge.captured': paid,
  'charge.refunded': refunded,
  'checkout.session.completed': checkedOut,
  'checkout.session.async_payment_succeeded': checkedOut,
  'customer.created': customer,
  'customer.updated': customer,
}

/**
 * Webhooks of Stripe: charges and checkouts as orders, refunds, customers. An order is what one payment intent paid, so
 * that a checkout and its charge are one.
 */
export function mapStripe(payload: unknown, context: PayloadContext): Mapped {
  const fields = asObject(payload)
  if (fields?.['object'] !== 'event') throw badPayload('/object', 'be event: a snapshot event of the API')
  const [id, type, object] = [
    textIn(fields, 'id'),
    textIn(fields, 'type'),
    objectIn(objectIn(fields, 'data'), 'object'),
  ]
  if (id === undefined) throw badPayload('/id', 'be the id of the event')
  if (type === undefined) throw badPayload('/type', 'be the type of the event')
  const map = Object.hasOwn(types, type) ? types[type]! : undefined
  if (!map) return { ignored: `of the type ${cut(type, 64)} nothing is taken` }
  if (fields['livemode'] !== true && !context.takesTests) return { ignored: 'it is of Stripe’s test mode' }
  if (textIn(object, 'id') === undefined) throw badPayload('/data/object/id', 'be the id of what the event is about')
  const timestamp = momentOf(fields, '/created')
  return map({ id, object, previous: objectIn(objectIn(fields, 'data'), 'previous_attributes'), timestamp }, context)
}

/** Seconds since 1970, within what a date can be. */
function momentOf(fields: Fields, pointer: string): string {
  const seconds = numberIn(fields, 'created')
  if (seconds === undefined || seconds < 0 || seconds > 1e11) throw badPayload(pointer, 'be seconds since 1970')
  return isoOf(seconds * 1000)
}

/** The id of something that stands there by its id or in full. */
const idIn = (fields: Fields, name: string): string | undefined =>
  textIn(fields, name) ?? textIn(objectIn(fields, name), 'id')

/** One payment is one order; a charge of before payment intents is its own. */
const orderIdOf = (object: Fields): string => idIn(object, 'payment_intent') ?? textIn(object, 'id')!

function amountIn(object: Fields, name: string): number | string {
  const currency = currencyOf(object)
  const micros = microsOfSmallest(object[name], currency)
  if (micros === undefined) throw badPayload(`/data/object/${name}`, 'be a whole number of the smallest unit')
  return amountOf(micros)
}

function currencyOf(object: Fields): string {
  const currency = textIn(object, 'currency')
  if (currency === undefined || !/^[a-z]{3}$/i.test(currency)) {
    throw badPayload('/data/object/currency', 'be a currency of ISO 4217')
  }
  return currency.toUpperCase()
}

const payerOf = (object: Fields, { who }: PayloadContext) =>
  somebody(
    who,
    {
      id: idIn(object, 'customer'),
      email:
        textIn(objectIn(object, 'customer_details'), 'email') ??
        textIn(objectIn(object, 'billing_details'), 'email') ??
        textIn(object, 'receipt_email'),
    },
    `stripe:${orderIdOf(object)}`,
  )

const completed = (object: Fields, context: PayloadContext, amount: number | string, properties: Fields): WireCall => ({
  ...{ type: 'track', event: 'Order Completed', messageId: `stripe:order:${orderIdOf(object)}:completed` },
  ...payerOf(object, context),
  timestamp: momentOf(object, '/data/object/created'),
  properties: withoutEmpty({
    ...{ order_id: orderIdOf(object), currency: currencyOf(object), revenue: amount, total: amount, ...properties },
  }),
})

function paid({ object }: StripeEvent, context: PayloadContext): Mapped {
  if (object['captured'] === false) return { ignored: 'the charge is authorised only, not captured yet' }
  const amount = amountIn(object, object['amount_captured'] === undefined ? 'amount' : 'amount_captured')
  const description = cut(textIn(object, 'description'), 500)
  return { calls: [completed(object, context, amount, { charge_id: textIn(object, 'id'), description })] }
}

/** What this event gave back: Stripe counts up, and says what it was before. */
function refunded({ id, object, previous, timestamp }: StripeEvent, context: PayloadContext): Mapped {
  const [now, before] = [object['amount_refunded'], previous['amount_refunded']]
  if (typeof now !== 'number' || typeof before !== 'number') {
    throw badPayload('/data/previous_attributes/amount_refunded', 'say what had been given back before')
  }
  if (now <= before) throw badPayload('/data/object/amount_refunded', 'be more than what had been given back before')
  const properties = {
    ...{ order_id: orderIdOf(object), currency: currencyOf(object), charge_id: textIn(object, 'id') },
    // The count tells refunds of one charge apart, in however many events each comes.
    refund_id: `${textIn(object, 'id')}:${now}`,
    revenue: amountIn({ currency: object['currency'], given: now - before }, 'given'),
    event_id: id,
  }
  const messageId = `stripe:refund:${properties.refund_id}`
  const call: WireCall = {
    type: 'track',
    event: 'Order Refunded',
    messageId,
    ...payerOf(object, context),
    timestamp,
    properties,
  }
  return { calls: [call] }
}

/** A checkout that was paid is an order; one that began a subscription or waits for its payment is not one yet. */
function checkedOut({ id, object, timestamp }: StripeEvent, context: PayloadContext): Mapped {
  const who = payerOf(object, context)
  const details = objectIn(object, 'customer_details')
  const identify: WireCall = {
    type: 'identify',
    messageId: `stripe:${id}:customer`,
    ...who,
    timestamp,
    traits: traitsOf(details),
  }
  const isOrder =
    object['mode'] === 'payment' && object['payment_status'] === 'paid' && idIn(object, 'payment_intent') !== undefined
  if (isOrder) {
    const totals = objectIn(object, 'total_details')
    const known = (name: string): number | string | undefined =>
      typeof totals[name] === 'number' ? amountIn({ ...totals, currency: object['currency'] }, name) : undefined
    const properties = {
      ...{ tax: known('amount_tax'), shipping: known('amount_shipping'), discount: known('amount_discount') },
      ...{ checkout_id: textIn(object, 'id'), reference: textIn(object, 'client_reference_id') },
    }
    return { calls: [identify, completed(object, context, amountIn(object, 'amount_total'), properties)] }
  }
  const properties = withoutEmpty({
    ...{ checkout_id: textIn(object, 'id'), mode: textIn(object, 'mode') },
    ...{ payment_status: textIn(object, 'payment_status'), subscription_id: idIn(object, 'subscription') },
  })
  return {
    calls: [
      identify,
      { type: 'track', event: 'Checkout Completed', messageId: `stripe:${id}`, ...who, timestamp, properties },
    ],
  }
}

function customer({ id, object, timestamp }: StripeEvent, { who }: PayloadContext): Mapped {
  const [customerId, email] = [textIn(object, 'id'), textIn(object, 'email')]
  const person = somebody(who, { id: customerId, email }, `stripe:${customerId}`)
  const createdAt = typeof object['created'] === 'number' ? momentOf(object, '/data/object/created') : undefined
  const traits = { ...traitsOf(object), ...withoutEmpty({ createdAt }) }
  return { calls: [{ type: 'identify', messageId: `stripe:${id}`, ...person, timestamp, traits }] }
}

function traitsOf(details: Fields): Fields {
  const address = objectIn(details, 'address')
  return withoutEmpty({
    ...{ email: textIn(details, 'email'), name: textIn(details, 'name'), phone: textIn(details, 'phone') },
    address: withoutEmpty({
      ...{ city: textIn(address, 'city'), state: textIn(address, 'state'), country: textIn(address, 'country') },
      postalCode: textIn(address, 'postal_code'),
    }),
  })
}
