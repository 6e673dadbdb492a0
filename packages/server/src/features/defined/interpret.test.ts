import { type FeatureDefinition, featureDefinition } from '@rapport/protocol'
import { expect, it } from 'vitest'
import type { Fact } from './fact.ts'
import { interpretDefined } from './interpret.ts'
import { planFeatures } from './plan-features.ts'

const hour = 3_600_000
const day = 24 * hour
const asOf = 100 * day + 12 * hour

let keys = 0n
const event = (name: string, at: number, fields: Fact['fields'] = {}): Fact => {
  keys += 1n
  return { kind: 'event', key: keys, at, receivedAt: at, customerId: 'ada', name, call: 'track', fields }
}

function valueNow(value: object, facts: readonly Fact[], more: Partial<FeatureDefinition> = {}) {
  const definition = featureDefinition.parse({ name: 'it', label: 'it', value, ...more })
  const history = { facts, traits: [], scores: [], timezone: 'Europe/Berlin' }
  return interpretDefined(planFeatures([definition]), 'it', history, ['ada'], asOf)
}

it('moves a rolling window on by whole buckets of its grain', () => {
  const window = { last: { count: 2, unit: 'day' } }
  const views = [98, 99, 100].map((at) => event('Product Viewed', at * day + 23 * hour))
  // The bucket of today and the one before it; what lies after now is not known yet.
  expect(valueNow({ aggregate: 'count', from: { events: 'Product Viewed' }, window }, views)).toBe(1)
  expect(valueNow({ aggregate: 'count', from: { events: 'Product Viewed' } }, views)).toBe(2)
})

it('counts a start that nothing followed in time as never', () => {
  const sequence = {
    first: { events: 'Product Added' },
    never: { events: 'Order Completed' },
    within: { count: 1, unit: 'hour' },
  }
  const [left, bought] = [asOf - 5 * hour, asOf - 3 * hour]
  const facts = [event('Product Added', left), event('Product Added', bought), event('Order Completed', bought + 1)]
  expect(valueNow({ sequence }, facts)).toBe(1)
  expect(valueNow({ sequence: { ...sequence, within: { count: 6, unit: 'hour' } } }, facts)).toBe(0)
})

it('says the smallest by code points of equally frequent texts', () => {
  const facts = ['\u{1F600}', '\uFFFD'].map((source) => event('Visit', asOf - hour, { source }))
  expect(valueNow({ aggregate: 'most-frequent', of: 'source', from: { events: true } }, facts)).toBe('\uFFFD')
})

it('says how far apart moments are and how much that varies, equal ones being one', () => {
  const facts = [0, 0, 1, 3, 9].map((days) => event('Visit', asOf - 10 * day + days * day))
  const of = (aggregate: string, count: number) =>
    valueNow({ aggregate, from: { events: 'Visit' } }, facts.slice(0, count))
  expect(of('gap-mean', 5)).toBe(3)
  expect(of('gap-deviation', 5)).toBeCloseTo(Math.sqrt(7), 12)
  expect(of('gap-deviation', 4)).toBeCloseTo(Math.SQRT1_2, 12)
  expect(of('gap-deviation', 3)).toBeNull()
  expect(of('gap-mean', 2)).toBeNull()
})

it('takes the whole of the latest session and nothing of another', () => {
  const facts = [
    event('A', asOf - 3 * hour, { session_id: 'old' }),
    event('A', asOf - 2 * hour, { session_id: 'new' }),
    event('B', asOf - hour, { session_id: 'new' }),
  ]
  expect(valueNow({ aggregate: 'count', from: { events: true }, window: { session: 'current' } }, facts)).toBe(2)
})

it('names the definition and the place of what is wrong', () => {
  const sum = (more: object) => () => valueNow({ aggregate: 'sum', from: { events: 'A' }, ...more }, [])
  expect(sum({})).toThrow('it/value/of must name a field with sum')
  expect(sum({ of: 'product_id' })).toThrow('it/value/of must be a field of type number, got product_id, a text')
  expect(sum({ of: 'colour' })).toThrow('it/value/of must be a field of events (product_id,')
  expect(() => valueNow({ feature: 'it' }, [])).toThrow('it/value/feature must not lead back to itself, got it → it')
})
