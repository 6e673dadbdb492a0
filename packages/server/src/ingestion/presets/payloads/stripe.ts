// Stripe's documented examples, shortened, in an event as the API sends them. Source: github.com/stripe/openapi,
// openapi/fixtures3.json of 2026-08-21 (charge, customer, checkout.session, event); docs.stripe.com/api/events.

const event = (type: string, object: object, previous?: object) => ({
  ...{ id: `evt_1Pgc76B7WZ01zgkW${type.replaceAll('.', '')}`, object: 'event', api_version: '2025-06-30.basil' },
  ...{ created: 1721948530, livemode: true, pending_webhooks: 0, request: { id: null, idempotency_key: null }, type },
  data: { object, ...(previous ? { previous_attributes: previous } : {}) },
})

const nowhere = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null }

const charge = {
  id: 'ch_1PgafuB7WZ01zgkWXYmPNZs8',
  object: 'charge',
  amount: 100,
  amount_captured: 100,
  amount_refunded: 0,
  billing_details: { address: nowhere, email: null, name: 'Jenny Rosen', phone: null },
  captured: true,
  created: 1234567890,
  currency: 'usd',
  customer: 'cus_QXg1o8vcGmoR32',
  description: 'My First Test Charge (created for API docs)',
  livemode: true,
  metadata: {},
  paid: true,
  payment_intent: 'pi_1PgafyB7WZ01zgkWSjxsAJo3',
  receipt_email: null,
  refunded: false,
  status: 'succeeded',
}

const session = {
  id: 'cs_test_a1YS1URlnyQCN5fUUduORoQ7Pw41PJqDWkIVQCpJPqkfIhd6tVY8XB1OLY',
  object: 'checkout.session',
  amount_subtotal: 100,
  amount_total: 100,
  client_reference_id: null,
  created: 1234567890,
  currency: 'usd',
  customer: 'cus_QXg1o8vcGmoR32',
  customer_details: { address: nowhere, email: 'example@example.com', name: null, phone: null, tax_exempt: 'none' },
  livemode: true,
  mode: 'payment',
  payment_intent: 'pi_1PgafyB7WZ01zgkWSjxsAJo3',
  payment_status: 'paid',
  status: 'complete',
  subscription: null,
  total_details: { amount_discount: 0, amount_shipping: null, amount_tax: 0 },
}

const customer = {
  id: 'cus_QXg1o8vcGmoR32',
  object: 'customer',
  address: nowhere,
  created: 1234567890,
  currency: 'usd',
  email: 'jenny@rosen.example',
  livemode: true,
  metadata: {},
  name: 'Jenny Rosen',
  phone: null,
}

export const stripe = { event, charge, session, customer }
