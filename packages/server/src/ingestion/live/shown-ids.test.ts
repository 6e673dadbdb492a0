import { expect, test } from 'vitest'
import { checkCall } from './check-call.ts'
import type { LiveEvent } from './live-event.ts'
import { ShownIds } from './shown-ids.ts'

const event = (call: object): LiveEvent => {
  const checked = checkCall({ type: 'page', ...call }, undefined, 1000)
  if (!('event' in checked)) throw new Error(checked.rejection.reason)
  return checked.event
}
const device = { context: { device: { id: 'd' } } }

test('only what shows the same ids as the last of that user or browser repeats them', () => {
  const shown = new ShownIds(100)
  const user = event({ userId: 'u', anonymousId: 'a' })
  expect(shown.repeats(user)).toBe(false)
  shown.add(user)
  expect(shown.repeats(user)).toBe(true)
  for (const other of [
    { userId: 'u' },
    { userId: 'u', anonymousId: 'b' },
    { userId: 'v', anonymousId: 'a' },
    { anonymousId: 'a' },
    { anonymousId: 'u' },
    { userId: 'u', anonymousId: 'a', ...device },
    { userId: 'u', anonymousId: 'a', type: 'identify' },
  ]) {
    expect([other, shown.repeats(event(other))]).toEqual([other, false])
  }
  shown.clear()
  expect(shown.repeats(user)).toBe(false)
})

test('calls that say more than their ids are always looked at', () => {
  const shown = new ShownIds(100)
  const identify = event({ type: 'identify', userId: 'u' })
  shown.add(identify)
  expect([shown.repeats(identify), shown.repeats(event({ userId: 'u' }))]).toEqual([false, false])
})

test('memory is bounded', () => {
  const shown = new ShownIds(10)
  for (let at = 0; at < 10; at += 1) shown.add(event({ userId: `u${at}` }))
  shown.add(event({ anonymousId: 'a' }))
  expect(shown.repeats(event({ userId: 'u1' }))).toBe(false)
  expect(shown.repeats(event({ anonymousId: 'a' }))).toBe(true)
})
