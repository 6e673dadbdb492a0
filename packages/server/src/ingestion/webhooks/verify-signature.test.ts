import { createHmac } from 'node:crypto'
import type { WebhookSignature } from '@rapport/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { faultOfSignature, type SignedRequest } from './verify-signature.ts'

const now = Date.parse('2026-03-01T12:00:00Z')
const seconds = now / 1000
const body = Buffer.from('{"id":1}')
const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text)
const request = (headers: SignedRequest['headers'], more: object = {}): SignedRequest => ({
  ...{ headers, body, receivedAt: now },
  ...more,
})
const fault = (kind: WebhookSignature, headers: SignedRequest['headers'], secrets = ['s3cret']) =>
  faultOfSignature(kind, secrets, request(headers))

// Each as its vendor's page describes it, computed here in one expression of its own.
const right = {
  shopify: { 'x-shopify-hmac-sha256': hmac('s3cret', '{"id":1}').digest('base64') },
  stripe: { 'stripe-signature': `t=${seconds},v1=${hmac('s3cret', `${seconds}.{"id":1}`).digest('hex')},v0=x` },
  zendesk: {
    'x-zendesk-webhook-signature-timestamp': '2026-03-01T12:00:00Z',
    'x-zendesk-webhook-signature': hmac('s3cret', '2026-03-01T12:00:00Z{"id":1}').digest('base64'),
  },
  generic: { 'x-signature': hmac('s3cret', '{"id":1}').digest('hex') },
}

// Source: developer.zendesk.com/documentation/webhooks/verifying; hookdeck and others print the same construction.
test.each(Object.keys(right) as (keyof typeof right)[])(
  '%s: right, with another secret, another body, none',
  (kind) => {
    expect(fault(kind, right[kind])).toBeUndefined()
    expect(fault(kind, right[kind], ['other', 's3cret'])).toBeUndefined()
    expect(fault(kind, right[kind], ['other'])).toMatch(/must be signed with the webhook’s secret/)
    expect(fault(kind, right[kind], [])).toMatch(/must be signed/)
    expect(fault(kind, {})).toMatch(/must be signed/)
    expect(faultOfSignature(kind, ['s3cret'], request(right[kind], { body: Buffer.from('{"id":2}') }))).toBeDefined()
  },
)

// Published by GitHub, whose signatures are built alike: docs.github.com, "Validating webhook deliveries", test values.
test('a published signature', () => {
  const headers = { 'x-signature': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' }
  const hello = request(headers, { body: Buffer.from('Hello, World!') })
  expect(faultOfSignature('generic', ["It's a Secret to Everybody"], hello)).toBeUndefined()
  expect(faultOfSignature('generic', ["It's a Secret to Nobody"], hello)).toBeDefined()
})

test('while Stripe rolls a secret there is a signature for each', () => {
  const both = ['x', 's3cret'].map((secret) => `v1=${hmac(secret, `${seconds}.{"id":1}`).digest('hex')}`).join(',')
  expect(fault('stripe', { 'stripe-signature': `t=${seconds},${both}` })).toBeUndefined()
})

test.each(['stripe', 'zendesk'] as const)('%s: what was caught cannot be sent again later', (kind) => {
  const at = (minutes: number) =>
    faultOfSignature(kind, ['s3cret'], request(right[kind], { receivedAt: now + minutes * 60_000 }))
  expect([at(4), at(-4)]).toEqual([undefined, undefined])
  expect(at(6)).toMatch(/within five minutes/)
  expect(at(-6)).toMatch(/within five minutes/)
})

test('a generic signature may cover a moment, and then must be of now', () => {
  const sign = (timestamp: string) => ({
    ...{ 'x-timestamp': timestamp, 'x-signature': `sha256=${hmac('s3cret', `${timestamp}.{"id":1}`).digest('hex')}` },
  })
  expect(fault('generic', sign(String(seconds)))).toBeUndefined()
  expect(fault('generic', sign('2026-03-01T12:03:00Z'))).toBeUndefined()
  expect(fault('generic', sign(String(seconds - 3600)))).toMatch(/within five minutes/)
  expect(fault('generic', sign('yesterday'))).toMatch(/within five minutes/)
  expect(fault('generic', { ...sign(String(seconds)), 'x-timestamp': String(seconds + 1) })).toMatch(/must be signed/)
})

test('whatever stands in the headers, only who has the secret gets in', () => {
  const names = Object.values(right).flatMap((headers) => Object.keys(headers))
  const value = fc.oneof(fc.string(), fc.base64String(), fc.constant(`t=${seconds},v1=`))
  const headers = fc.dictionary(fc.constantFrom(...names, 'x-timestamp'), value)
  fc.assert(
    fc.property(fc.constantFrom('shopify', 'stripe', 'zendesk', 'generic'), headers, (kind, given) => {
      expect(fault(kind, given)).toBeDefined()
    }),
  )
})
