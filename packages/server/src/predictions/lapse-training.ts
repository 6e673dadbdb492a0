import { dayMs, type Instant, type Work, within } from '../base/index.ts'
import { type Feature, storeCatalogue } from '../features/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import {
  type CustomerRows,
  drawnRows,
  featuresBeyondHistory,
  type LabelledRows,
  rowsAt,
  stackedRows,
} from './customer-rows.ts'
import { chooseLapsePeriods, choosingEnd, type LapsePeriods } from './lapse-periods.ts'
import { readHistoryStart, readMoments } from './read-moments.ts'
import type { NotEnough } from './result.ts'
import { type CutDraw, drawsOf, trainingCuts } from './training-cuts.ts'

const query = readQueries(new URL('./lapse.sql', import.meta.url))

/** Everything the lapse models learn from, are judged on, and score. */
export interface LapseData {
  readonly found: true
  readonly periods: LapsePeriods
  /** Moments that it learns from, a horizon apart, the newest first. */
  readonly cuts: readonly Instant[]
  /** Of the newest of them. */
  readonly training: LabelledRows
  /** Of all of them: what candidates are fitted to. */
  readonly learning: LabelledRows
  readonly test: LabelledRows
  /** Of the test cut and those before it: what the model that is published learns from. */
  readonly latest: LabelledRows
  readonly now: CustomerRows
  /** Features that would have to look back further than the records at the oldest of the cuts; not among the columns. */
  readonly beyondHistory: readonly Feature[]
  /** Customers in the two populations, of which the rows may be a random sample. */
  readonly trainingPopulation: number
  readonly testPopulation: number
}

const customersMin = 200
const classMin = 20

interface Labelled {
  readonly customerIds: readonly string[]
  readonly labels: Uint8Array
  readonly population: number
}

/**
 * Chooses the cuts and reads features and labels as they could have been known at each.
 *
 * Labels of the training cut are those known at the test cut; those of the test cut, as of `asOf`.
 */
export async function readLapseData(
  warehouse: Warehouse,
  { asOf, seed }: { readonly asOf: Instant; readonly seed: number },
  work?: Work,
): Promise<LapseData | NotEnough> {
  const { purchases, events } = await readHistoryStart(warehouse, asOf)
  if (purchases === null) return { found: false, because: 'no customer who may be profiled has bought anything' }
  const start = { purchases, events }
  const periods = await readPeriods(warehouse, start.purchases, asOf)
  if (!periods.found) return periods
  const horizon = periods.horizonDays * dayMs
  const cuts = trainingCuts(periods.training, start.purchases, horizon)
  const draws = drawsOf(cuts.length, seed)
  const labelled: Labelled[] = []
  for (const [at, cut] of cuts.entries()) {
    labelled.push(await readLabels(warehouse, periods, { cut, knownBy: cut + horizon, ...draws.training[at]! }))
  }
  const [training] = labelled as [Labelled]
  const test = await readLabels(warehouse, periods, { cut: periods.test, knownBy: asOf, ...draws.test })
  const short = tooFew(labelled, 'training') ?? tooFew([test], 'test')
  if (short) return short
  const active = await readPopulation(warehouse, periods, asOf, asOf)
  const catalogue = (await storeCatalogue(warehouse, periods.training)).filter(({ trainable }) => trainable)
  const beyondHistory = featuresBeyondHistory(catalogue, cuts.at(-1)!, start)
  const read = await readMoments(
    warehouse,
    [
      ...labelled.map(({ customerIds }, at) => ({ asOf: cuts[at]!, customerIds })),
      { asOf: periods.test, customerIds: test.customerIds },
      { asOf, customerIds: active.customerIds },
    ],
    catalogue.filter((feature) => !beyondHistory.includes(feature)),
    within(work, 'lapse'),
  )
  const parts = [{ ...test, cut: periods.test }, ...labelled.map((own, at) => ({ ...own, cut: cuts[at]! }))].map(
    ({ cut, customerIds, labels }): LabelledRows => ({ ...rowsAt(read, cut, customerIds), labels }),
  )
  return {
    found: true,
    periods,
    cuts,
    training: parts[1]!,
    learning: stackedLabels(parts.slice(1)),
    test: parts[0]!,
    latest: stackedLabels(parts.slice(0, -1)),
    now: rowsAt(read, asOf, active.customerIds),
    beyondHistory,
    trainingPopulation: training.population,
    testPopulation: test.population,
  }
}

export async function readPeriods(
  warehouse: Warehouse,
  first: Instant,
  asOf: Instant,
): Promise<LapsePeriods | NotEnough> {
  const [zone] = await warehouse.rows<{ timezone: string }>(query('lapse_timezone'))
  const gaps = await warehouse.columns(query('lapse_gaps'), {
    until: { instant: Math.floor(choosingEnd(first, asOf)) },
    timezone: zone!.timezone,
  })
  return chooseLapsePeriods({ gaps: gaps.numbers('gap'), counts: gaps.numbers('gaps') }, first, asOf)
}

/** Who is asked about at a cut and, where the N days after it are over, who lapsed. */
async function readPopulation(
  warehouse: Warehouse,
  { activeDays, horizonDays }: LapsePeriods,
  cut: Instant,
  knownBy: Instant,
): Promise<Labelled> {
  const read = await warehouse.columns(query('lapse_population'), {
    active_from: { instant: cut - activeDays * dayMs },
    cut: { instant: cut },
    until: { instant: Math.min(cut + horizonDays * dayMs, knownBy) },
    known_by: { instant: knownBy },
  })
  return {
    customerIds: read.keys('customer_id'),
    labels: Uint8Array.from(read.numbers('lapsed')),
    population: read.rows,
  }
}

async function readLabels(
  warehouse: Warehouse,
  periods: LapsePeriods,
  { cut, knownBy, seed, most }: CutDraw & { readonly cut: Instant; readonly knownBy: Instant },
): Promise<Labelled> {
  const all = await readPopulation(warehouse, periods, cut, knownBy)
  const rows = drawnRows(all.population, seed, most)
  return {
    customerIds: Array.from(rows, (row) => all.customerIds[row]!),
    labels: Uint8Array.from(rows, (row) => all.labels[row]!),
    population: all.population,
  }
}

/** A customer who is asked about at several cuts counts once. */
function tooFew(asked: readonly Labelled[], cut: 'training' | 'test'): NotEnough | undefined {
  const customers = customersOf(asked, () => true)
  if (customers < customersMin) {
    return {
      found: false,
      because: `at least ${customersMin} customers must have been active at the ${cut} cut, got ${customers}`,
    }
  }
  const lapsed = customersOf(asked, (label) => label === 1)
  const stayed = customersOf(asked, (label) => label === 0)
  if (lapsed >= classMin && stayed >= classMin) return undefined
  return {
    found: false,
    because: `at the ${cut} cut at least ${classMin} customers must have lapsed and ${classMin} stayed, got ${lapsed} and ${stayed}`,
  }
}

const customersOf = (asked: readonly Labelled[], isWanted: (label: number) => boolean): number =>
  new Set(asked.flatMap(({ customerIds, labels }) => customerIds.filter((_, row) => isWanted(labels[row]!)))).size

function stackedLabels(parts: readonly LabelledRows[]): LabelledRows {
  return { ...stackedRows(parts), labels: Uint8Array.from(parts.flatMap(({ labels }) => Array.from(labels))) }
}

/** Takes back what an earlier run said, when now there is too little data to say it. */
export const dropLapseScores = (warehouse: Warehouse): Promise<void> => warehouse.run(query('drop_lapse_scores'))
