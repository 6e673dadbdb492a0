import { RapportError, stopIfAborted, type Work } from '@rapport/numerics'
import { type History, type PurchaseModel, type PurchaseProcess, parametersOf, processOf } from './purchase-process.ts'
import { type CustomerSummaries, checkSummaries, groupSummaries } from './summaries.ts'

/**
 * The probability that each customer has not dropped out by the end of their age.
 *
 * @param summaries in the unit of time the model was fitted in
 * @returns `[n]` fractions in [0, 1]; BG/NBD gives 1 to everyone who never bought again
 * @throws RapportError as `fitBgNbd`
 */
export function probabilityAlive(model: PurchaseModel, summaries: CustomerSummaries): Float64Array {
  return forEachGroup(model, summaries, (process, history) => process.probabilityAlive(history))
}

/**
 * Expected repeat purchases of a new customer within `horizon` of their first purchase.
 *
 * @param horizon ≥ 0, in the unit of time the model was fitted in
 * @throws RapportError `lifetime.horizon`
 */
export function expectedPurchases(model: PurchaseModel, horizon: number): number {
  checkHorizon(horizon)
  return processOf(model.kind, parametersOf(model)).expectedOfNew(horizon)
}

/**
 * Expected purchases of each customer within `horizon` from the end of their age.
 *
 * @param horizon ≥ 0, in the unit of time the model was fitted in
 * @returns `[n]` ≥ 0
 * @throws RapportError `lifetime.horizon`, or as `fitBgNbd`
 */
export function conditionalExpectedPurchases(
  model: PurchaseModel,
  summaries: CustomerSummaries,
  horizon: number,
  work?: Work,
): Float64Array {
  checkHorizon(horizon)
  return forEachGroup(
    model,
    summaries,
    (process, history) => process.probabilityAlive(history) * process.expectedIfAlive(history, horizon),
    work,
  )
}

/**
 * How a new customer's number of repeat purchases within `horizon` is distributed.
 *
 * @returns `[countMax + 1]` probabilities of 0, 1, … countMax; what they lack to 1 lies above `countMax`
 * @throws RapportError `lifetime.horizon`, `lifetime.count`
 */
export function purchaseCounts(model: PurchaseModel, horizon: number, countMax: number): Float64Array {
  checkHorizon(horizon)
  checkCount(countMax)
  return processOf(model.kind, parametersOf(model)).countsOfNew(horizon, countMax)
}

/**
 * How the number of purchases of one customer within `horizon` from the end of their age is distributed, given their
 * history; exact for the model's parameters, by its own formula rather than by simulation.
 *
 * @returns `[countMax + 1]` probabilities of 0, 1, … countMax; what they lack to 1 lies above `countMax`
 * @throws RapportError `lifetime.horizon`, `lifetime.count`, or as `fitBgNbd`
 */
export function conditionalPurchaseCounts(
  model: PurchaseModel,
  history: History,
  horizon: number,
  countMax: number,
): Float64Array {
  checkHorizon(horizon)
  checkCount(countMax)
  checkSummaries({
    frequency: Float64Array.of(history.frequency),
    recency: Float64Array.of(history.recency),
    age: Float64Array.of(history.age),
  })
  return countsGivenHistory(processOf(model.kind, parametersOf(model)), history, horizon, countMax)
}

/** The smallest and largest purchase counts of an interval, one of each a customer. */
export interface CountIntervals {
  readonly lower: Float64Array
  readonly upper: Float64Array
}

/**
 * A predictive interval of each customer's purchase count within `horizon`: the quantiles at (1 − level)/2 and
 * (1 + level)/2 of the conditional distribution. It covers how customers differ and chance, not the uncertainty of the
 * parameters; `lifetimeValueIntervals` covers both.
 *
 * Counts are whole, so an interval holds the true count at least as often as its level says.
 *
 * @param level a fraction in (0, 1), such as 0.9
 * @throws RapportError `lifetime.horizon`, `lifetime.level`, or as `fitBgNbd`
 */
export function purchaseCountIntervals(
  model: PurchaseModel,
  summaries: CustomerSummaries,
  horizon: number,
  level: number,
  work?: Work,
): CountIntervals {
  checkHorizon(horizon)
  checkLevel(level)
  const upper: number[] = []
  const lower = forEachGroup(
    model,
    summaries,
    (process, history, group) => {
      const mean = process.expectedIfAlive(history, horizon)
      let countMax = Math.ceil(8 + 4 * mean)
      for (;;) {
        const counts = countsGivenHistory(process, history, horizon, countMax)
        const top = quantileOf(counts, (1 + level) / 2)
        if (top !== undefined) {
          upper[group] = top
          return quantileOf(counts, (1 - level) / 2)!
        }
        countMax *= 2
      }
    },
    work,
  )
  const { groupOf } = groupSummaries(summaries)
  return { lower, upper: Float64Array.from(groupOf, (group) => upper[group]!) }
}

function countsGivenHistory(
  process: PurchaseProcess,
  history: History,
  horizon: number,
  countMax: number,
): Float64Array {
  const alive = process.probabilityAlive(history)
  return process
    .countsIfAlive(history, horizon, countMax)
    .map((chance, count) => chance * alive + (count === 0 ? 1 - alive : 0))
}

function quantileOf(counts: Float64Array, p: number): number | undefined {
  let sum = 0
  for (let count = 0; count < counts.length; count += 1) {
    sum += counts[count]!
    if (sum >= p) return count
  }
  return undefined
}

/** One value a customer, computed once for each distinct history. */
function forEachGroup(
  model: PurchaseModel,
  summaries: CustomerSummaries,
  value: (process: PurchaseProcess, history: History, group: number) => number,
  work?: Work,
): Float64Array {
  checkSummaries(summaries)
  const groups = groupSummaries(summaries)
  const process = processOf(model.kind, parametersOf(model))
  const count = groups.frequency.length
  const values = new Float64Array(count)
  for (let group = 0; group < count; group += 1) {
    if (group % 4096 === 0) {
      stopIfAborted(work)
      work?.onProgress?.({ stage: 'predicting', done: group, total: count })
    }
    const history = { frequency: groups.frequency[group]!, recency: groups.recency[group]!, age: groups.age[group]! }
    values[group] = value(process, history, group)
  }
  return Float64Array.from(groups.groupOf, (group) => values[group]!)
}

/** @throws RapportError `lifetime.horizon` */
export function checkHorizon(horizon: number): void {
  if (!(horizon >= 0 && horizon < Infinity)) {
    throw new RapportError('lifetime.horizon', `horizon must be a finite number ≥ 0, got ${horizon}`)
  }
}

/** @throws RapportError `lifetime.level` */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) {
    throw new RapportError('lifetime.level', `level must be a fraction between 0 and 1, got ${level}`)
  }
}

function checkCount(countMax: number): void {
  if (!(Number.isInteger(countMax) && countMax >= 0 && countMax <= 1e7)) {
    throw new RapportError('lifetime.count', `the largest count must be a whole number from 0 to 1e7, got ${countMax}`)
  }
}
