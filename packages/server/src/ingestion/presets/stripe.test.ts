import fc from 'fast-check'
import { expect, test } from 'vitest'
import { brought, callsOf, contextOf, eventsOf, keptOf } from './calls-of.contract.ts'
import { stripe } from './payloads/stripe.ts'
import { mapStripe } from './stripe.ts'

const { event, charge, session, customer } = stripe
const calls = (payload: unknown, more = {}) => callsOf(mapStripe(payload, contextOf({ who: 'id', ...more })))
const linesOf = (payload: unknown) => keptOf(calls(payload)).lines

test('a charge is an order of what it paid', () => {
  const [bought] = calls(event('charge.succeeded', charge))
  expect(bought).toMatchObject({
    ...{ event: 'Order Completed', userId: 'cus_QXg1o8vcGmoR32', timestamp: '2009-02-13T23:31:30Z' },
    messageId: 'stripe:order:pi_1PgafyB7WZ01zgkWSjxsAJo3:completed',
    properties: { order_id: 'pi_1PgafyB7WZ01zgkWSjxsAJo3', currency: 'USD', revenue: 1 },
  })
  expect(linesOf(event('charge.succeeded', charge))).toMatchObject([{ amountMicros: 1_000_000, kind: 'sale' }])
})

test.each([
  [1099, 'usd', 10_990_000],
  [500, 'jpy', 500_000_000],
  [1230, 'kwd', 1_230_000],
  [500, 'isk', 5_000_000],
])('%d of %s is %d micros', (amount, currency, micros) => {
  const paid = { ...charge, amount, amount_captured: amount, currency }
  expect(linesOf(event('charge.succeeded', paid))).toMatchObject([
    { amountMicros: micros, currency: currency.toUpperCase() },
  ])
})

test('a checkout and its charge are one order, whichever comes first', () => {
  const both = [event('charge.succeeded', charge), event('checkout.session.completed', session)]
  for (const sent of [both, both.toReversed()]) {
    const { names, lines } = keptOf(sent.flatMap((one) => calls(one)))
    expect(names.filter((name) => name === 'Order Completed')).toHaveLength(1)
    expect(brought(lines)).toBe(1_000_000)
  }
})

test('a checkout says who bought; a subscription or an unpaid one is no order', () => {
  const [known] = calls(event('checkout.session.completed', session))
  expect(known).toMatchObject({ type: 'identify', traits: { email: 'example@example.com' } })
  for (const other of [{ mode: 'subscription', payment_intent: null }, { payment_status: 'unpaid' }]) {
    const sent = calls(event('checkout.session.completed', { ...session, ...other }))
    expect(sent.map((call) => call.event)).toEqual([undefined, 'Checkout Completed'])
  }
})

test('refunds in parts take back what each gave, once, in any order', () => {
  const parts = fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(parts, (given) => {
      const amount = given.reduce((sum, part) => sum + part, 0)
      let before = 0
      const refunds = given.map((part) => {
        const object = { ...charge, amount, amount_captured: amount, amount_refunded: before + part }
        const refund = event('charge.refunded', object, { amount_refunded: before })
        before += part
        return refund
      })
      const paid = event('charge.succeeded', { ...charge, amount, amount_captured: amount })
      const sent = [...refunds.toReversed(), paid, ...refunds]
      expect(brought(keptOf(sent.flatMap((one) => calls(one))).lines)).toBe(0)
    }),
  )
})

test('who pays without an account goes by their address, or is nobody known', () => {
  const guest = { ...charge, customer: null, billing_details: { email: 'Ann@Rosen.example' } }
  expect(eventsOf(calls(event('charge.succeeded', guest)))[0]).toMatchObject({ userId: 'ann@rosen.example' })
  const nobody = { ...guest, billing_details: {} }
  expect(eventsOf(calls(event('charge.succeeded', nobody)))[0]).toMatchObject({
    ...{ userId: null, anonymousId: 'stripe:pi_1PgafyB7WZ01zgkWSjxsAJo3' },
  })
})

test('a customer', () => {
  expect(calls(event('customer.created', customer))).toMatchObject([
    {
      ...{ type: 'identify', userId: 'cus_QXg1o8vcGmoR32', timestamp: '2024-07-25T23:02:10Z' },
      traits: { email: 'jenny@rosen.example', name: 'Jenny Rosen', createdAt: '2009-02-13T23:31:30Z' },
    },
  ])
  expect(calls(event('customer.updated', customer), { who: 'email' })[0]).toMatchObject({
    userId: 'jenny@rosen.example',
  })
})

test('what is not captured, a test, of another type or broken is said to be', () => {
  const context = contextOf({ who: 'id' })
  expect(mapStripe(event('charge.succeeded', { ...charge, captured: false }), context)).toHaveProperty('ignored')
  expect(mapStripe({ ...event('charge.succeeded', charge), livemode: false }, context)).toHaveProperty('ignored')
  expect(calls({ ...event('charge.succeeded', charge), livemode: false }, { takesTests: true })).toHaveLength(1)
  expect(mapStripe(event('invoice.paid', {}), context)).toHaveProperty('ignored')
  for (const [broken, where] of [
    [null, '/object must be event'],
    [event('charge.succeeded', {}), '/data/object/id must'],
    [event('charge.succeeded', { ...charge, amount_captured: '1' }), '/data/object/amount_captured must'],
    [event('charge.succeeded', { ...charge, currency: null }), '/data/object/currency must'],
    [event('charge.succeeded', { ...charge, created: 1e300 }), '/data/object/created must'],
    [event('charge.refunded', charge), '/data/previous_attributes/amount_refunded must'],
  ] as const) {
    expect(() => mapStripe(broken, context)).toThrow(where)
  }
})
