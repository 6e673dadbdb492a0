import { dayMs, type Instant, isoOf, RapportError, type Work, within } from '../../../base/index.ts'
import { type Feature, type FeatureMatrix, storeBasis, storeCatalogue } from '../../../features/index.ts'
import { duckdbDialect, type Warehouse } from '../../../warehouse/index.ts'
import { type CustomerRows, drawnRows, featuresBeyondHistory, rowsAt, stackedRows } from '../../customer-rows.ts'
import { type HistoryStart, readHistoryStart, readMoments } from '../../read-moments.ts'
import type { NotEnough } from '../../result.ts'
import { type CutDraw, drawsOf, trainingCuts } from '../../training-cuts.ts'
import { whatIsAbsent } from './absent.ts'
import { readCohort, withStaged } from './cohort.ts'
import { isAskedFor, type Prediction } from './definition.ts'
import { refusalOf } from './next-steps.ts'
import { outcomeSql } from './outcome-sql.ts'
import { RememberedReads } from './remembered-reads.ts'
import { tooFew } from './too-few.ts'

/** Customers as of cuts, with what came of each over the horizon. */
export interface OutcomeRows extends CustomerRows {
  /** `[n]` 0 or 1, an amount, or days (NaN where it did not happen); see `outcomeSql`. */
  readonly outcomes: Float64Array
}

/** Whom a cut asks about. */
export interface AskedCustomers {
  readonly cut: Instant
  readonly customerIds: readonly string[]
  readonly outcomes: Float64Array
  /** Customers of the cohort, of which the rows may be a random sample. */
  readonly population: number
  /** Of the population, left out for want of consent. */
  readonly withoutConsent: number
}

/** What a prediction would be learned from and judged by, before any feature is read. */
export interface AskedCuts {
  readonly found: true
  readonly asOf: Instant
  readonly start: HistoryStart
  /** The newest cut that it learns from. */
  readonly training: AskedCustomers
  /** Further ones, each a horizon before the one before, the newest first. */
  readonly earlier: readonly AskedCustomers[]
  /** The newest cut whose horizon is over. */
  readonly test: AskedCustomers
  readonly features: readonly Feature[]
  /** Left out: they would have to look back further than the records at the training cut. */
  readonly beyondHistory: readonly Feature[]
}

export interface Moment {
  readonly asOf: Instant
  readonly seed: number
  /** Of predictions that are asked about together. */
  readonly reads?: RememberedReads
}

/**
 * The cuts of a prediction. It is judged as of the newest whose horizon is over at `asOf`, and learns as of those before, each
 * a horizon before the next, from what came by the next: so what it learned from was over when it is judged. It goes back as
 * long as a horizon of records lies before a cut.
 *
 * @returns why not, where the store does not hold enough for it
 * @throws RapportError `predictions.cut-off` when the horizon of the definition's cut-off is not over, and those of `readCohort`
 */
export async function readCuts(
  warehouse: Warehouse,
  prediction: Prediction,
  { asOf, seed, reads = new RememberedReads() }: Moment,
  work?: Work,
): Promise<AskedCuts | NotEnough> {
  const { definition } = prediction
  const absent = await whatIsAbsent(warehouse, prediction)
  if (absent) return absent
  const start = await readHistoryStart(warehouse, asOf)
  const first = Math.min(start.purchases ?? Number.POSITIVE_INFINITY, start.events ?? Number.POSITIVE_INFINITY)
  if (first === Number.POSITIVE_INFINITY) return no('no customer who may be profiled has done anything')
  const horizon = definition.horizonDays * dayMs
  const test = definition.cutOff === undefined ? asOf - horizon : Date.parse(definition.cutOff)
  if (test + horizon > asOf) {
    throw new RapportError(
      'predictions.cut-off',
      `the cut-off must lie ${definition.horizonDays} days before ${isoOf(asOf)}, got ${definition.cutOff}`,
    )
  }
  const training = test - horizon
  if (training - first < horizon) {
    const [needed, got] = [3 * definition.horizonDays, Math.floor((test + horizon - first) / dayMs)]
    if (test <= first) return no(`its cut-off must lie after the first records (${isoOf(first)}), got ${isoOf(test)}`)
    return no(
      `records must go back ${needed} days before the end of the hold-out (one horizon to learn features from, one for each ` +
        `cut), got ${got}; import records of ${needed - got} days more, or ask again when as many have passed`,
    )
  }
  const cuts = trainingCuts(training, first, horizon)
  const draws = drawsOf(cuts.length, seed)
  const ask = async (cut: Instant, draw: CutDraw): Promise<AskedCustomers> => {
    const cohort = await reads.cohort(prediction, cut, () =>
      readCohort(warehouse, prediction, cut, within(work, 'population')),
    )
    const outcomes = await readOutcomes(warehouse, prediction, cohort.customerIds, { cut, knownBy: cut + horizon })
    const drawn = drawnRows(cohort.customerIds.length, draw.seed, draw.most)
    return {
      ...{ cut, population: cohort.customerIds.length, withoutConsent: cohort.withoutConsent },
      customerIds: Array.from(drawn, (row) => cohort.customerIds[row]!),
      outcomes: Float64Array.from(drawn, (row) => outcomes[row]!),
    }
  }
  const asked: AskedCustomers[] = []
  for (const [at, cut] of cuts.entries()) {
    asked.push(await ask(cut, draws.training[at]!))
  }
  const [newest, ...before] = asked
  const earlier = before.filter(({ customerIds }) => customerIds.length > 0)
  const holdOut = await ask(test, draws.test)
  const short = tooFew(definition, [newest!, ...earlier], 'training') ?? tooFew(definition, [holdOut], 'hold-out')
  if (short) return refusalOf(warehouse, prediction, short)
  const oldest = earlier.at(-1)?.cut ?? training
  const catalogue = (await storeCatalogue(warehouse, training)).filter(
    (feature) => feature.trainable && isAskedFor(prediction, feature),
  )
  const beyondHistory = featuresBeyondHistory(catalogue, oldest, start)
  return {
    ...{ found: true, asOf, start, training: newest!, earlier, test: holdOut, beyondHistory },
    features: catalogue.filter((feature) => !beyondHistory.includes(feature)),
  }
}

/** `[n]` what came of these customers between the cut and `knownBy`, as known by then. */
export async function readOutcomes(
  warehouse: Warehouse,
  { definition }: Prediction,
  customerIds: readonly string[],
  { cut, knownBy }: { readonly cut: Instant; readonly knownBy: Instant },
): Promise<Float64Array> {
  const { currency } = await storeBasis(warehouse, knownBy)
  const window = { cut, until: cut + definition.horizonDays * dayMs, knownBy, currency, dialect: duckdbDialect }
  return withStaged(warehouse, customerIds, async () =>
    (await warehouse.columns(outcomeSql(definition.target, window))).numbers('value'),
  )
}

/** All cuts with their features. */
export interface CutRows {
  /** Of the newest training cut. */
  readonly newest: OutcomeRows
  /** Of all training cuts, the newest first. */
  readonly training: OutcomeRows
  readonly test: OutcomeRows
  /** Of the test cut and those before it, as many as of training: what the model that is published learns from. */
  readonly latest: OutcomeRows
}

/** All cuts with their features, read in one pass, so that all have the same definitions. */
export async function readCutRows(
  warehouse: Warehouse,
  { training, earlier, test, features }: AskedCuts,
  reads = new RememberedReads(),
  work?: Work,
): Promise<CutRows> {
  const cuts = [test, training, ...earlier]
  const moments = cuts.map(({ cut, customerIds }) => ({ asOf: cut, customerIds }))
  const read = await reads.features(moments, features, () => readMoments(warehouse, moments, features, work))
  const parts = cuts.map((cut) => rowsOf(read, cut))
  return {
    newest: parts[1]!,
    training: stackedOutcomes(parts.slice(1)),
    test: parts[0]!,
    latest: stackedOutcomes(parts.slice(0, -1)),
  }
}

function stackedOutcomes(parts: readonly OutcomeRows[]): OutcomeRows {
  return { ...stackedRows(parts), outcomes: Float64Array.from(parts.flatMap(({ outcomes }) => Array.from(outcomes))) }
}

export const rowsOf = (read: FeatureMatrix, { cut, customerIds, outcomes }: AskedCustomers): OutcomeRows => ({
  ...rowsAt(read, cut, customerIds),
  outcomes,
})

const no = (because: string): NotEnough => ({ found: false, because })
