import {
  conditionalExpectedPurchases,
  expectedSpend,
  fitGammaGamma,
  fitMbgNbd,
  type PurchaseModel,
  type PurchaseSummaries,
  purchaseCountIntervals,
  spearman,
  summarise,
  summariseSpend,
} from '@rapport/learn'
import { dayMs, type Work } from '../base/index.ts'
import type { PurchaseDays } from './lifetime-purchases.ts'
import { pause } from './pause.ts'
import type { LifetimeResult, NotEnough } from './result.ts'

type HoldOut = LifetimeResult['holdOut']

const unitDays = 7
/** Fitting needs at least this much history, and judging at least so much after it. */
const calibrationDaysMin = 90
const holdoutDaysMin = 30
/** Share of the history that is kept for judging, at most a year. */
const holdoutShare = 0.3
const intervalLevel = 0.8
/** Intervals are checked on at most so many customers, evenly spaced: enough for a coverage within half a percent. */
const intervalCustomersMax = 10_000

/**
 * Fits up to a cut and compares with what came after it, beside the past average: each customer's own rate so far, times
 * the days of the hold-out.
 */
export async function checkLifetime(purchases: PurchaseDays, work?: Work): Promise<HoldOut> {
  const history = purchases.lastDay - purchases.firstDay
  const days = Math.min(Math.round(history * holdoutShare), 365)
  if (days < holdoutDaysMin || history - days < calibrationDaysMin) {
    return no(
      `the history must cover at least ${calibrationDaysMin + holdoutDaysMin} days with a third to spare, got ${history}`,
    )
  }
  const calibrationEnd = purchases.lastDay - days
  if (!purchases.days.some((day) => day <= calibrationEnd)) return no('nobody bought before the cut')
  await pause(work)
  const seen = summarise(purchases, { calibrationEnd, holdoutEnd: purchases.lastDay, unitDays })
  await pause(work)
  const model = fitMbgNbd(seen, {}, work)
  if (model.kind === 'unfitted') return no(`up to the cut, ${model.message}`)
  await pause(work)
  const spending = summariseSpend(seen)
  const spend = fitGammaGamma(spending, {}, work)
  if (spend.kind === 'unfitted') return no(`up to the cut, ${spend.message}`)
  await pause(work)
  const predicted = conditionalExpectedPurchases(model, seen, seen.holdoutAge, work)
  const baseline = seen.frequency.map((x, row) => (seen.age[row]! > 0 ? (x / seen.age[row]!) * seen.holdoutAge : 0))
  const perPurchase = expectedSpend(spend, spending)
  if (!perPurchase.every(Number.isFinite)) return no('up to the cut, spend varies so much that its mean does not exist')
  const value = predicted.map((purchasesExpected, row) => purchasesExpected * perPurchase[row]!)
  const valueBaseline = baseline.map((purchasesExpected, row) => purchasesExpected * seen.meanSpend[row]!)
  await pause(work)
  const rank = (scores: Float64Array): number | null => {
    const correlation = spearman(scores, seen.holdoutSpend)
    return correlation.defined ? correlation.value : null
  }
  return {
    cut: (calibrationEnd + 1) * dayMs,
    days,
    customers: seen.frequency.length,
    purchases: compared(predicted, baseline, seen.holdoutFrequency),
    spend: compared(value, valueBaseline, seen.holdoutSpend),
    rankCorrelation: { model: rank(value), baseline: rank(valueBaseline) },
    byFrequency: byFrequency(seen, predicted),
    coverage80: coverage(model, seen, work),
  }
}

const no = (because: string): NotEnough => ({ found: false, because })

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)

function compared(predicted: Float64Array, baseline: Float64Array, actual: Float64Array) {
  const mae = (scores: Float64Array): number =>
    total(scores.map((score, row) => Math.abs(score - actual[row]!))) / scores.length
  return { predicted: total(predicted), actual: total(actual), mae: mae(predicted), maeBaseline: mae(baseline) }
}

const frequencyShown = 7

function byFrequency(seen: PurchaseSummaries, predicted: Float64Array) {
  return Array.from({ length: frequencyShown + 1 }, (_, frequency) => {
    const rows: number[] = []
    seen.frequency.forEach((x, row) => {
      if (Math.min(x, frequencyShown) === frequency) rows.push(row)
    })
    const mean = (values: Float64Array): number => rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length
    return {
      frequency: frequency === frequencyShown ? `${frequency}+` : String(frequency),
      predicted: mean(predicted),
      actual: mean(seen.holdoutFrequency),
      customers: rows.length,
    }
  }).filter(({ customers }) => customers > 0)
}

function coverage(model: PurchaseModel, seen: PurchaseSummaries, work?: Work): number {
  const step = Math.ceil(seen.frequency.length / intervalCustomersMax)
  const take = (values: Float64Array): Float64Array => values.filter((_, row) => row % step === 0)
  const sample = { frequency: take(seen.frequency), recency: take(seen.recency), age: take(seen.age) }
  const { lower, upper } = purchaseCountIntervals(model, sample, seen.holdoutAge, intervalLevel, work)
  const actual = take(seen.holdoutFrequency)
  return total(actual.map((count, row) => (count >= lower[row]! && count <= upper[row]! ? 1 : 0))) / actual.length
}
