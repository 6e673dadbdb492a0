import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkCall } from './check-call.ts'
import { orderLinesOf, spread } from './order-rows.ts'

const lines = (event: string, properties: object, currency: string | null = null) => {
  const checked = checkCall({ type: 'track', event, userId: 'ann', properties }, undefined, 1000)
  if (!('event' in checked)) throw new Error(checked.rejection.reason)
  return orderLinesOf(checked.event, currency)
}
const order = {
  ...{ order_id: 7, currency: 'EUR', discount: 1, tax: 2, shipping: 3.5 },
  products: [
    { product_id: 'a', price: 10, quantity: 2, name: 'A', category: 'x' },
    { sku: 'b', price: '5.10' },
  ],
}

test('an order’s products are its lines, its discount taken off in proportion', () => {
  expect(lines('Order Completed', order)).toMatchObject([
    {
      orderId: '7',
      customerId: 'ann',
      productId: 'a',
      quantity: 2,
      unitPriceMicros: 10e6,
      amountMicros: 20e6 - 796_812,
    },
    {
      orderId: '7',
      productId: 'b',
      quantity: 1,
      unitPriceMicros: 5_100_000,
      amountMicros: 5_100_000 - 203_188,
      taxMicros: null,
    },
  ])
  expect(lines('Order Completed', order)[0]).toMatchObject({ taxMicros: 2e6, shippingMicros: 3_500_000, kind: 'sale' })
})

test('an order without products is one line of its revenue; a refund takes back', () => {
  expect(lines('Order Completed', { order_id: 'x', revenue: 12 }, 'USD')).toMatchObject([
    { productId: null, quantity: 1, amountMicros: 12e6, currency: 'USD' },
  ])
  expect(
    lines('Order Refunded', order).map(({ kind, quantity, amountMicros }) => [kind, quantity, amountMicros < 0]),
  ).toEqual([
    ['cancellation', -2, true],
    ['cancellation', -1, true],
  ])
})

test.each([
  ['Product Viewed', order],
  ['Order Completed', { ...order, order_id: undefined }],
  ['Order Completed', { order_id: 'x', currency: 'EUR' }],
  ['Order Completed', { ...order, currency: undefined }],
])('%s %j is no order that amounts are known of', (event, properties) => {
  expect(lines(event, properties)).toEqual([])
})

test('the same order in two events has the same keys', () => {
  const keys = (properties: object) => lines('Order Completed', properties).map(({ key }) => key)
  expect(keys(order)).toEqual(keys({ ...order, coupon: 'x' }))
  expect(new Set(keys(order)).size).toBe(2)
})

test('parts of a whole sum to it, whatever the weights', () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(fc.nat(1e9), { minLength: 1 }), (whole, weights) => {
      expect(spread(whole, weights).reduce((sum, part) => sum + part, 0)).toBe(whole)
    }),
  )
})
