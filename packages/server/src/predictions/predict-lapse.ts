import type { Matrix } from '@rapport/numerics'
import { type Instant, isoOf, stopIfAborted, type Work, within } from '../base/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { candidateNames, chooseCandidate, type FittedCandidate, fitCandidate, probabilitiesOf } from './candidates.ts'
import type { CustomerRows, LabelledRows } from './customer-rows.ts'
import { differingFeatures, falseDriverRate } from './differences.ts'
import { judge } from './judge.ts'
import { dropLapseScores, type LapseData, readLapseData } from './lapse-training.ts'
import { pause } from './pause.ts'
import { publishScores } from './publish.ts'
import { type Reason, reasonsOf, usualValues } from './reasons.ts'
import type { LapseResult, ModelQuality, NotEnough } from './result.ts'
import { effectsOf } from './scorer.ts'

const candidateKinds = ['recency', 'logistic', 'boosting'] as const

/** Candidates compared within the training cut, and judged on the test cut. */
export interface LapseComparison {
  readonly qualities: readonly ModelQuality[]
  readonly chosen: FittedCandidate
  readonly because: string
}

/** Fits every candidate on the training rows alone; the test rows only judge. */
export async function compareCandidates(
  training: LabelledRows,
  test: LabelledRows,
  seed: number,
  work?: Work,
): Promise<LapseComparison> {
  const wanted = training.features.map((_, position) => position)
  const candidates: FittedCandidate[] = []
  for (const [done, kind] of candidateKinds.entries()) {
    work?.onProgress?.({ stage: 'lapse candidates', done, total: candidateKinds.length })
    candidates.push(await fitCandidate(kind, training, wanted, { seed }, within(work, candidateNames[kind])))
    stopIfAborted(work)
  }
  const qualities = candidates.map((candidate) =>
    judge(candidateNames[candidate.kind], probabilitiesOf(candidate, test), test.labels),
  )
  return { qualities, ...chooseCandidate(candidates, training) }
}

/**
 * Who will buy nothing in the next N days: chooses periods, compares three models on a later cut that none has seen,
 * refits the best with the latest labelled cut and publishes the score of everybody who is active now, with reasons.
 */
export async function predictLapse(
  warehouse: Warehouse,
  { asOf, seed }: { readonly asOf: Instant; readonly seed: number },
  work?: Work,
): Promise<LapseResult | NotEnough> {
  const data = await readLapseData(warehouse, { asOf, seed }, work)
  if (!data.found) {
    await dropLapseScores(warehouse)
    return data
  }
  const comparison = await compareCandidates(data.learning, data.test, seed, work)
  const wanted = data.test.features.map((_, position) => position)
  const final = await fitCandidate(
    comparison.chosen.kind,
    data.latest,
    wanted,
    { seed, like: comparison.chosen.scorer },
    within(work, 'lapse'),
  )
  const probabilities = probabilitiesOf(final, data.now)
  const explained = await explain(final, data, work)
  const result = describe(data, comparison, probabilities, explained)
  const modelId = await publishScores(
    warehouse,
    {
      purpose: 'lapse',
      kind: final.kind,
      asOf,
      card: cardOf(data, result, asOf),
      fitted: {
        features: data.test.features.map(({ name }) => name),
        categories: Object.fromEntries(data.test.categories),
        scorer: final.scorer,
        calibration: final.calibration,
      },
    },
    data.now.customerIds,
    [
      {
        score: 'lapse_probability',
        value: probabilities,
        reasons: explained.reasons.map((reasons) => JSON.stringify(reasons)),
      },
    ],
    work,
  )
  return { ...result, modelId }
}

interface Explained {
  readonly reasons: readonly (readonly Reason[])[]
  readonly drivers: LapseResult['drivers']
}

const driversShown = 12
const rowsPerExplanation = 10_000
const told = { raises: 'makes a lapse likelier', lowers: 'makes a lapse less likely' }

/** Of all that moves scores, only what tells customers who lapsed from those who stayed is named. */
async function explain(final: FittedCandidate, { now, test }: LapseData, work?: Work): Promise<Explained> {
  const usual = usualValues(test)
  const named = differingFeatures(test)
  const sums = new Float64Array(now.features.length)
  const reasons: (readonly Reason[])[] = []
  for (let from = 0; from < now.customerIds.length; from += rowsPerExplanation) {
    await pause(work)
    work?.onProgress?.({ stage: 'lapse reasons', done: from, total: now.customerIds.length })
    const rows = sliceRows(now, from, from + rowsPerExplanation)
    const effects = effectsOf(final.scorer, rows, work?.signal ? { signal: work.signal } : {})
    for (let row = 0; row < effects.rows; row += 1) reasons.push(reasonsOf(rows, effects, row, usual, named, told))
    addSizes(effects, sums)
  }
  const all = sums.reduce((sum, size) => sum + size, 0)
  const drivers = now.features
    .map(({ name, label }, column) => ({ feature: name, label, importance: all > 0 ? sums[column]! / all : 0 }))
    .filter(({ importance }, column) => importance > 0 && named.has(column))
    .sort((left, right) => right.importance - left.importance)
    .slice(0, driversShown)
  return { reasons, drivers }
}

function addSizes({ rows, columns, values }: Matrix, sums: Float64Array): void {
  for (let at = 0; at < rows * columns; at += 1) sums[at % columns]! += Math.abs(values[at]!)
}

function sliceRows(rows: CustomerRows, from: number, to: number): CustomerRows {
  const { columns, values } = rows.matrix
  const customerIds = rows.customerIds.slice(from, to)
  return {
    ...rows,
    customerIds,
    matrix: { rows: customerIds.length, columns, values: values.slice(from * columns, to * columns) },
  }
}

const share = (labels: Uint8Array): number => labels.reduce((sum, label) => sum + label, 0) / labels.length

function describe(
  { periods, cuts, learning, test, now, beyondHistory }: LapseData,
  { qualities, chosen, because }: LapseComparison,
  probabilities: Float64Array,
  { reasons, drivers }: Explained,
): Omit<LapseResult, 'modelId'> {
  const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[b]! - probabilities[a]! || a - b)
  return {
    found: true,
    activeDays: periods.activeDays,
    horizonDays: periods.horizonDays,
    chosenBy: periods.chosenBy,
    trainedAsOf: periods.training,
    trainingCuts: cuts,
    testedAsOf: periods.test,
    trainingCustomers: new Set(learning.customerIds).size,
    testCustomers: test.labels.length,
    lapsedShareTraining: share(learning.labels),
    lapsedShareTest: share(test.labels),
    windowsBeyondHistory: beyondHistory.map(({ label }) => label),
    candidates: qualities,
    chosen: candidateNames[chosen.kind],
    chosenBecause: because,
    drivers,
    falseDriverRate,
    scored: now.customerIds.length,
    expectedLapses: probabilities.reduce((sum, probability) => sum + probability, 0),
    histogram: Array.from({ length: 20 }, (_, bin) => ({
      from: bin / 20,
      to: (bin + 1) / 20,
      customers: probabilities.filter((probability) => Math.min(Math.floor(probability * 20), 19) === bin).length,
    })),
    examples: order.slice(0, 10).map((row) => ({
      customerId: now.customerIds[row]!,
      probability: probabilities[row]!,
      reasons: reasons[row]!.map(({ words }) => words),
    })),
  }
}

/** What a reader of the model must know before trusting it. */
function cardOf(data: LapseData, result: Omit<LapseResult, 'modelId'>, asOf: Instant) {
  const { periods } = data
  return {
    predicts: `no purchase in the ${periods.horizonDays} days after the moment of scoring`,
    population: `customers who bought in the ${periods.activeDays} days before`,
    chosenBy: periods.chosenBy,
    comparedAsOf: isoOf(periods.training),
    trainingCuts: data.cuts.map(isoOf),
    judgedAsOf: isoOf(periods.test),
    fittedAsOf: isoOf(periods.test),
    scoredAsOf: isoOf(asOf),
    customers: {
      training: result.trainingCustomers,
      trainingRows: data.learning.labels.length,
      test: data.test.labels.length,
      trainingPopulation: data.trainingPopulation,
      testPopulation: data.testPopulation,
    },
    leftOut: result.windowsBeyondHistory,
    holdOut: result.candidates.map(({ roc: _roc, calibration: _calibration, gain: _gain, ...numbers }) => numbers),
    chosenBecause: result.chosenBecause,
    drivers: result.drivers,
    falseDriverRate,
  }
}
