import { type Random, RapportError, seededRandom, stopIfAborted, type Work } from '@rapport/numerics'
import { moveToPlace } from '../preparation/move-to-place.ts'
import { checkLevel } from './expectations.ts'
import { semidefiniteFactor } from './flat-directions.ts'
import { checkSpend, spendCountOf } from './gamma-gamma.ts'
import { drawGammaRatio } from './gamma-ratio.ts'
import {
  checkLifetimeValue,
  type LifetimeModels,
  type LifetimeValueOptions,
  type ValueSummaries,
} from './lifetime-value.ts'
import { type PurchaseProcess, parametersOf, processOf } from './purchase-process.ts'
import { checkSummaries, type Unfitted } from './summaries.ts'

export interface ValueIntervalOptions extends LifetimeValueOptions {
  /** Share of customers whose value should lie within their interval. Default 0.9. */
  readonly level?: number
  /** Possible futures drawn, at least 100. Default 400, which leaves the ends of a 90 % interval about 1 % of rank off. */
  readonly draws?: number
  /** The same seed, data and options give the same intervals, bit for bit. */
  readonly seed: number
}

/** Predictive intervals of discounted profit. */
export interface ValueIntervals {
  readonly kind: 'value-intervals'
  /** `[n]` for each customer. */
  readonly lower: Float64Array
  readonly upper: Float64Array
  /** `[n]` the mean of the futures drawn, which `customerLifetimeValue` gives exactly for the fitted parameters. */
  readonly mean: Float64Array
  /** For all customers together: their chances cancel, the uncertainty of the parameters does not. */
  readonly total: { readonly lower: number; readonly mean: number; readonly upper: number }
}

/**
 * How far each customer's lifetime value may lie from the expected one.
 *
 * Every draw takes new parameters from their estimated distribution (normal in their logarithms), the same for all
 * customers, and then a future for each of them: alive or not, a purchase rate, purchases until dropping out, and what
 * each purchase brings. So the intervals hold parameter uncertainty, differences among customers and chance.
 *
 * @returns the intervals, or why there are none: the likelihood is flat, so that nothing is known of the parameters
 * @throws RapportError `lifetime.level`, `lifetime.draws`, `random.seed`, or as `customerLifetimeValue`
 *
 * What all purchases of a future bring is drawn at once, as gamma with the discounted sum's mean and variance: exact for
 * purchases of equal discount, and with rates of a few percent a year too near to tell.
 *
 * Cost: draws × customers × (purchases within the horizon + 3); about a quarter of a second for 2,000 customers and 400
 * draws.
 */
export function lifetimeValueIntervals(
  models: LifetimeModels,
  summaries: ValueSummaries,
  options: ValueIntervalOptions,
  work?: Work,
): ValueIntervals | Unfitted {
  const steps = lifetimeValueIntervalSteps(models, summaries, options, work)
  let step = steps.next()
  while (!step.done) step = steps.next()
  return step.value
}

/** The same with a pause after every 256 customers, for a caller that has other things to do in between. */
export function* lifetimeValueIntervalSteps(
  models: LifetimeModels,
  summaries: ValueSummaries,
  options: ValueIntervalOptions,
  work?: Work,
): Generator<void, ValueIntervals | Unfitted> {
  const { level = 0.9, draws = 400, seed } = options
  const terms = checkLifetimeValue(options)
  checkLevel(level)
  if (!(Number.isInteger(draws) && draws >= 100)) {
    throw new RapportError('lifetime.draws', `draws must be a whole number of at least 100, got ${draws}`)
  }
  checkSummaries(summaries)
  checkSpend(summaries)
  const random = seededRandom(seed)
  const futures = drawFutures(models, draws, random.fork(0))
  if (futures === undefined) {
    const message = 'the likelihood is flat around the estimates, so how uncertain they are is not known'
    return { kind: 'unfitted', because: 'flat-likelihood', message }
  }

  const spendCount = spendCountOf(summaries)
  const horizon = terms.periods * terms.periodLength
  const tally = new DiscountTally(terms)
  const n = summaries.frequency.length
  const [lower, mean, upper] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  const totals = new Float64Array(draws)
  const values = new Float64Array(draws)
  for (let row = 0; row < n; row += 1) {
    if (row % 256 === 0) {
      yield
      stopIfAborted(work)
      work?.onProgress?.({ stage: 'drawing futures', done: row, total: n })
    }
    const customer = {
      frequency: summaries.frequency[row]!,
      recency: summaries.recency[row]!,
      age: summaries.age[row]!,
      spendCount: spendCount[row]!,
      meanSpend: summaries.meanSpend[row]!,
    }
    // A stream of its own for each customer: their interval does not depend on who else is in the list.
    const own = random.fork(row + 1)
    for (let draw = 0; draw < draws; draw += 1) {
      values[draw] = terms.margin * drawSpent(futures[draw]!, customer, horizon, own, tally)
      totals[draw]! += values[draw]!
    }
    ;[lower[row], mean[row], upper[row]] = spreadOf(values, level)
  }
  const [low, middle, high] = spreadOf(totals, level)
  return { kind: 'value-intervals', lower, upper, mean, total: { lower: low, mean: middle, upper: high } }
}

interface Future {
  readonly process: PurchaseProcess
  /** Gamma-Gamma's parameters. */
  readonly p: number
  readonly q: number
  readonly v: number
}

interface Customer {
  readonly frequency: number
  readonly recency: number
  readonly age: number
  readonly spendCount: number
  readonly meanSpend: number
}

function drawFutures({ purchases, spend }: LifetimeModels, draws: number, random: Random): Future[] | undefined {
  const { p, q, v } = spend.parameters
  const drawPurchases = parameterDraws(parametersOf(purchases), purchases.logCovariance)
  const drawSpend = parameterDraws(Float64Array.of(p, q, v), spend.logCovariance)
  if (drawPurchases === undefined || drawSpend === undefined) return undefined
  return Array.from({ length: draws }, () => {
    const process = processOf(purchases.kind, drawPurchases(random))
    const spend = drawSpend(random)
    return { process, p: spend[0]!, q: spend[1]!, v: spend[2]! }
  })
}

/** Draws parameters whose logarithms are normal around the estimates; undefined when their covariance is not known. */
function parameterDraws(
  parameters: Float64Array,
  logCovariance: Float64Array,
): ((random: Random) => Float64Array) | undefined {
  const d = parameters.length
  if (!logCovariance.every(Number.isFinite)) return undefined
  const lower = semidefiniteFactor(logCovariance, d)
  return (random) => {
    const normals = Float64Array.from({ length: d }, () => random.normal())
    return parameters.map((parameter, row) => {
      let shift = 0
      for (let column = 0; column <= row; column += 1) shift += lower[row * d + column]! * normals[column]!
      return parameter * Math.exp(shift)
    })
  }
}

/** Sums of the discount factors of one future's purchases, and of their squares. */
class DiscountTally {
  sum = 0
  squares = 0
  readonly add: (moment: number) => void

  constructor({ periods, periodLength, discountRatePerPeriod }: Required<LifetimeValueOptions>) {
    const last = periods - 1
    const factors = Float64Array.from({ length: periods }, (_, at) => (1 + discountRatePerPeriod) ** -(at + 1))
    this.add = (moment) => {
      const factor = factors[Math.min(last, Math.trunc(moment / periodLength))]!
      this.sum += factor
      this.squares += factor * factor
    }
  }

  clear(): void {
    this.sum = 0
    this.squares = 0
  }
}

/** The discounted money of one customer in one future. */
function drawSpent(
  { process, p, q, v }: Future,
  customer: Customer,
  horizon: number,
  random: Random,
  tally: DiscountTally,
): number {
  if (random.uniform() >= process.probabilityAlive(customer)) return 0
  tally.clear()
  process.drawIfAlive(customer, horizon, random, tally.add)
  const { sum, squares } = tally
  if (sum === 0) return 0
  const x = customer.spendCount
  const known = x === 0 ? 0 : x * customer.meanSpend
  // Given the customer's own rate, purchases are gamma with shape p each. A sum of them, weighted by discounts, has the
  // mean and variance of a gamma with shape p sum² / squares and scale squares / sum.
  const shares = drawGammaRatio((p * sum * sum) / squares, p * x + q, random)
  return shares * (squares / sum) * (v + known)
}

/** The interval's ends and the mean of `values`, whose order changes. */
function spreadOf(values: Float64Array, level: number): [lower: number, mean: number, upper: number] {
  let sum = 0
  for (let at = 0; at < values.length; at += 1) sum += values[at]!
  return [quantile(values, (1 - level) / 2), sum / values.length, quantile(values, (1 + level) / 2)]
}

/** Between the two values that lie around place p (n − 1) in order. */
function quantile(values: Float64Array, p: number): number {
  const place = p * (values.length - 1)
  const below = Math.floor(place)
  const low = moveToPlace(values, below)
  if (place === below) return low
  let next = Infinity
  for (let at = below + 1; at < values.length; at += 1) if (values[at]! < next) next = values[at]!
  return low + (place - below) * (next - low)
}
