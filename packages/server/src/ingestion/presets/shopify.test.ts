import fc from 'fast-check'
import { expect, test } from 'vitest'
import { brought, callsOf, contextOf, eventsOf, keptOf } from './calls-of.contract.ts'
import { decimalOf } from './exact-money.ts'
import { shopify } from './payloads/shopify.ts'
import { mapShopify } from './shopify.ts'

const calls = (topic: string, payload: unknown, more = {}) =>
  callsOf(mapShopify(payload, contextOf({ topic: topic as never, ...more })))
const { order, refund, customer, checkout } = shopify

test('an order is who bought it and what, as paid', () => {
  const [known, bought] = calls('orders/create', order)
  expect(known).toMatchObject({ type: 'identify', userId: 'bob.norman@mail.example.com' })
  expect(bought).toMatchObject({
    ...{ event: 'Order Completed', userId: 'bob.norman@mail.example.com', anonymousId: 'shopify:order:450789469' },
    ...{ timestamp: '2008-01-10T11:00:00-05:00', messageId: 'shopify:order:450789469:completed' },
    context: { campaign: { source: 'spring', medium: 'email' }, page: { referrer: 'http://www.otherexample.com' } },
    properties: { order_id: '450789469', currency: 'USD', total: 598.94, tax: 11.94, coupon: 'TENOFF' },
  })
  const { lines } = keptOf([bought!])
  expect(lines.map((line) => [line.productId, line.amountMicros, line.discountMicros, line.source])).toEqual([
    ['IPOD2008GREEN', 195_660_000, 3_340_000, 'email'],
    ['IPOD2008RED', 195_670_000, 3_330_000, 'email'],
    ['IPOD2008BLACK', 195_670_000, 3_330_000, 'email'],
  ])
  expect(new Date(lines[0]!.occurredAt).toISOString()).toBe('2008-01-10T16:00:00.000Z')
})

test('an order that comes as created, paid and updated counts once, in any order', () => {
  const changed = { ...order, updated_at: '2008-01-11T00:00:00-05:00' }
  const all = [
    ...calls('orders/create', order),
    ...calls('orders/paid', changed),
    ...calls('orders/updated', changed),
    ...calls('orders/create', order),
  ]
  for (const sent of [all, all.toReversed()]) {
    const { names, lines } = keptOf(sent)
    expect(names.filter((name) => name === 'Order Completed')).toHaveLength(1)
    expect(brought(lines)).toBe(587_000_000)
  }
  expect(keptOf(calls('orders/updated', changed)).lines).toEqual([])
})

test('a refund by itself and the same in its order are one, and know their customer through the order', () => {
  const [alone] = calls('refunds/create', refund)
  expect(alone).toMatchObject({
    ...{ event: 'Order Refunded', anonymousId: 'shopify:order:450789469', timestamp: '2025-01-02T15:23:16-05:00' },
    properties: { order_id: '450789469', refund_id: '509562969', currency: 'USD', reason: 'it broke during shipping' },
  })
  const whole = [...calls('orders/create', order), alone!, ...calls('orders/updated', { ...order, refunds: [refund] })]
  const { lines } = keptOf(whole)
  expect(lines.filter(({ kind }) => kind === 'cancellation').map((line) => line.amountMicros)).toEqual([-195_670_000])
  expect(brought(lines)).toBe(391_330_000)
})

test('two refunds of one product of one order are two', () => {
  const two = { ...refund, id: 2 }
  expect(brought(keptOf([...calls('refunds/create', refund), ...calls('refunds/create', two)]).lines)).toBe(
    -391_340_000,
  )
})

test('money given back without goods, less shipping; goods taken back without money', () => {
  const money = { ...refund, refund_line_items: [] }
  expect(brought(keptOf(calls('refunds/create', money)).lines)).toBe(-209_000_000)
  const shipping = { kind: 'shipping_refund', amount: '-9.00', amount_set: { shop_money: { currency_code: 'USD' } } }
  const lessShipping = { ...money, order_adjustments: [shipping] }
  expect(brought(keptOf(calls('refunds/create', lessShipping)).lines)).toBe(-200_000_000)
  const kept = { kind: 'refund_discrepancy', amount: '5.67' }
  expect(brought(keptOf(calls('refunds/create', { ...refund, order_adjustments: [kept] })).lines)).toBe(-190_000_000)
  expect(brought(keptOf(calls('refunds/create', { ...refund, transactions: [] })).lines)).toBe(-195_670_000)
})

test('a cancelled order brings nothing, whatever was given back of it before', () => {
  const cancelled = { ...order, cancelled_at: '2025-02-01T00:00:00Z', cancel_reason: 'customer' }
  const first = calls('orders/create', order)
  expect(brought(keptOf([...first, ...calls('orders/cancelled', cancelled)]).lines)).toBe(0)
  const after = calls('orders/cancelled', { ...cancelled, refunds: [refund] })
  expect(brought(keptOf([...first, ...calls('refunds/create', refund), ...after]).lines)).toBe(0)
})

const cents = (most: number) => fc.nat(most).map((value) => BigInt(value) * 10_000n)
const randomOrder = fc
  .array(fc.record({ price: cents(100_000), quantity: fc.integer({ min: 1, max: 5 }), share: fc.nat(100) }), {
    ...{ minLength: 1, maxLength: 5 },
  })
  .chain((items) =>
    fc.tuple(
      fc.constant(items),
      fc.array(fc.tuple(fc.nat(items.length - 1), fc.integer({ min: 1, max: 5 })), { maxLength: 4 }),
    ),
  )

test('bought, given back in parts and cancelled: nothing is left, to the micro', () => {
  fc.assert(
    fc.property(randomOrder, ([items, parts]) => {
      const left = items.map(({ quantity }) => quantity)
      const line_items = items.map(({ price, quantity, share }, at) => ({
        ...{ id: at + 1, sku: `p${at}`, price: decimalOf(price), quantity },
        discount_allocations: [{ amount: decimalOf((price * BigInt(quantity * share)) / 100n) }],
      }))
      const refunds = parts.flatMap(([at, wish], id) => {
        const quantity = Math.min(wish, left[at]!)
        left[at]! -= quantity
        const { price, share } = items[at]!
        const subtotal = (price * BigInt(quantity * (100 - share))) / 100n
        const back = { line_item_id: at + 1, quantity, subtotal: decimalOf(subtotal), line_item: line_items[at] }
        return quantity === 0 ? [] : [{ id, refund_line_items: [back], transactions: [] }]
      })
      const bare = { id: 7, currency: 'EUR', line_items, created_at: '2026-01-01T00:00:00Z' }
      const sent = [
        ...calls('orders/create', bare),
        ...refunds.flatMap((one) =>
          calls('refunds/create', { ...one, order_id: 7, transactions: [{ currency: 'EUR', kind: 'sale' }] }),
        ),
        ...calls('orders/cancelled', { ...bare, refunds, cancelled_at: '2026-01-02T00:00:00Z' }),
      ]
      expect(brought(keptOf(sent).lines)).toBe(0)
    }),
    { numRuns: 300 },
  )
})

test('a customer, with an address that Shopify has verified; their marketing flag is no consent', () => {
  const [known] = calls('customers/update', customer)
  expect(known).toEqual({
    ...{ type: 'identify', userId: 'bob.norman@mail.example.com', timestamp: '2025-01-02T15:23:16-05:00' },
    messageId: 'shopify:customer:207119551:2025-01-02T15:23:16-05:00',
    traits: {
      ...{ email: 'bob.norman@mail.example.com', emailVerified: true, firstName: 'Bob', lastName: 'Norman' },
      ...{ phone: '+16136120707', createdAt: '2025-01-02T15:23:16-05:00', tags: 'Léon, Noël' },
      address: { city: 'Louisville', postalCode: '40202', state: 'KY', country: 'US' },
    },
  })
  expect(calls('customers/update', customer, { who: 'id' })[0]).toMatchObject({ userId: '207119551' })
})

test('a checkout is a cart on its way, and no order', () => {
  const [started] = calls('checkouts/create', checkout)
  expect(started).toMatchObject({
    ...{ event: 'Checkout Started', userId: 'bob.norman@mail.example.com' },
    properties: { currency: 'USD', value: 398, products: [{ product_id: '49148385', price: 199, quantity: 1 }] },
  })
  expect(keptOf([started!]).lines).toEqual([])
  const unknown = calls('checkouts/update', { ...checkout, email: null })
  expect(eventsOf(unknown)[0]).toMatchObject({ userId: null, anonymousId: `shopify:checkout:${checkout.token}` })
})

test('an order of 500 lines is taken, by numbers only', () => {
  const item = order.line_items[0]!
  const line_items = Array.from({ length: 300 }, (_, at) => ({
    ...item,
    id: at,
    sku: `SKU-${at}`,
    title: 'x'.repeat(80),
  }))
  expect(keptOf(calls('orders/create', { ...order, line_items })).lines).toHaveLength(300)
})

test('what is a test, of another topic or broken is said to be', () => {
  const context = contextOf({ topic: 'orders/create' })
  const tested = JSON.parse(shopify.testOrder)
  expect(mapShopify(tested, context)).toEqual({ ignored: 'it is a test order' })
  expect(calls('orders/create', tested, { takesTests: true })).toHaveLength(1)
  expect(mapShopify({}, contextOf({ topic: 'products/update' }))).toHaveProperty('ignored')
  expect(() => mapShopify(order, contextOf())).toThrow('X-Shopify-Topic')
  for (const [broken, where] of [
    [[], 'the payload must be a JSON object'],
    [{}, '/id must'],
    [{ ...order, currency: 'dollars' }, '/currency must'],
    [{ ...order, line_items: [{ quantity: 1, price: 'free' }] }, '/line_items/0/price must'],
    [{ ...order, line_items: [{ quantity: 0.5, price: '1' }] }, '/line_items/0/quantity must'],
    [{ ...order, refunds: [{ refund_line_items: [] }] }, '/refunds/0/id must'],
  ] as const) {
    expect(() => mapShopify(broken, context)).toThrow(where)
  }
})
