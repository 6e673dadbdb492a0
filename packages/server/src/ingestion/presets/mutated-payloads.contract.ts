import type { WebhookPreset } from '@rapport/protocol'
import fc from 'fast-check'
import { hubspot, zendesk } from './payloads/desks.ts'
import { shopify } from './payloads/shopify.ts'
import { stripe } from './payloads/stripe.ts'

// Real payloads with fields taken out and others put in: what a vendor's next version, or an attacker, could send.

const odd = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '__proto__',
    'x'.repeat(9000),
    '😀'.repeat(5000),
    'constructor',
    '99999999999999999999',
    '-1',
    '0.0000001',
  ),
  fc.constantFrom(1e308, -1, 0, -0, 1e21, 0.1, 2 ** 53, null, true, [], {}, [[]], { a: null }),
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(text).toString().replaceAll('\0', '')),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.jsonValue({ maxDepth: 3 }),
)

type Path = readonly (string | number)[]

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))]
}

function put(value: unknown, [key, ...rest]: Path, replacement: unknown): unknown {
  if (key === undefined) return replacement
  if (Array.isArray(value))
    return value.map((inner, at) => (String(at) === key ? put(inner, rest, replacement) : inner))
  if (typeof value !== 'object' || value === null) return replacement
  return { ...value, [key]: put((value as Record<string, unknown>)[key], rest, replacement) }
}

export const mutated = (payload: unknown): fc.Arbitrary<unknown> => {
  const paths = pathsOf(payload)
  const change = fc.tuple(fc.constantFrom(...paths), fc.oneof(odd, fc.constant(undefined)))
  return (
    fc
      .array(change, { minLength: 0, maxLength: 4 })
      .map((changes) => changes.reduce<unknown>((changed, [path, value]) => put(changed, path, value), payload))
      // As it comes over the wire: what is undefined is not there.
      .map((changed) => (changed === undefined ? null : (JSON.parse(JSON.stringify(changed)) as unknown)))
  )
}

const { event, charge, session, customer } = stripe
/** A preset, a topic where it needs one, and a payload as its vendor documents it. */
export const cases: readonly (readonly [WebhookPreset, string | undefined, unknown])[] = [
  ['shopify', 'orders/create', { ...shopify.order, refunds: [shopify.refund], cancelled_at: '2025-01-03T00:00:00Z' }],
  ['shopify', 'orders/updated', { ...shopify.order, refunds: [shopify.refund] }],
  ['shopify', 'refunds/create', shopify.refund],
  ['shopify', 'customers/update', shopify.customer],
  ['shopify', 'checkouts/update', shopify.checkout],
  ['stripe', undefined, event('charge.succeeded', charge)],
  ['stripe', undefined, event('charge.refunded', { ...charge, amount_refunded: 50 }, { amount_refunded: 0 })],
  ['stripe', undefined, event('checkout.session.completed', session)],
  ['stripe', undefined, event('customer.updated', customer)],
  ...Object.values(zendesk).map((payload) => ['zendesk', undefined, payload] as const),
  ['tickets', undefined, { ticket_id: 1, subject: 'a', body: 'b', email: 'a@b.example', created_at: 1_700_000_000 }],
  [
    'mentions',
    undefined,
    { id: 1, author: { id: 2 }, network: 'x', text: 'y', url: 'z', published_at: '2026-01-01T00:00:00Z' },
  ],
  ['hubspot-contacts', undefined, hubspot],
]
