import { sampleSize } from '@rapport/learn'
import { expect, test } from 'vitest'
import { planFor } from './plan.ts'
import { breakEven } from './plan-economics.ts'
import { planExperiment } from './plan-experiment.ts'
import { type SegmentFacts, shopOf } from './plan-facts.ts'
import { goalOf } from './plan-goals.ts'
import { type Rhythm, rhythmFrom } from './rhythm.ts'

/** Orders of customers with one order each, so that nothing goes together. */
function rhythmOf(cells: readonly number[]): Rhythm {
  const rows = cells.flatMap((orders, cell) => [
    { weekday: Math.floor(cell / 6), band: cell % 6, orders },
    { weekday: Math.floor(cell / 6), band: null, orders },
    { weekday: null, band: cell % 6, orders },
    { weekday: null, band: null, orders },
  ])
  const sums = new Map<string, { weekday: number | null; band: number | null; orders: number }>()
  for (const row of rows) {
    const key = `${row.weekday} ${row.band}`
    sums.set(key, { ...row, orders: row.orders + (sums.get(key)?.orders ?? 0) })
  }
  return rhythmFrom(Array.from(sums.values(), (row) => ({ ...row, squares: row.orders, crossed: row.orders })))
}

const flat = rhythmOf(new Array<number>(42).fill(10))

const segment = (over: Partial<SegmentFacts>): SegmentFacts => ({
  id: 'rfm.a',
  family: 'rfm',
  name: 'A',
  customers: 1000,
  contactable: 800,
  revenue: 200_000,
  orders: 3000,
  recentBuyers: 150,
  oneTimeBuyers: 200,
  recencyDays: 60,
  refundRate: 0.05,
  discountShare: 0.02,
  returnsStandOut: false,
  discountsStandOut: false,
  margin: 0.4,
  lapseProbability: 0.4,
  probabilityAlive: 0.7,
  lifetimeValue: 50_000,
  valueAtRisk: 20_000,
  expectedResponse: 0.15,
  rhythm: flat,
  products: [{ productId: 'p1', name: 'Scarf' }],
  ...over,
})

const loyal = segment({
  id: 'rfm.loyal',
  name: 'Loyal',
  revenue: 500_000,
  lifetimeValue: 200_000,
  lapseProbability: 0.1,
})
const slipping = segment({
  id: 'rfm.slipping',
  name: 'Slipping',
  lapseProbability: 0.8,
  probabilityAlive: 0.5,
  recencyDays: 150,
})
const once = segment({
  id: 'rfm.once',
  name: 'Once',
  oneTimeBuyers: 950,
  orders: 1000,
  lifetimeValue: 20_000,
  revenue: 50_000,
})
const gone = segment({
  id: 'rfm.gone',
  name: 'Gone',
  probabilityAlive: 0.05,
  lapseProbability: 0.95,
  lifetimeValue: 2000,
  revenue: 60_000,
  recencyDays: 400,
})
const all = [loyal, slipping, once, gone]
const shop = shopOf(all, 'EUR', true)
const goals = (segments: readonly SegmentFacts[]) =>
  Object.fromEntries(segments.map((one) => [one.name, goalOf(one, shopOf(segments, 'EUR', true)).id]))

test('each kind of segment gets its goal from its numbers', () => {
  expect(goals(all)).toEqual({ Loyal: 'keep', Slipping: 'win-back', Once: 'second-purchase', Gone: 'rest' })
})

test('swapping the data of two segments swaps their advice', () => {
  const swapped = [
    { ...slipping, id: loyal.id, name: loyal.name },
    { ...loyal, id: slipping.id, name: slipping.name },
    once,
    gone,
  ]
  expect(goals(swapped)).toEqual({ Loyal: 'win-back', Slipping: 'keep', Once: 'second-purchase', Gone: 'rest' })
  const advice = (entries: ReturnType<typeof planFor>, id: string) => {
    const { segmentId, segment: name, ...rest } = entries.find((entry) => entry.segmentId === id)!
    return rest
  }
  const before = planFor(all, shop)
  const after = planFor(swapped, shopOf(swapped, 'EUR', true))
  expect(advice(after, 'rfm.loyal')).toEqual(advice(before, 'rfm.slipping'))
  expect(advice(after, 'rfm.slipping')).toEqual(advice(before, 'rfm.loyal'))
})

test('a shop whose margin is not known is never told to discount', () => {
  const unknown = all.map((one) => ({ ...one, margin: null }))
  for (const entry of planFor(unknown, shopOf(unknown, 'EUR', false))) {
    expect(entry.offer.discount).toBe(0)
    expect(entry.breakEven.known).toBe(false)
    expect(entry.cautions).toContain('unit costs are missing: break-even and profit cannot be given')
  }
})

test('those who buy without one are never given a discount', () => {
  const entries = planFor(all, shop)
  expect(
    entries
      .filter(({ offer }) => offer.discount > 0)
      .map(({ segment: name }) => name)
      .sort(),
  ).toEqual(['Once', 'Slipping'])
})

test('without predictions the last purchase decides, and nothing is said to be at stake', () => {
  const bare = all.map((one) => ({
    ...one,
    lapseProbability: null,
    probabilityAlive: null,
    lifetimeValue: null,
    valueAtRisk: null,
    expectedResponse: null,
  }))
  expect(goals(bare)).toMatchObject({ Loyal: 'keep', Once: 'second-purchase' })
  for (const { valueAtStake } of planFor(bare, shopOf(bare, 'EUR', false))) expect(valueAtStake.amount).toBeNull()
})

// Law: at the break-even lift the campaign earns exactly what it costs.
test.each([
  [0, 0.5],
  [0.1, 0],
  [0.1, 0.25],
])('discount %d and cost %d break even', (discount, messageCost) => {
  const even = breakEven(slipping, shop, { discount, messageCost })
  if (!even.known) throw new Error(even.because)
  const response = slipping.expectedResponse!
  const value = slipping.revenue / slipping.orders
  const treated = (response + even.lift) * (slipping.margin! - discount) * value - messageCost
  expect(treated).toBeCloseTo(response * slipping.margin! * value, 10)
})

test('a discount as large as the margin can never pay', () => {
  expect(breakEven(slipping, shop, { discount: 0.4, messageCost: 0 }).known).toBe(false)
})

test('the experiment is as large as the power calculation asks, and no larger', () => {
  const plan = planExperiment(20_000, 0.1, 0.02)
  if (!plan.possible) throw new Error(plan.because)
  const needed = sampleSize(0.1, 0.2, { controlShare: plan.holdOutShare })
  expect((plan.days / 30) * 20_000).toBeGreaterThanOrEqual(needed.control + needed.treatment)
  expect(plan.detectableLift).toBeLessThanOrEqual(0.02)
})

test('more customers never need longer, and too few are told so', () => {
  const days = [2000, 4000, 8000, 50_000].map((customers) => {
    const plan = planExperiment(customers, 0.1, 0.02)
    return plan.possible ? plan.days : Number.POSITIVE_INFINITY
  })
  expect(days).toEqual(days.toSorted((a, b) => b - a))
  expect(planExperiment(40, 0.1, 0.01)).toMatchObject({ possible: false })
  expect(planExperiment(0, 0.1, 0.01)).toEqual({ possible: false, because: 'there is nobody who may be written to' })
  expect(planExperiment(1000, 0, 0)).toMatchObject({ possible: false })
})

test('more returns and discounts than everyone’s are named only beyond chance', () => {
  const often = { ...loyal, refundRate: 0.3, discountShare: 0.3 }
  expect(goalOf(often, shop).id).toBe('keep')
  expect(goalOf({ ...often, returnsStandOut: true }, shop).id).toBe('fewer-returns')
  const cautions = (one: SegmentFacts) => planFor([one], shop)[0]!.cautions
  expect(cautions(often)).not.toContain('they already buy at 30 % off on average')
  expect(cautions({ ...often, discountsStandOut: true })).toContain('they already buy at 30 % off on average')
})

test('nobody who has not agreed is planned to be written to', () => {
  const [entry] = planFor([{ ...slipping, contactable: 0 }], shop)
  expect(entry!.cautions).toContain('nobody here has agreed to email: nothing may be sent')
  expect(entry!.experiment).toEqual({ possible: false, because: 'there is nobody who may be written to' })
})

test('without a discount and without a cost of sending there is no break-even to give', () => {
  expect(breakEven(loyal, shop, { discount: 0, messageCost: null })).toMatchObject({ known: false })
  expect(breakEven(loyal, shop, { discount: 0, messageCost: 0.05 })).toMatchObject({ known: true })
})

test('those who bought once, long ago, are left to rest; those who did lately are not', () => {
  const stale = { ...once, recencyDays: 500, probabilityAlive: 0.3, lifetimeValue: 500, lapseProbability: null }
  expect(goalOf(stale, shop).id).toBe('rest')
  expect(goalOf(once, shop).id).toBe('second-purchase')
})

test('what a segment did lately is never taken for what it will do', () => {
  const lately = { ...once, recentBuyers: 900 }
  expect(planFor([lately], shop)[0]!.breakEven).toEqual(planFor([once], shop)[0]!.breakEven)
})
