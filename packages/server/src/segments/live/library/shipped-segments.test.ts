import { expect, it } from 'vitest'
import type { Fact } from '../../../features/index.ts'
import { compileSegments } from '../compile.ts'
import { evaluateSegment } from '../evaluation.ts'
import { ListContents } from '../list-contents.ts'
import { ReferenceValues } from '../reference-values.contract.ts'
import { readSegmentDefinition, segmentJson } from '../segment-definition.ts'
import { shippedSegments } from './shipped-segments.ts'

const day = 86_400_000
const now = Date.UTC(2024, 5, 15, 12)
const shipped = shippedSegments({
  ...{ categories: ['Shoes', 'Bags > Leather'], bigSpend: 500, homeCountry: 'AT', highIncome: 60_000 },
})
const compiled = compileSegments({ segments: shipped, features: [], timezone: 'Europe/Vienna' })

type Happening = readonly [what: string, daysAgo: number, fields?: Fact['fields']]

/** Who did this and is this is in the segment. */
function isIn(segment: string, happened: readonly Happening[], traits: Readonly<Record<string, string>> = {}): boolean {
  const values = new ReferenceValues(compiled.plan, 'Europe/Vienna')
  const facts = happened.map(([name, daysAgo, fields = {}], place): Fact => {
    const at = now - daysAgo * day
    const isLine = name === 'sale' || name === 'cancellation'
    const order = { order_id: `${at}`, amount: 100_000_000, discount: 0, session_id: `s${Math.floor(daysAgo)}` }
    const head = { key: BigInt(place), at, receivedAt: at, customerId: 'ada', name, fields: { ...order, ...fields } }
    return isLine ? { kind: 'line', call: null, ...head } : { kind: 'event', call: 'track', ...head }
  })
  const said = Object.entries(traits).map(([trait, value]) => ({
    customerId: 'ada',
    key: 1n,
    knownAt: 0,
    trait,
    value,
  }))
  values.take({ facts, traits: said, scores: [] })
  return evaluateSegment(compiled, segment, values, new ListContents(), 'ada', now)
}

const times = (what: string, daysAgo: readonly number[], fields?: Fact['fields']): readonly Happening[] =>
  daysAgo.map((at) => [what, at, fields ?? {}] as const)
const money = (amount: number, discount: number): Fact['fields'] => ({
  ...{ amount: amount * 1e6, discount: discount * 1e6 },
})

it.each<[string, readonly Happening[], readonly Happening[]]>([
  ['rule.first-time-visitors', [['Page', 1]], times('Page', [1, 9])],
  ['rule.frequent-buyers', times('sale', [1, 50, 99, 300]), times('sale', [1, 50, 99, 400])],
  ['rule.engaged', [['Product Reviewed', 2]], [['Product Reviewed', 40]]],
  [
    'rule.cart-abandoners',
    [['Product Added', 3]],
    [
      ['Product Added', 3],
      ['sale', 2.99],
    ],
  ],
  [
    'rule.cart-abandoners',
    [
      ['Product Added', 3],
      ['sale', 2],
    ],
    [
      ['Product Added', 3],
      ['sale', 0.5],
    ],
  ],
  ['rule.browse-abandoners', times('Product Viewed', [2, 3, 4]), [...times('Product Viewed', [2, 3, 4]), ['sale', 1]]],
  ['rule.lapsing', times('sale', [90, 100, 110]), times('sale', [5, 15, 25])],
  ['rule.won-back', times('sale', [5, 400]), times('sale', [5, 100, 400])],
  ['rule.bargain-hunters', times('sale', [5, 9], money(80, 20)), times('sale', [5, 9], money(90, 10))],
  ['rule.bargain-hunters', times('sale', [5, 9], money(85, 15)), times('sale', [5], money(50, 50))],
  [
    'rule.enthusiasts-shoes',
    times('sale', [1, 2], { category: 'Shoes > Boots' }).concat(times('Product Viewed', [0, 1], { category: 'Shoes' })),
    times('sale', [1, 2], { category: 'Shoes > Boots' }),
  ],
  ['rule.big-spenders', times('sale', [1, 2, 3, 4, 5]), times('sale', [1, 2, 3, 4, 500])],
  [
    'rule.returners',
    [...times('sale', [9, 8, 7]), ...times('cancellation', [6, 5])],
    [...times('sale', [9, 8, 7]), ['cancellation', 6]],
  ],
  [
    'rule.one-category-loyalists',
    times('sale', [1, 2, 3], { category: 'Shoes > Boots' }),
    [...times('sale', [1, 2], { category: 'Shoes' }), ...times('sale', [3, 4], { category: 'Hats' })],
  ],
  [
    'psychographic.interest-bags-leather',
    times('Product Viewed', [1, 2, 3], { category: 'Bags > Leather' }),
    times('Product Viewed', [1, 2, 3], { category: 'Bags' }),
  ],
  [
    'psychographic.comparers',
    Array.from({ length: 15 }, (_, at) => ['Product Viewed', 3, { product_id: `p${at}` }] as const),
    Array.from({ length: 15 }, () => ['Product Viewed', 3, { product_id: 'p' }] as const),
  ],
  [
    'psychographic.quick-deciders',
    [
      ['Product Added', 9.01],
      ['sale', 9],
      ['Product Added', 5.01],
      ['sale', 5],
    ],
    [
      ['Product Added', 9.01],
      ['sale', 9],
      ['Product Added', 5.5],
      ['sale', 5],
    ],
  ],
  [
    'psychographic.promoters',
    [
      ['Survey Answered', 9, { 'properties.score': '3' }],
      ['Survey Answered', 5, { 'properties.score': '9' }],
    ],
    [
      ['Survey Answered', 9, { 'properties.score': '9' }],
      ['Survey Answered', 5, { 'properties.score': '8' }],
    ],
  ],
  [
    'psychographic.detractors',
    [['Survey Answered', 5, { 'properties.score': '6' }]],
    [['Survey Answered', 5, { 'properties.score': 'six' }]],
  ],
  [
    'psychographic.sustainability',
    [['Survey Answered', 5, { 'properties.question': 'values', 'properties.answer': 'environment' }]],
    [['Survey Answered', 5, { 'properties.question': 'colour', 'properties.answer': 'environment' }]],
  ],
  [
    'psychographic.price-first',
    [['Survey Answered', 5, { 'properties.question': 'values', 'properties.answer': 'price' }]],
    [],
  ],
])('%s are these and not those', (segment, these, those) => {
  expect(isIn(segment, these)).toBe(true)
  expect(isIn(segment, those)).toBe(false)
})

it.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
  ['demographic.age-18', { birth_date: '2006-06-15' }, { birth_date: '2006-06-16' }],
  ['demographic.age-18', { birth_date: '1994-06-16' }, { birth_date: '1994-06-15' }],
  ['demographic.age-30', { birth_date: '1980-01-01' }, {}],
  ['demographic.age-45', { birth_date: '1970-01-01' }, { birth_date: 'long ago' }],
  ['demographic.age-60', { birth_date: '1964-06-15' }, { birth_date: '1964-06-16' }],
  ['demographic.age-unknown', {}, { birth_date: '1964-06-16' }],
  ['demographic.birthday-soon', { birth_date: '1964-06-22' }, { birth_date: '1964-06-23' }],
  ['demographic.women', { gender: 'female' }, { gender: 'male' }],
  ['demographic.men', { gender: 'm' }, {}],
  ['demographic.degree', { education: 'master' }, { education: 'vocational' }],
  ['demographic.high-income', { income: '60000' }, { income: 'a lot' }],
  ['demographic.at-home', { country: 'AT' }, {}],
  ['demographic.abroad', { country: 'DE' }, {}],
])('%s are of these traits and not of those', (segment, these, those) => {
  expect(isIn(segment, [], these)).toBe(true)
  expect(isIn(segment, [], those)).toBe(false)
})

it('has words for each, an id of its own, and a document that reads back', () => {
  expect(new Set(shipped.map(({ id }) => id)).size).toBe(shipped.length)
  expect(new Set(shipped.map(({ kind }) => kind)).size).toBe(3)
  for (const segment of shipped) {
    const { kind: _, ...definition } = segment
    expect(readSegmentDefinition(JSON.parse(JSON.stringify(segmentJson(segment))))).toMatchObject({ ...definition })
    expect(segment.words.length).toBeGreaterThan(10)
  }
})
