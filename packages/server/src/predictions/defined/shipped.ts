import { dayMs, type Instant } from '../../base/index.ts'
import { storeCatalogue } from '../../features/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { readPeriods } from '../lapse-training.ts'
import { readHistoryStart } from '../read-moments.ts'
import { type Prediction, readDefinition } from './asking/definition.ts'

/** Without enough purchases to choose by, so long counts as active, and as lapsed. */
const usualActiveDays = 180
const usualHorizonDays = 60

/** One that comes with the product and cannot be asked of this store. */
export interface UnusablePrediction {
  readonly name: string
  readonly because: string
}

export interface ShippedPredictions {
  readonly usable: readonly Prediction[]
  readonly unusable: readonly UnusablePrediction[]
}

/**
 * The predictions that come with the product, as they suit this store: who counts as active and for how long comes from
 * the time between its purchases, the category is the one that most is spent on. Declaring one of the same name takes its
 * place.
 */
export async function shippedPredictions(warehouse: Warehouse, asOf: Instant): Promise<ShippedPredictions> {
  const { activeDays, horizonDays } = await daysOf(warehouse, asOf)
  const [top] = await topCategories(warehouse, asOf)
  const active = { feature: 'recency_days', op: '<=', value: activeDays }
  const ofCategory = {
    name: 'category-purchase',
    label: `a purchase from ${top} in the next ${horizonDays} days`,
    population: active,
    horizonDays,
    target: { kind: 'happens', of: { purchase: true, category: top } },
  }
  const usable = [
    {
      name: 'lapse',
      label: `no purchase in the next ${horizonDays} days`,
      population: active,
      horizonDays,
      target: { kind: 'happens', of: { purchase: true }, isAbsence: true },
      score: 'lapse_probability',
    },
    {
      name: 'subscription-cancellation',
      label: 'a subscription cancelled in the next 30 days',
      population: {
        all: [{ event: 'Subscription Started' }, { not: [{ event: 'Subscription Cancelled', withinDays: 90 }] }],
      },
      horizonDays: 30,
      target: { kind: 'happens', of: { event: 'Subscription Cancelled' } },
    },
    {
      name: 'lead-conversion',
      label: 'a first purchase in the next 30 days',
      population: {
        all: [
          { feature: 'orders', op: '=', value: 0 },
          { feature: 'visit_recency_days', op: '<=', value: 60 },
        ],
      },
      horizonDays: 30,
      target: { kind: 'happens', of: { purchase: true } },
      score: 'lead_score',
      as: 'points',
    },
    ...(top === undefined ? [] : [ofCategory]),
    {
      name: 'campaign-response',
      label: 'a click in an email in the next 30 days',
      population: { event: 'Email Sent', withinDays: 90 },
      horizonDays: 30,
      target: { kind: 'happens', of: { event: 'Email Clicked' } },
      purpose: 'marketing.email',
    },
    {
      name: 'next-order',
      label: 'days until the next order',
      population: active,
      horizonDays,
      target: { kind: 'when', of: { purchase: true } },
      score: 'next_order_days',
    },
    {
      name: 'spend-90d',
      label: 'money spent in the next 90 days',
      population: { feature: 'recency_days', op: '<=', value: 365 },
      horizonDays: 90,
      target: { kind: 'amount', of: 'spend' },
      score: 'spend_next_90d',
    },
    {
      name: 'revenue',
      label: 'what the shop sells a day in the next 28 days',
      horizonDays: 28,
      target: { kind: 'series', of: 'revenue' },
    },
    {
      name: 'purchase-intent',
      label: 'an order later in the session',
      horizonDays: 1,
      target: { kind: 'session', of: { purchase: true } },
    },
  ].map((json) => ({ ...readDefinition(json), advice: advice[json.name]! }))
  return { usable, unusable: top === undefined ? [{ name: ofCategory.name, because: noCategory }] : [] }
}

const longer = 'of more people or further back'
const orders = `import or send orders with the id of the customer, ${longer}`
const subscription = 'events named Subscription Started and Subscription Cancelled'
const email = 'events named Email Sent and Email Clicked'

/** What to do where the store has too little for one of them. */
const advice: Readonly<Record<string, string>> = {
  lapse: orders,
  'subscription-cancellation': `import or send ${subscription} with the id of the customer, ${longer}`,
  'lead-conversion':
    'send an identify call when somebody signs up or signs in, before they first buy, and their visits (page calls) under the ' +
    'same id as their orders',
  'category-purchase': `${orders}, and the categories of products`,
  'campaign-response': `import or send ${email} with the id of the customer, ${longer}`,
  'next-order': orders,
  'spend-90d': orders,
  revenue: 'import or send orders further back',
  'purchase-intent': 'send visits, views and carts with the ids of the customer and of the session, and orders',
}

const noCategory =
  'no product that was bought has a category; import orders or products with categories, or declare a prediction of one that will come'

async function topCategories(warehouse: Warehouse, asOf: Instant): Promise<readonly string[]> {
  const shares = (await storeCatalogue(warehouse, asOf)).flatMap(({ definition }) => {
    const [condition] =
      definition.kind === 'ratio' && definition.of.kind === 'aggregate' ? (definition.of.where ?? []) : []
    return condition && 'within' in condition ? [condition.within] : []
  })
  return shares
}

async function daysOf(warehouse: Warehouse, asOf: Instant) {
  const usual = { activeDays: usualActiveDays, horizonDays: usualHorizonDays }
  const { purchases } = await readHistoryStart(warehouse, asOf)
  if (purchases === null || asOf - purchases < dayMs) return usual
  const periods = await readPeriods(warehouse, purchases, asOf)
  return periods.found ? periods : usual
}
