import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { networkOf } from './network-of.ts'
import { TokenBuckets } from './token-bucket.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

test('a burst is let through, then the rate, each for itself', () => {
  const buckets = new TokenBuckets({ burst: 3, perSecond: 2 })
  const take = (who: string) => () => buckets.take(who)
  for (let at = 0; at < 3; at += 1) buckets.take('a')
  expect(take('a')).toThrow('at most 2 requests a second')
  expect(take('b')).not.toThrow()
  vi.advanceTimersByTime(500)
  expect(take('a')).not.toThrow()
  expect(take('a')).toThrow()
  vi.advanceTimersByTime(60_000)
  for (let at = 0; at < 3; at += 1) buckets.take('a')
  expect(take('a')).toThrow()
})

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::1', '0:0:0:0'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8::6', '2001:db8:0:0'],
  ['::ffff:192.0.2.7', '::ffff:192.0.2.7'],
])('%s is of the network %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

test('a clock that is set back or ahead neither locks out nor lets in', () => {
  const buckets = new TokenBuckets({ burst: 2, perSecond: 1 })
  buckets.take('a')
  vi.setSystemTime(Date.now() - 3_600_000)
  expect(() => buckets.take('a')).not.toThrow()
  vi.setSystemTime(Date.now() + 7_200_000)
  expect(() => buckets.take('a')).toThrow()
})
