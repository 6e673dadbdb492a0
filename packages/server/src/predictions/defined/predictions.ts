import { type Instant, RapportError, type Work, within } from '../../base/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { NotEnough } from '../result.ts'
import { customerScores, type StoredScore } from '../stored-scores.ts'
import { type AskedCuts, type Moment, readCuts } from './asking/cuts.ts'
import type { Prediction } from './asking/definition.ts'
import { type Evaluated, evaluateCustomers } from './judging/evaluate.ts'
import type { AnyCard } from './model-format.ts'
import { declaredPredictions } from './registry.ts'
import { type Scored, scoreCustomers, switchedOff } from './score.ts'
import { forecastSeries, type RevenueForecast, readDailySales, trainSeries } from './series/series.ts'
import { servingCard } from './serving.ts'
import { type CheckedSessions, checkSessions, trainSessions } from './sessions/sessions.ts'
import { shippedPredictions, type UnusablePrediction } from './shipped.ts'
import { type Trained, type TrainOptions, trainCustomers } from './train.ts'

/** A prediction that can be trained, as it is declared or as it comes with the product. */
export interface KnownPrediction {
  readonly prediction: Prediction
  /** 0 for one that nobody declared. */
  readonly version: number
  readonly isOff: boolean
}

/** Those that are declared, and the shipped ones in whose place nobody declared another, by name. */
export async function allPredictions(warehouse: Warehouse, asOf: Instant): Promise<readonly KnownPrediction[]> {
  const declared = await declaredPredictions(warehouse)
  const known = new Set(declared.map(({ prediction }) => prediction.definition.name))
  const off = await namesOff(warehouse)
  const shipped = (await shippedPredictions(warehouse, asOf)).usable
    .filter(({ definition }) => !known.has(definition.name))
    .map((prediction) => ({ prediction, version: 0, isOff: off.has(prediction.definition.name) }))
  return [...declared, ...shipped].sort((left, right) =>
    left.prediction.definition.name < right.prediction.definition.name ? -1 : 1,
  )
}

/** Shipped ones that this store holds nothing for, with the reason; none in whose place somebody declared another. */
export async function unusablePredictions(warehouse: Warehouse, asOf: Instant): Promise<readonly UnusablePrediction[]> {
  const declared = new Set((await declaredPredictions(warehouse)).map(({ prediction }) => prediction.definition.name))
  return (await shippedPredictions(warehouse, asOf)).unusable.filter(({ name }) => !declared.has(name))
}

async function namesOff(warehouse: Warehouse): Promise<ReadonlySet<string>> {
  const rows = await warehouse.rows<{ name: string }>('select distinct name from prediction_switches')
  return new Set(rows.map(({ name }) => name))
}

/**
 * @throws RapportError `predictions.name` for one that is neither declared nor shipped, `predictions.unusable` for a shipped
 * one that this store holds nothing for
 */
export async function namedPrediction(warehouse: Warehouse, name: string, asOf: Instant): Promise<KnownPrediction> {
  const all = await allPredictions(warehouse, asOf)
  const found = all.find(({ prediction }) => prediction.definition.name === name)
  if (found) return found
  const unusable = (await unusablePredictions(warehouse, asOf)).find((one) => one.name === name)
  if (unusable) throw new RapportError('predictions.unusable', unusable.because)
  const names = all.map(({ prediction }) => prediction.definition.name).join(', ')
  throw new RapportError('predictions.name', `a prediction must be one of ${names}, got ${name}`)
}

/** @throws RapportError as `namedPrediction`, and `predictions.off` for one that is switched off */
export async function trainablePrediction(warehouse: Warehouse, name: string, asOf: Instant): Promise<Prediction> {
  const known = await namedPrediction(warehouse, name, asOf)
  refuseOff(known)
  return known.prediction
}

/** What a prediction would be learned from, without learning it. */
export const checkPrediction = (
  warehouse: Warehouse,
  prediction: Prediction,
  moment: Moment,
  work?: Work,
): Promise<AskedCuts | CheckedSeries | CheckedSessions | NotEnough> => {
  const { name, target } = prediction.definition
  if (target.kind === 'series') return checkSeries(warehouse, moment.asOf)
  if (target.kind === 'session') return checkSessions(warehouse, moment, within(work, name))
  return readCuts(warehouse, prediction, moment, within(work, name))
}

/** What a forecast would be learned from. */
export interface CheckedSeries {
  readonly found: true
  readonly firstDay: string
  readonly days: number
}

async function checkSeries(warehouse: Warehouse, asOf: Instant): Promise<CheckedSeries | NotEnough> {
  const sales = await readDailySales(warehouse, asOf)
  return 'found' in sales ? sales : { found: true, firstDay: sales.firstDay, days: sales.amounts.length }
}

/** @throws RapportError `predictions.off` for one that is switched off, and those of `trainCustomers` */
export async function trainPrediction(
  warehouse: Warehouse,
  known: KnownPrediction,
  options: TrainOptions,
  work?: Work,
): Promise<Trained<AnyCard> | NotEnough> {
  refuseOff(known)
  const { name, target } = known.prediction.definition
  const named = within(work, name)
  if (target.kind === 'session') return trainSessions(warehouse, known.prediction, options, named)
  return target.kind === 'series'
    ? trainSeries(warehouse, known.prediction, options, named)
    : trainCustomers(warehouse, known.prediction, options, named)
}

/** @throws RapportError `predictions.off` for one that is switched off, and those of `scoreCustomers` */
export async function scorePrediction(
  warehouse: Warehouse,
  known: KnownPrediction,
  asOf: Instant,
  work?: Work,
): Promise<Scored | NotEnough> {
  refuseOff(known)
  const { name, target } = known.prediction.definition
  if (target.kind === 'series')
    return { found: false, because: `it is of no customer: rapport predict forecast ${name}` }
  if (target.kind === 'session')
    return { found: false, because: 'it is said after each event of a session, by the feature purchase_intent' }
  return scoreCustomers(warehouse, name, asOf, within(work, name))
}

/** @returns why not, where too few customers are known; a forecast is judged anew whenever it is trained */
export async function evaluatePrediction(
  warehouse: Warehouse,
  { definition: { name, target } }: Prediction,
  moment: Moment,
  work?: Work,
): Promise<Evaluated | NotEnough> {
  if (target.kind === 'series' || target.kind === 'session') {
    const newest = target.kind === 'series' ? 'days' : 'sessions'
    return {
      found: false,
      because: `every training judges all of its methods on the newest ${newest}: rapport predict train ${name}`,
    }
  }
  return evaluateCustomers(warehouse, name, moment, within(work, name))
}

/**
 * What the shop is expected to sell.
 *
 * @throws RapportError `predictions.series` for a prediction about customers, and those of `forecastSeries`
 */
export function forecastPrediction(
  warehouse: Warehouse,
  known: KnownPrediction,
  asOf: Instant,
): Promise<RevenueForecast> {
  refuseOff(known)
  const { name, target } = known.prediction.definition
  if (target.kind === 'series') return forecastSeries(warehouse, known.prediction, asOf)
  throw new RapportError(
    'predictions.series',
    `a forecast must be of a series, got ${name}: rapport predict score ${name}`,
  )
}

export interface Explained {
  readonly modelId: string
  readonly card: AnyCard
  /** Of one customer, where one was asked about and is scored. */
  readonly score: StoredScore | null
}

/**
 * What the serving model rests on and, of a customer, why their score is what it is.
 *
 * @throws RapportError as `servingCard`
 */
export async function explainPrediction(
  warehouse: Warehouse,
  { definition: { name }, score }: Prediction,
  customerId?: string,
): Promise<Explained> {
  const serving = await servingCard(warehouse, name, 'is explained')
  const own = customerId === undefined ? [] : await customerScores(warehouse, customerId)
  return {
    ...{ modelId: serving.modelId, card: serving.card },
    score: own.find((one) => one.score === score) ?? null,
  }
}

function refuseOff({ isOff, prediction }: KnownPrediction): void {
  if (isOff) throw switchedOff(prediction.definition.name)
}
