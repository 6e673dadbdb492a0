import { consentEvent } from '@rapport/protocol'
import { expect, test } from 'vitest'
import type { WrittenEvent } from '../../../ingestion/index.ts'
import { Incoming } from './incoming.ts'

const at = Date.parse('2026-05-01T12:00:00Z')

const event = (more: Partial<WrittenEvent['event']>): WrittenEvent => ({
  event: {
    ...{ call: 'track', name: 'Product Viewed', source: null, userId: null, anonymousId: null },
    ...more,
  } as WrittenEvent['event'],
  ...{ position: 1, isSuspect: false, lines: [] },
})

test('what comes counts by second, minute and hour, and of whom', () => {
  const incoming = new Incoming((id) => (id === 'anonymous:b1' ? 'ann' : id))
  incoming.written(
    [event({ userId: 'ann' }), event({ anonymousId: 'b1' }), event({ anonymousId: 'b2' }), event({})],
    at,
  )
  const now = incoming.now(at + 1000)
  expect([now.seconds.at(-1), now.minutes.at(-1), now.hours.at(-1), now.perSecond]).toEqual([4, 4, 4, 0.4])
  expect(incoming.active.now(at, at)).toMatchObject({ fiveMinutes: 2 })
  expect(incoming.mixOf('events', at).shares).toEqual([{ value: 'Product Viewed', count: 4, share: 1 }])
})

test('who refused to be counted is not, though the shop must keep the order; nor is who only refuses', () => {
  const incoming = new Incoming((id) => id)
  incoming.written([event({ userId: 'ann' })], at)
  incoming.refuse(new Set(['ann']))
  incoming.written(
    [event({ userId: 'ann', name: 'Order Completed' }), event({ userId: 'bob', name: consentEvent })],
    at,
  )
  expect(incoming.active.now(at, at).today).toBe(0)
  expect(incoming.now(at).minutes.at(-1)).toBe(3)
})

test('what came before the start is in minutes and hours', () => {
  const incoming = new Incoming((id) => id)
  incoming.take({ minute: at - 30 * 60_000, call: 'page', name: 'Home', source: 'email', events: 7 })
  const now = incoming.now(at)
  expect(now.minutes.reduce((sum, count) => sum + count, 0)).toBe(7)
  expect(incoming.mixOf('sources', at).shares[0]).toMatchObject({ value: 'email', count: 7 })
})

test('an event costs below 2 µs of the processor', () => {
  const incoming = new Incoming((id) => id)
  const names = ['Product Viewed', 'Product Added', 'Home', 'Checkout Started']
  const events = Array.from({ length: 50_000 }, (_, n) =>
    event({ name: names[n % 4]!, userId: `c${(n * 7919) % 20_000}`, source: n % 3 === 0 ? null : 'email' }),
  )
  const nanoseconds = Array.from({ length: 6 }, (_, round) => {
    const began = process.cpuUsage()
    for (let n = 0; n < events.length; n += 10) incoming.written(events.slice(n, n + 10), at + round * 60_000 + n)
    return (process.cpuUsage(began).user * 1000) / events.length
  })
  // The best round: the others share the processor with whatever else runs.
  expect(Math.min(...nanoseconds)).toBeLessThan(2000)
})
