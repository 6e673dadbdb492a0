import { featureDefinition } from '@rapport/protocol'
import { expect, it } from 'vitest'
import type { Fact } from '../defined/fact.ts'
import { planFeatures } from '../defined/plan-features.ts'
import { LiveTrial } from './live-trial.contract.ts'
import { start } from './random-live.contract.ts'
import { WaitingFacts, waitingMax } from './waiting-facts.ts'

const plan = (...values: readonly object[]) =>
  planFeatures(values.map((value, index) => featureDefinition.parse({ name: `f${index}`, label: 'it', value })))

const view = (index: number, at: number, more: Partial<Fact> = {}): Fact => ({
  ...{ kind: 'event', key: BigInt(index), at, receivedAt: at, customerId: 'ada', name: 'View', call: 'track' },
  fields: { product_id: `product ${index}`, session_id: `${Math.floor(index / 3)}` },
  ...more,
})

const from = { events: 'View' }
const last = { count: 3600, unit: 'minute' }

it('asks the warehouse for what grew beyond its bound, at most once a second', async () => {
  const trial = new LiveTrial(plan({ aggregate: 'distinct', of: 'product_id', from }, { aggregate: 'count', from }))
  for (let index = 0; index < 4000; index += 10) {
    trial.take(Array.from({ length: 10 }, (_, more) => view(index + more, start + index * 5)))
    trial.store()
    await trial.live.work(trial.now)
  }
  await trial.settle()
  trial.expectSame(trial.now)
  expect(trial.live.leafValue(['ada'], 0, trial.now)).toBe(4000)
  // 4,000 views in 20 seconds; the first thousand and more fit.
  expect(trial.reader.asked).toBeGreaterThan(1)
  expect(trial.reader.asked).toBeLessThanOrEqual(22)
  expect(trial.live.bytes()).toBeLessThan(2000)
})

it('remembers no more of a customer who does a thousand things a second for a while', () => {
  const sequence = { first: from, next: { events: 'Order' }, within: { count: 1, unit: 'minute' } }
  const bounded = plan(
    ...['gap-deviation', 'time-since-last'].map((aggregate) => ({ aggregate, from, window: { last } })),
    { aggregate: 'gap-mean', from },
    { aggregate: 'count', from, window: { session: 'current' } },
    { aggregate: 'most-frequent', of: 'product_id', from, window: { last } },
    { sequence, window: { last } },
  )
  const trial = new LiveTrial(bounded)
  const bytes: number[] = []
  for (let index = 0; index < 60_000; index += 100) {
    trial.live.take(
      {
        facts: Array.from({ length: 100 }, (_, more) => view(index + more, start + index + more)),
        position: index + 1,
      },
      start + index + 100,
    )
    if (index % 20_000 === 10_000) bytes.push(trial.live.bytes())
  }
  expect(Math.max(...bytes)).toBeLessThan(250_000)
  expect(bytes.at(-1)).toBeLessThan(bytes[0]! * 1.5)
})

it('lets facts of a later time wait for it, not more than there is place for', () => {
  const waiting = new WaitingFacts()
  const y2099 = Date.UTC(2099, 0, 1)
  for (let index = 0; index < waitingMax; index += 1) waiting.add(view(index, y2099), y2099)
  expect(waiting.lostFrom).toBe(Infinity)
  expect(waiting.add(view(waitingMax, y2099 + 5), y2099 + 5)).toBe(false)
  expect(waiting.size).toBe(waitingMax)
  expect(waiting.lostFrom).toBe(y2099 + 5)
})

it('counts an event of 1970 in a lifetime and in no window', () => {
  const counts = plan({ aggregate: 'count', from }, { aggregate: 'count', from, window: { last } })
  const trial = new LiveTrial(counts)
  trial.take([view(1, 0, { receivedAt: start }), view(2, start)])
  expect([0, 1].map((leaf) => trial.live.leafValue(['ada'], leaf, start))).toEqual([2, 1])
})

it('does not go back in time when the clock does', () => {
  const trial = new LiveTrial(plan({ aggregate: 'count', from, window: { last } }))
  trial.take([view(1, start)])
  const { live } = trial
  expect(live.leafValue(['ada'], 0, start + 3_601 * 60_000)).toBe(0)
  expect(live.leafValue(['ada'], 0, start)).toBe(0)
  expect(live.clock).toBe(start + 3_601 * 60_000)
})
