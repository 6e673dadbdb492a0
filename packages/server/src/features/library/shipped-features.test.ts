import { expect, it } from 'vitest'
import type { Fact } from '../defined/fact.ts'
import { interpretDefined } from '../defined/interpret.ts'
import { planFeatures } from '../defined/plan-features.ts'
import { readDefinition } from '../defined/read-definition.ts'
import { intentInputs } from './session-features.ts'
import { shippedFeatures } from './shipped-features.ts'

const day = 86_400_000
const now = Date.UTC(2025, 5, 15, 12)
const shipped = shippedFeatures({ prices: [{ category: 'Shoes', medianPrice: 50 }] })
const plan = planFeatures(shipped)

type Happening = readonly [name: string, daysAgo: number, fields?: Fact['fields']]

function featureOf(name: string, happened: readonly Happening[], key: readonly string[] = ['ada']) {
  const facts = happened.map(([what, daysAgo, fields = {}], place): Fact => {
    const at = now - daysAgo * day
    const isLine = what === 'sale'
    const head = { key: BigInt(place), at, receivedAt: at, customerId: 'ada', name: what, fields }
    return isLine ? { kind: 'line', call: null, ...head } : { kind: 'event', call: 'track', ...head }
  })
  return interpretDefined(plan, name, { facts, traits: [], scores: [], timezone: 'UTC' }, key, now)
}
const bought = (amount: number, discount: number, price = amount): Happening => [
  'sale',
  3,
  { category: 'Shoes > Boots', amount: amount * 1e6, discount: discount * 1e6, unit_price: price * 1e6 },
]

it('reads back, names each once, and is told what stands still', () => {
  expect(new Set(shipped.map(({ name }) => name)).size).toBe(shipped.length)
  for (const one of shipped) expect(readDefinition(JSON.parse(JSON.stringify(one)))).toEqual(one)
  const scoring = { base: 0, terms: [], trees: [], slope: 1, offset: 0 }
  const model = { inputs: intentInputs.map(({ value }) => value), scoring }
  expect(() => planFeatures(shipped, new Map([['purchase-intent', model]]))).not.toThrow()
})

it('weighs what was done with a category, and halves it in thirty days', () => {
  const boots = { category: 'Boots', product_id: 'b' }
  const happened: readonly Happening[] = [
    ['Product Viewed', 0, boots],
    ['Product Viewed', 30, boots],
    ['Product Added', 0, boots],
    ['sale', 60, boots],
    ['Product Viewed', 0, { category: 'Hats' }],
  ]
  expect(featureOf('category_interest', happened, ['ada', 'Boots'])).toBeCloseTo(1 + 0.5 + 3 + 5 / 4, 12)
  expect(featureOf('product_interest', happened, ['ada', 'b'])).toBeCloseTo(5.75, 12)
  expect(featureOf('interest', happened)).toBeCloseTo(6.75, 12)
})

it('says what somebody cares for most, while they care for anything', () => {
  const view = (category: string, daysAgo: number): Happening => ['Product Viewed', daysAgo, { category }]
  const hats = [view('Hats', 40), view('Hats', 40), view('Hats', 40), view('Boots', 1)]
  expect(featureOf('favourite_category', hats)).toBe('Hats')
  // Three views of forty days ago weigh less than two of now; a line bought weighs as five.
  expect(featureOf('favourite_category', [...hats, view('Boots', 1)])).toBe('Boots')
  expect(featureOf('favourite_category', [...hats, ['sale', 40, { category: 'Belts' }]])).toBe('Belts')
  expect(featureOf('favourite_product', [['Product Added', 0, { product_id: 'b' }]])).toBe('b')
  expect(featureOf('favourite_category', [view('Boots', 31)])).toBe(null)
})

it('says the hour at which somebody is mostly there once it was seen in five visits', () => {
  const visit = (session_id: string, hour: string, daysAgo = 1): Happening => ['Page', daysAgo, { session_id, hour }]
  const four = ['a', 'b', 'c', 'd'].flatMap((id) => [visit(id, '20'), visit(id, '21')])
  expect(featureOf('usual_hour', four)).toBe(null)
  expect(featureOf('usual_hour', [...four, visit('e', '21')])).toBe('21')
  expect(featureOf('usual_hour', [...four, visit('e', '21', 200), visit('f', '20')])).toBe('20')
})

it('says how somebody buys from three lines on, and nothing before', () => {
  const two = [bought(80, 20), bought(30, 0)]
  expect(featureOf('discount_share', two)).toBe(null)
  expect(featureOf('price_level', two)).toBe(null)
  const three = [...two, bought(70, 0)]
  expect(featureOf('discount_share', three)).toBeCloseTo(1 / 3, 15)
  expect(featureOf('discount_depth', three)).toBeCloseTo(0.1, 15)
  expect(featureOf('price_level', three)).toBeCloseTo(2 / 3, 15)
})

it('says where somebody comes from once it was seen five times', () => {
  const from = (source: string): Happening => ['Page', 1, { source }]
  const four = ['email', 'direct', 'email', 'direct'].map(from)
  expect(featureOf('usual_source', four)).toBe(null)
  expect(featureOf('usual_source', [...four, from('email'), ['Page', 1]])).toBe('email')
})
