import { RapportError, studentTQuantile } from '@rapport/numerics'
import { checkedNumbers } from '../../linear/checked-numbers.ts'
import type { ArmMeans } from '../learners/cross-fit.ts'
import { checkLevel } from '../measures/uplift-by-slice.ts'
import { type CheckedTrial, checkedOutcomes, type TrialRows } from '../trial-rows.ts'

export interface PolicyValueOptions {
  /** What treating one customer costs, in the unit of the outcomes. Default 0. */
  readonly cost?: number
  /**
   * Outcomes expected in either arm by models that did not see the customer, from `crossFitOutcomes`: the estimate is then
   * AIPW, with a narrower interval; without them it is IPS.
   */
  readonly expected?: ArmMeans
  /** Of the intervals, in (0, 1). Default 0.95. */
  readonly level?: number
}

/** A mean over customers, and where it could have been with other customers of the same kind. */
export interface PolicyEstimate {
  readonly value: number
  readonly standardError: number
  readonly low: number
  readonly high: number
}

/** What choosing whom to treat is worth, per customer of all, in the unit of the outcomes and after cost. */
export interface PolicyValue {
  readonly estimator: 'ips' | 'aipw'
  /** Share of customers whom the policy treats. */
  readonly treated: number
  readonly value: PolicyEstimate
  /** How much more than by treating nobody, and than by treating everybody. */
  readonly overNobody: PolicyEstimate
  readonly overEverybody: PolicyEstimate
}

/**
 * Whom to treat: those whose expected uplift is worth more than it costs.
 *
 * @param uplift `[n]` in the unit of the outcomes
 * @param cost of treating one customer, in the same unit
 * @returns `[n]` 1 to treat, 0 to leave alone
 * @throws RapportError `uplift.cost`, `uplift.scores` when a value is NaN
 *
 * @example
 * treatAbove([0.02, 0.001], 0.01) // Uint8Array [1, 0]
 */
export function treatAbove(uplift: ArrayLike<number>, cost: number): Uint8Array {
  checkCost(cost)
  return Uint8Array.from(uplift, (value, row) => {
    if (Number.isNaN(value)) throw new RapportError('uplift.scores', `uplift must be a number, got NaN at row ${row}`)
    return value > cost ? 1 : 0
  })
}

/**
 * What a policy of treating would have earned per customer of an experiment, and how much more than treating nobody or
 * everybody.
 *
 * Customers whose arm is what the policy says stand for those whose arm is not, weighted by the chance of their arm. With
 * `expected`, they only mend what models expect: right when either the chances or the models are.
 *
 * The policy must not have been learned from these customers, or its value is flattered.
 *
 * @param rows from an experiment; chances above 0 and below 1
 * @param treat `[n]` 1 where the policy treats, 0 where not, or the chance with which it does
 * @throws RapportError `uplift.policy`, `uplift.cost`, `uplift.level`, `uplift.expected`, and as the learners for rows
 *
 * Cost: O(n).
 * Source: Horvitz & Thompson, JASA 47, 1952 (IPS); Robins, Rotnitzky & Zhao, JASA 89, 1994 (AIPW); Athey & Wager, "Policy
 * learning with observational data", Econometrica 89(1), 2021.
 *
 * @example
 * const policy = treatAbove(predictUplift(model, data), 0.01)
 * policyValue({ treated, outcomes }, policy, { cost: 0.01 }).overNobody // { value, low, high, … }
 */
export function policyValue(
  rows: Omit<TrialRows, 'data'>,
  treat: ArrayLike<number>,
  { cost = 0, expected, level = 0.95 }: PolicyValueOptions = {},
): PolicyValue {
  checkCost(cost)
  checkLevel(level)
  const trial = checkedOutcomes(treat.length, rows)
  checkOverlap(trial.propensities)
  const chances = checkedPolicy(treat)
  const means = expected && checkedMeans(expected, trial.rows)
  const score = scoresOf(trial, means)
  const gain = score.treatment.map((value, row) => value - cost - score.control[row]!)
  const estimate = (of: (row: number) => number): PolicyEstimate =>
    estimateOf(
      chances.map((_, row) => of(row)),
      trial,
      level,
    )
  return {
    estimator: means ? 'aipw' : 'ips',
    treated: estimate((row) => chances[row]!).value,
    value: estimate((row) => score.control[row]! + chances[row]! * gain[row]!),
    overNobody: estimate((row) => chances[row]! * gain[row]!),
    overEverybody: estimate((row) => (chances[row]! - 1) * gain[row]!),
  }
}

/** `[n]` for each arm, scores whose mean is what the arm's outcome would be in all customers. */
function scoresOf(
  { treated, outcomes, propensities }: Omit<CheckedTrial, 'data'>,
  means: ArmMeans | undefined,
): ArmMeans {
  const scoreOf = (arm: 0 | 1, model: Float64Array | undefined): Float64Array =>
    outcomes.map((outcome, row) => {
      const expected = model?.[row] ?? 0
      if (treated[row] !== arm) return expected
      return expected + (outcome - expected) / (arm === 1 ? propensities[row]! : 1 - propensities[row]!)
    })
  return { control: scoreOf(0, means?.control), treatment: scoreOf(1, means?.treatment) }
}

function estimateOf(values: Float64Array, { weights }: Pick<CheckedTrial, 'weights'>, level: number): PolicyEstimate {
  let [total, sum, rows] = [0, 0, 0]
  values.forEach((value, row) => {
    total += weights[row]!
    sum += weights[row]! * value
    if (weights[row]! > 0) rows += 1
  })
  const value = sum / total
  let squares = 0
  values.forEach((own, row) => {
    squares += (weights[row]! * (own - value)) ** 2
  })
  const standardError = Math.sqrt((squares * rows) / (rows - 1)) / total
  const half = studentTQuantile((1 + level) / 2, rows - 1) * standardError
  return { value, standardError, low: value - half, high: value + half }
}

function checkCost(cost: number): void {
  if (!Number.isFinite(cost)) throw new RapportError('uplift.cost', `cost must be a finite number, got ${cost}`)
}

/** A customer who could not have been in an arm cannot stand for those who were. */
function checkOverlap(propensities: Float64Array): void {
  const wrong = propensities.findIndex((chance) => chance === 0 || chance === 1)
  if (wrong < 0) return
  throw new RapportError(
    'uplift.propensities',
    `every propensity must be above 0 and below 1, got ${propensities[wrong]} at row ${wrong}`,
  )
}

function checkedPolicy(treat: ArrayLike<number>): Float64Array {
  const chances = Float64Array.from(treat)
  const wrong = chances.findIndex((chance) => !(chance >= 0 && chance <= 1))
  if (wrong < 0) return chances
  throw new RapportError(
    'uplift.policy',
    `the policy must say 1 or 0, or a chance between, got ${chances[wrong]} at row ${wrong}`,
  )
}

const checkedMeans = ({ control, treatment }: ArmMeans, rows: number): ArmMeans => ({
  control: checkedNumbers('uplift', 'expected', rows, control),
  treatment: checkedNumbers('uplift', 'expected', rows, treatment),
})
