import {
  fitGammaGamma,
  fitMbgNbd,
  type LifetimeValueOptions,
  lifetimeValueIntervalSteps,
  lifetimeValueSteps,
  probabilityAlive,
  type SpendOfPurchases,
  spendIndependence,
  summarise,
  summariseSpend,
} from '@rapport/learn'
import { type Instant, inTurns, type Work, within } from '../base/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { checkLifetime } from './lifetime-check.ts'
import { readPurchaseDays } from './lifetime-purchases.ts'
import { pause } from './pause.ts'
import { publishScores } from './publish.ts'
import type { LifetimeResult, NotEnough } from './result.ts'
import { independenceOf } from './spend-words.ts'

/** What the lifetime of customers is published as; no declared prediction may take such a name. */
export const lifetimeScores: readonly string[] = [
  'probability_alive',
  'expected_purchases',
  'expected_spend',
  'lifetime_value',
]

/** How far values look ahead. */
export const horizonDays = 365
/** Money of a year from now is worth this much less. */
export const discountRatePerYear = 0.1
const unitDays = 7
const months = 12
const monthWeeks = horizonDays / months / unitDays
const level = 0.8
/** Futures drawn for the intervals are bounded in all, so that a large shop waits seconds and not minutes. */
const drawsTimesCustomersMax = 2_000_000

/**
 * What every customer is worth over the next year, by MBG/NBD and Gamma-Gamma, checked on a hold-out, with intervals; and
 * publishes it as scores.
 *
 * MBG/NBD rather than BG/NBD because the latter takes every one-time buyer for alive.
 */
export async function predictLifetime(
  warehouse: Warehouse,
  { asOf, seed }: { readonly asOf: Instant; readonly seed: number },
  work?: Work,
): Promise<LifetimeResult | NotEnough> {
  const purchases = await readPurchaseDays(warehouse, asOf, work)
  if (!purchases) return { found: false, because: 'no customer who may be profiled has bought anything' }
  const summaries = summarise(purchases, { calibrationEnd: purchases.lastDay, unitDays })
  await pause(work)
  const model = fitMbgNbd(summaries, {}, within(work, 'purchases'))
  if (model.kind === 'unfitted') return { found: false, because: model.message }
  await pause(work)
  const spending = summariseSpend(summaries)
  const spend = fitGammaGamma(spending, {}, within(work, 'spend'))
  if (spend.kind === 'unfitted') return { found: false, because: spend.message }

  // Profit where costs are known, revenue elsewhere; either way net of what usually comes back later.
  const kept = 1 - purchases.refundShare
  const share = kept * (purchases.margin ?? 1)
  if (!(share > 0)) return { found: false, because: 'sales cost as much as they bring: there is no value to predict' }
  const models = { purchases: model, spend }
  const terms: LifetimeValueOptions = {
    periods: months,
    periodLength: monthWeeks,
    margin: share,
    discountRatePerPeriod: (1 + discountRatePerYear) ** (1 / months) - 1,
  }
  const known = { ...summaries, ...spending }
  const values = await inTurns(lifetimeValueSteps(models, known, terms, within(work, 'value')))
  if (!values.value.every(Number.isFinite)) {
    return { found: false, because: 'spend varies so much that its mean does not exist: no value can be given' }
  }
  const customers = values.value.length
  const draws = Math.max(100, Math.min(400, Math.floor(drawsTimesCustomersMax / customers)))
  const intervals = await inTurns(
    lifetimeValueIntervalSteps(models, known, { ...terms, level, draws, seed }, within(work, 'intervals')),
  )
  if (intervals.kind === 'unfitted') return { found: false, because: intervals.message }
  const alive = probabilityAlive(model, summaries)
  const holdOut = await checkLifetime(purchases, within(work, 'hold-out'))
  const customerIds = Array.from(summaries.customers, (customer) => purchases.customerIds[customer]!)
  const modelId = await publishScores(
    warehouse,
    {
      purpose: 'lifetime',
      kind: model.kind,
      asOf,
      card: {
        customers,
        horizonDays,
        discountRatePerYear,
        margin: purchases.margin,
        refundShare: purchases.refundShare,
        spendFrom: spendFromOf(spending),
        holdOut,
      },
      fitted: { model, spend, spendFrom: spending.basis, unitDays },
    },
    customerIds,
    [
      { score: 'probability_alive', value: alive },
      { score: 'expected_purchases', value: values.purchases },
      { score: 'expected_spend', value: values.spend },
      { score: 'lifetime_value', value: values.value, low: finite(intervals.lower), high: finite(intervals.upper) },
    ],
    work,
  )
  const best = Array.from(values.value.keys()).sort((a, b) => values.value[b]! - values.value[a]! || a - b)
  return {
    found: true,
    model: model.kind,
    parameters: { ...model.parameters, ...spend.parameters },
    horizonDays,
    margin: purchases.margin,
    refundShare: purchases.refundShare,
    discountRatePerYear,
    currency: purchases.currency,
    spendFrom: spendFromOf(spending),
    independence: independenceOf(spendIndependence(spending)),
    holdOut,
    modelId,
    customers,
    totalValue: values.value.reduce((sum, value) => sum + value, 0),
    totalInterval: intervalOf(intervals.total.lower, intervals.total.upper),
    aliveShare: alive.reduce((sum, probability) => sum + probability, 0) / customers,
    concentration: concentrationOf(values.value, best),
    histogram: histogramOf(values.value, best),
    top: best.slice(0, 20).map((row) => ({
      customerId: customerIds[row]!,
      value: values.value[row]!,
      interval: intervalOf(intervals.lower[row]!, intervals.upper[row]!),
      probabilityAlive: alive[row]!,
      expectedPurchases: values.purchases[row]!,
    })),
  }
}

/** Few customers with very different spend leave futures whose mean does not exist. */
const intervalOf = (low: number, high: number): { low: number; high: number } | null =>
  Number.isFinite(low) && Number.isFinite(high) ? { low, high } : null

const finite = (values: Float64Array): Float64Array =>
  values.map((value) => (Number.isFinite(value) ? value : Number.NaN))

function spendFromOf({ basis, firstToLater }: SpendOfPurchases): LifetimeResult['spendFrom'] {
  const ratio = firstToLater && {
    value: firstToLater.value,
    interval: { low: firstToLater.lower, high: firstToLater.upper },
    customers: firstToLater.n,
  }
  return { basis, firstToLater: ratio }
}

function concentrationOf(values: Float64Array, best: readonly number[]): LifetimeResult['concentration'] {
  const all = values.reduce((sum, value) => sum + value, 0)
  let sum = 0
  const running = best.map((row) => {
    sum += values[row]!
    return sum
  })
  return [0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1].map((share) => ({
    share,
    value: all > 0 ? running[Math.max(Math.ceil(share * best.length) - 1, 0)]! / all : 0,
  }))
}

/** Equal bins up to the 99th percentile, and one for what lies above: a few huge values would flatten the rest. */
function histogramOf(values: Float64Array, best: readonly number[]): LifetimeResult['histogram'] {
  const binCount = 20
  const most = values[best[0]!]!
  const top = values[best[Math.floor(best.length * 0.01)]!]!
  if (!(top > 0)) return [{ from: 0, to: most, customers: values.length }]
  const counts = new Array<number>(binCount + 1).fill(0)
  for (const value of values) counts[Math.min(Math.floor((value / top) * binCount), binCount)]! += 1
  return counts.map((customers, bin) => ({
    from: (bin * top) / binCount,
    to: bin === binCount ? most : ((bin + 1) * top) / binCount,
    customers,
  }))
}
