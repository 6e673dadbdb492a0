import { expect, test } from 'vitest'
import { checkCall } from './check-call.ts'

const at = Date.UTC(2026, 0, 2)
const track = { event: 'Product Viewed', userId: 'ann' }

test('a track call becomes an event', () => {
  expect(
    checkCall({ ...track, userId: 7, properties: { sku: 'p', quantity: 2, currency: 'eur' } }, 'track', at),
  ).toMatchObject({
    event: {
      call: 'track',
      name: 'Product Viewed',
      userId: '7',
      productId: 'p',
      quantity: 2,
      currency: 'EUR',
      occurredAt: at,
    },
  })
})

test.each([
  [{ event: 'x' }, 'ingestion.schema', '/userId'],
  [{ ...track, event: '' }, 'ingestion.schema', '/event'],
  [{ ...track, event: undefined }, 'ingestion.schema', '/event'],
  [{ ...track, properties: [] }, 'ingestion.schema', '/properties'],
  [{ ...track, timestamp: 'yesterday' }, 'ingestion.schema', '/timestamp'],
  [{ ...track, timestamp: '1960-01-01T00:00:00Z' }, 'ingestion.time', '/timestamp'],
  [{ ...track, context: { page: { url: 7 } } }, 'ingestion.schema', '/context/page/url'],
  [null, 'ingestion.schema', ''],
  [[], 'ingestion.schema', ''],
  ['text', 'ingestion.schema', ''],
])('%j is refused with a pointer', (value, code, pointer) => {
  expect(checkCall(value, 'track', at)).toMatchObject({ rejection: { code, pointer } })
})

test('what is no call is refused, also names that every object has', () => {
  for (const type of [undefined, 'toString', '__proto__', 7, 'trac']) {
    expect(checkCall({ ...track, type }, undefined, at)).toMatchObject({ rejection: { code: 'ingestion.call' } })
  }
})

test('32 kB are taken and more is not, in bytes, not characters', () => {
  const big = (text: string, length: number) =>
    checkCall({ ...track, properties: { text: text.repeat(length) } }, 'track', at)
  expect(big('a', 32_000)).toHaveProperty('event')
  expect(big('a', 33_000)).toMatchObject({ rejection: { code: 'ingestion.size' } })
  expect(big('ä', 17_000)).toMatchObject({ rejection: { code: 'ingestion.size' } })
})

test('what an SDK says of a customer in the context counts as traits', () => {
  expect(
    checkCall({ userId: 'a', context: { traits: { email: 'a@b.example' } }, traits: { plan: 1 } }, 'identify', at),
  ).toMatchObject({ event: { properties: '{"email":"a@b.example","plan":1}' } })
})
