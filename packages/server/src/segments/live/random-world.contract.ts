import { type Random, seededRandom } from '@rapport/numerics'
import type { FeatureDefinition, FeatureExpression, FeatureWindow } from '@rapport/protocol'
import { featureDefinition } from '@rapport/protocol'
import { dayMs, type Instant } from '../../base/index.ts'
import type { Fact } from '../../features/defined/fact.ts'
import { type LiveRule, parseLiveRule } from '../../rules/index.ts'
import type { Known } from './reference-values.contract.ts'
import type { SegmentDefinition } from './segment-definition.ts'

/** What becomes known of one customer at one moment. */
export interface Step extends Known {
  readonly customer: string
  readonly at: Instant
}

export interface RandomWorld {
  readonly features: readonly FeatureDefinition[]
  readonly segments: readonly SegmentDefinition[]
  readonly lists: ReadonlyMap<string, ReadonlySet<string>>
  /** In order of time. */
  readonly steps: readonly Step[]
  readonly timezone: string
  readonly end: Instant
}

const hour = 3_600_000
/** The clocks of Berlin go forward in the third night. */
export const begin: Instant = Date.UTC(2024, 2, 29, 0, 30)

type Pick = <Item>(items: readonly Item[]) => Item

/** A small world full of edge cases: equal moments, edges of windows, late and early events, missing values. */
export function randomWorld(seed: number): RandomWorld {
  const random = seededRandom(seed)
  const pick: Pick = (items) => items[random.integer(items.length)]!
  const steps = randomSteps(random, pick)
  return {
    features,
    segments: randomSegments(random, pick),
    lists: new Map([['list.some', new Set(['c0', 'c2', 'stranger'])]]),
    steps,
    timezone: pick(['Europe/Berlin', 'UTC', 'America/New_York']),
    end: steps.at(-1)!.at + pick([1, 3 * dayMs, 40 * dayMs]),
  }
}

function randomSteps(random: Random, pick: Pick): readonly Step[] {
  const customers = Array.from({ length: 3 }, (_, at) => `c${at}`)
  let key = 0n
  let at = begin
  return Array.from({ length: 5 + random.integer(25) }, (): Step => {
    at += pick([0, 0, 1, hour, hour - 1, 5 * hour, dayMs, random.integer(3 * dayMs)])
    const customer = pick(customers)
    key += 1n
    if (random.uniform() < 0.15) {
      const trait = pick(['country', 'birth_date', 'points'])
      const values = { country: ['DE', 'AT', 'FR'], birth_date: birthDates, points: ['3', '7.5', 'many'] }
      const value = pick(values[trait as keyof typeof values])
      return { customer, at, facts: [], scores: [], traits: [{ customerId: customer, key, knownAt: at, trait, value }] }
    }
    if (random.uniform() < 0.1) {
      const score = { customerId: customer, score: 'churn', value: pick([0.2, 0.5, 0.9]), asOf: at }
      return { customer, at, facts: [], scores: [score], traits: [] }
    }
    return { customer, at, facts: [randomFact(random, pick, customer, at, key)], traits: [], scores: [] }
  })
}

const birthDates = ['1990-04-02', '2000-02-29', '1990-03-31', '1971-12-31', 'unknown', '1990-05-05']

function randomFact(random: Random, pick: Pick, customerId: string, receivedAt: Instant, key: bigint): Fact {
  // Most are told as they happen; some late, some by a clock that goes ahead.
  const at = receivedAt + pick([0, 0, 0, 0, -1, -hour, -dayMs, -random.integer(5 * dayMs), 1, hour, dayMs])
  const isLine = random.uniform() < 0.2
  const fields = {
    product_id: pick(['p1', 'p2', null]),
    category: pick(['Women > Dresses', 'Women', 'Men', null]),
    session_id: pick(['s1', 's2', null]),
    price: pick([null, 1_000_000, 2_500_000, 9_990_000]),
    amount: pick([5_000_000, 12_500_000]),
    'properties.plan': pick(['free', 'paid', null]),
  }
  return isLine
    ? {
        kind: 'line',
        key,
        at,
        receivedAt,
        customerId,
        name: pick(['sale', 'sale', 'cancellation']),
        call: null,
        fields,
      }
    : {
        kind: 'event',
        key,
        at,
        receivedAt,
        customerId,
        name: pick(['View', 'View', 'Cart', 'Order']),
        call: 'track',
        fields,
      }
}

const features: readonly FeatureDefinition[] = [
  {
    name: 'views_2d',
    value: { aggregate: 'count', from: { events: 'View' }, window: { last: { count: 2, unit: 'day' } } },
  },
  { name: 'days_quiet', value: { aggregate: 'time-since-last', from: { events: true } } },
  {
    name: 'overdue',
    value: { ratio: { of: { feature: 'days_quiet' }, by: { aggregate: 'gap-mean', from: { events: true } } } },
  },
].map((one) => featureDefinition.parse({ label: one.name, ...one }))

function randomWindow(random: Random, pick: Pick): FeatureWindow | undefined {
  return pick<() => FeatureWindow | undefined>([
    () => undefined,
    () => ({ last: { count: 1 + random.integer(5), unit: pick(['hour', 'day'] as const) } }),
    () => ({ last: { count: 90, unit: 'minute' } }),
    () => ({ last: { count: 2, unit: 'day' }, skip: { count: 1, unit: 'day' }, grain: 'hour' }),
    () => ({ calendar: pick(['day', 'week', 'month'] as const), ago: random.integer(2) }),
    () => ({ session: 'current' }),
  ])()
}

/** An expression that is a number. */
function randomExpression(random: Random, pick: Pick, depth = 0): FeatureExpression {
  const from = pick([
    { events: 'View' },
    { events: 'Order' },
    { events: true as const },
    { lines: 'sale' as const },
    { events: 'View', where: [{ field: 'category', op: 'within' as const, value: 'Women' }] },
  ])
  const window = randomWindow(random, pick)
  const some = window === undefined ? {} : { window }
  const field = 'lines' in from ? 'amount' : 'price'
  const inner = (): FeatureExpression => randomExpression(random, pick, depth + 1)
  return pick<() => FeatureExpression>([
    () => ({ aggregate: 'count', from, ...some }),
    () => ({ aggregate: pick(['sum', 'average', 'min', 'max', 'last'] as const), of: field, from, ...some, ...{} }),
    () => ({ aggregate: 'distinct', of: 'product_id', from, ...some }),
    () => ({ aggregate: pick(['time-since-first', 'time-since-last'] as const), from, ...some }),
    () => ({ aggregate: 'decayed-sum', from, halfLife: { count: pick([5, 36]), unit: 'hour' as const } }),
    () => ({ aggregate: 'gap-mean', from }),
    () => ({
      sequence: {
        first: { events: 'Cart' },
        ...pick<object>([{ never: { events: 'Order' } }, { next: { events: 'Order' } }]),
        within: { count: pick([1, 30]), unit: 'hour' as const },
      },
      ...some,
    }),
    () => ({ trend: { aggregate: 'count', from, window: { last: { count: 2, unit: 'day' } } } }),
    ...(depth >= 2
      ? []
      : [
          () => ({ ratio: { of: inner(), by: inner() } }),
          () => ({ difference: { of: inner(), minus: inner() } }),
          () => ({ ratio: { of: { feature: 'days_quiet' }, by: inner() } }),
        ]),
  ])()
}

/** Levels that no value reaches by accident of rounding, and whole ones that counts and days do reach. */
const levels = [0, 1, 2, 0.503, 1.7071, 3.31, 5, -0.503]

function randomTest(random: Random, pick: Pick, earlier: readonly string[]): object {
  const op = (): string => pick(['>', '>=', '<', '<=', '=', '!='])
  return pick<() => object>([
    () => ({ feature: randomExpression(random, pick), op: op(), value: pick(levels) }),
    () => ({ feature: randomExpression(random, pick), op: op(), value: pick(levels) }),
    () => ({ feature: randomExpression(random, pick), op: pick(['known', 'missing']) }),
    () => ({ feature: pick(['views_2d', 'days_quiet', 'overdue']), op: op(), value: pick(levels) }),
    () => ({
      event: pick(['View', 'Order']),
      withinDays: pick([0.5, 2, 60]),
      count: pick([{ atLeast: 2 }, { atMost: 0 }]),
    }),
    () => ({ event: 'View', where: pick<object>([{ plan: 'paid' }, { product_id: 'p1' }, { price: 2.5 }]) }),
    () => ({ trait: 'country', op: 'in', value: ['DE', 'AT'] }),
    () => ({ trait: 'points', op: pick(['>', 'known', 'missing']), ...{} }),
    () => ({ score: 'churn', op: '>', value: 0.4 }),
    () => ({ age: 'birth_date', op: pick(['>=', '=', 'missing']), ...{} }),
    () => ({ anniversary: 'birth_date', withinDays: random.integer(9) }),
    () => ({ segment: pick([...earlier, 'list.some']) }),
  ])()
}

function randomRule(random: Random, pick: Pick, earlier: readonly string[], depth = 0): object {
  if (depth < 3 && random.uniform() < 0.5 - depth * 0.1) {
    const parts = Array.from({ length: 1 + random.integer(3) }, () => randomRule(random, pick, earlier, depth + 1))
    return { [pick(['all', 'any', 'not'])]: parts }
  }
  const test = randomTest(random, pick, earlier) as { op?: string; value?: unknown; age?: string; trait?: string }
  if (test.op === undefined || test.value !== undefined || test.op === 'known' || test.op === 'missing') return test
  return { ...test, value: test.age === undefined ? 5 : pick([24, 33, 34]) }
}

function randomSegments(random: Random, pick: Pick): readonly SegmentDefinition[] {
  const segments: SegmentDefinition[] = [{ id: 'list.some', name: 'Some', words: 'a list', rule: null }]
  for (let n = 0; n < 4; n += 1) {
    const id = `rule.r${n}`
    const rule: LiveRule = parseLiveRule(
      randomRule(
        random,
        pick,
        segments.map((segment) => segment.id),
      ),
    )
    segments.push({ id, name: id, words: id, rule })
  }
  return segments
}
