import { dayMs, elapsedMs, type Instant, now, RapportError, sideBySide, version, type Work } from '../base/index.ts'
import { refreshStandings, removeDerivedOfNobody } from '../consent/index.ts'
import { computeFeatures } from '../features/index.ts'
import { type PredictionsResult, predict } from '../predictions/index.ts'
import { assessQuality } from '../quality/index.ts'
import { recommend } from '../recommendations/index.ts'
import { refreshSegments } from '../segments/index.ts'
import { readQueries, stoppable, type Warehouse } from '../warehouse/index.ts'
import type { Analysis, LeftOut } from './analysis.ts'
import { simulatedUntil } from './clock.ts'
import { noteTakenOut, type TakenOut, withoutPerson } from './erase.ts'
import { lastMoment, lookFirst, moneyAndZone } from './first-look.ts'
import { aboveEveryones, type MoneyShare } from './money-share.ts'
import { type PlanEntry, type PlanOptions, planFor } from './plan.ts'
import { recentDays, type SegmentFacts, shopOf } from './plan-facts.ts'
import { type RhythmRow, rhythmFrom } from './rhythm.ts'
import { inFront, inOrder, type Stage, timeStages } from './stage-times.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** In the order of the report. */
const stages: readonly Stage[] = [
  ...[{ name: 'first look' }, { name: 'data quality' }, { name: 'features' }, { name: 'segments' }],
  { name: 'predictions' },
  { name: 'recommendations', beside: ['segments', 'predictions'] },
  { name: 'plan' },
]

export interface AnalyzeOptions extends PlanOptions {
  /** Default: just after the last order or event in the store; of a demo shop the end of its history. */
  readonly asOf?: Instant
  /** Default 1. */
  readonly seed?: number
}

/**
 * Runs the whole analysis: quality, features, segments, predictions, recommendations, first-look numbers and the plan.
 * Each part replaces its own tables when it is done, and the analysis is stored last: one that is stopped leaves the
 * previous one standing. Recommendations run beside segments and predictions.
 *
 * @throws RapportError `insights.empty` or `insights.no-sales` when there is nothing to analyse
 */
export async function analyze(store: Warehouse, options: AnalyzeOptions = {}, work?: Work): Promise<Analysis> {
  const takenOut = await noteTakenOut(store)
  try {
    return await analyzeAll(stoppable(store, work), options, takenOut, work)
  } finally {
    await takenOut.end()
  }
}

async function analyzeAll(
  warehouse: Warehouse,
  options: AnalyzeOptions,
  takenOut: TakenOut,
  work?: Work,
): Promise<Analysis> {
  await refreshStandings(warehouse)
  const asOf = options.asOf ?? (await lastMoment(warehouse))
  const seed = options.seed ?? 1
  const started = elapsedMs()
  const { timed, times } = timeStages(stages.length, work)
  const leftOut = await countLeftOut(warehouse, asOf)
  const firstLook = await timed('first look', (inner) => lookFirst(warehouse, asOf, inner))
  const quality = await timed('data quality', (inner) => assessQuality(warehouse, asOf, inner))
  await timed('features', (inner) => computeFeatures(warehouse, { asOf }, inner))
  // Recommendations neither read what the others write nor write what they read: they fill the time in which those wait.
  const front = inFront(work)
  const segmentsThenPredictions = async () => {
    const segments = await timed('segments', (inner) =>
      refreshSegments(warehouse, { asOf, seed, areFeaturesFresh: true }, inner),
    )
    const predictions = await timed('predictions', (inner) => predict(warehouse, { asOf, seed }, inner))
    return { segments, predictions }
  }
  const [{ segments, predictions }, recommendations] = await sideBySide([
    segmentsThenPredictions().finally(front.yield),
    timed('recommendations', (inner) => recommend(warehouse, { asOf, seed }, inner), front.behind),
  ])
  const plan = await timed('plan', () => makePlan(warehouse, asOf, predictions, options))
  const analysis: Analysis = {
    format: 1,
    version,
    createdAt: now(),
    asOf,
    seed,
    simulated: await demoScenario(warehouse),
    simulatedUntil: await simulatedUntil(warehouse),
    leftOut,
    firstLook,
    quality,
    segments,
    predictions,
    recommendations,
    plan,
    timings: inOrder(times, stages),
    elapsedSeconds: (elapsedMs() - started) / 1000,
  }
  return keepAnalysis(warehouse, analysis, takenOut)
}

/** Who may not be profiled: nothing below the first look knows of them. */
async function countLeftOut(warehouse: Warehouse, asOf: Instant): Promise<LeftOut> {
  const [counts] = await warehouse.rows<LeftOut>(query('left_out'), { as_of: { instant: asOf } })
  return counts!
}

async function demoScenario(warehouse: Warehouse): Promise<string | null> {
  const [demo] = await warehouse.rows<{ value: string }>("select value from store_settings where name = 'demo'")
  return demo?.value ?? null
}

async function makePlan(
  warehouse: Warehouse,
  asOf: Instant,
  predictions: PredictionsResult,
  options: PlanOptions,
): Promise<PlanEntry[]> {
  const { currency, timezone } = await moneyAndZone(warehouse)
  const moment = { as_of: { instant: asOf }, currency }
  const rows = await warehouse.rows<FactsRow>(query('segment_facts'), {
    ...moment,
    recent: { instant: asOf - recentDays * dayMs },
    recent_days: recentDays,
  })
  const rhythms = await warehouse.rows<RhythmRow & { id: string }>(query('segment_rhythm'), { ...moment, timezone })
  const products = await warehouse.rows<{ id: string; productId: string; name: string }>(query('segment_products'))
  const isValueProfit = predictions.lifetime.found && predictions.lifetime.margin !== null
  return (['rfm', 'discovered'] as const).flatMap((family) => {
    const own = rows.filter((row) => row.family === family)
    if (own.length === 0) return []
    const returns = standOut(own, 'refunds')
    const discounted = standOut(own, 'discounts')
    const segments = own.map(
      ({ refunds: _, discounts: __, ...row }, at): SegmentFacts => ({
        ...row,
        valueAtRisk: predictions.lapse.found ? row.valueAtRisk : null,
        returnsStandOut: returns[at]!,
        discountsStandOut: discounted[at]!,
        rhythm: rhythmFrom(rhythms.filter(({ id }) => id === row.id)),
        products: products.filter(({ id }) => id === row.id).map(({ productId, name }) => ({ productId, name })),
      }),
    )
    return planFor(segments, shopOf(segments, currency, isValueProfit), options)
  })
}

interface FactsRow extends Omit<SegmentFacts, 'rhythm' | 'products' | 'returnsStandOut' | 'discountsStandOut'> {
  /** A `MoneyShare` as JSON. */
  readonly refunds: string
  readonly discounts: string
}

const standOut = (rows: readonly FactsRow[], of: 'refunds' | 'discounts'): boolean[] =>
  aboveEveryones(rows.map((row) => ({ customers: row.customers, share: JSON.parse(row[of]) as MoneyShare })))

/** Who was erased while it ran is not in what it publishes. @returns it as it was stored */
async function keepAnalysis(warehouse: Warehouse, found: Analysis, takenOut: TakenOut): Promise<Analysis> {
  const [analysis, isWhole] = await warehouse.transaction(async () => {
    const names = await takenOut.names()
    const kept = names.size === 0 ? found : (withoutPerson(found, names) as Analysis)
    await warehouse.run(query('keep_analysis'), {
      as_of: { instant: kept.asOf },
      created_at: { instant: kept.createdAt },
      document: JSON.stringify(kept),
    })
    await warehouse.run(query('drop_old_analyses'))
    return [kept, names.size === 0] as const
  })
  // Whoever is erased only now is taken out of these tables by the erasure.
  if (!isWhole) await removeDerivedOfNobody(warehouse)
  return analysis
}

/**
 * The last analysis, as it was stored.
 *
 * @throws RapportError `insights.no-analysis` when none was run in this store
 */
export async function readAnalysis(warehouse: Warehouse): Promise<Analysis> {
  const [row] = await warehouse.rows<{ document: string }>(query('last_analysis'))
  if (!row)
    throw new RapportError('insights.no-analysis', 'the store must have been analysed: run rapport analyze first')
  // Analyses of before consent was asked do not say who was left out, and older ones not where a demo ends.
  return {
    ...{ leftOut: null, simulatedUntil: null, elapsedSeconds: null },
    ...(JSON.parse(row.document) as Omit<Analysis, 'leftOut' | 'simulatedUntil' | 'elapsedSeconds'>),
  }
}
