import { featureDefinition } from '@rapport/protocol'
import { expect, it } from 'vitest'
import type { Fact } from '../defined/fact.ts'
import { planFeatures } from '../defined/plan-features.ts'
import { LiveTrial } from './live-trial.contract.ts'
import { start } from './random-live.contract.ts'

it('makes somebody anew who looked at more products than a call may have arguments', async () => {
  const products = 150_000
  const value = { aggregate: 'count', from: { events: 'View' } }
  const trial = new LiveTrial(
    planFeatures([featureDefinition.parse({ name: 'it', label: 'it', entity: 'customer-product', value })]),
  )
  const view = (index: number): Fact => ({
    ...{ kind: 'event', key: BigInt(index), at: start, receivedAt: start, customerId: 'bot', name: 'View' },
    ...{ call: 'track', fields: { product_id: `p${index}` } },
  })
  for (let first = 0; first < products; first += 10_000)
    trial.take(Array.from({ length: 10_000 }, (_, index) => view(first + index)))
  trial.store()
  trial.live.rebuild([{ kind: 'customer', id: 'bot' }])
  expect(trial.live.behind).toBe(1)
  expect(await trial.live.work(start)).toHaveLength(products)
  expect(trial.live.behind).toBe(0)
})

it('makes more at once where many wait', async () => {
  const value = { aggregate: 'count', from: { events: 'View' } }
  const trial = new LiveTrial(planFeatures([featureDefinition.parse({ name: 'it', label: 'it', value })]))
  const ids = Array.from({ length: 2000 }, (_, index) => `c${index}`)
  trial.take(
    ids.map((customerId, index) => ({
      ...{ kind: 'event', key: BigInt(index), at: start, receivedAt: start, customerId, name: 'View', call: 'track' },
      fields: {},
    })),
  )
  trial.store()
  trial.live.rebuild(ids.map((id) => ({ kind: 'customer', id })))
  let calls = 0
  for (; trial.live.behind > 0; calls += 1) expect((await trial.live.work(start)).length).toBeLessThanOrEqual(200)
  expect(calls).toBeLessThan(40)
  expect(trial.live.leafValue(['c7'], 0, start)).toBe(1)
})
