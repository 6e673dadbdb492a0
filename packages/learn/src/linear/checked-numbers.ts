import { checkList, RapportError } from '@rapport/numerics'

/**
 * One number a row as doubles, a copy.
 *
 * @param least the smallest that is allowed; −Infinity for any finite number
 * @throws RapportError `<method>.<name>` when it is no list of numbers, the length is not `rows`, or a number is not finite or below `least`
 */
export function checkedNumbers(
  method: string,
  name: string,
  rows: number,
  values: ArrayLike<number>,
  least = -Infinity,
): Float64Array {
  checkList(`${method}.${name}`, name, values)
  if (values.length !== rows) {
    throw new RapportError(`${method}.${name}`, `${name} must hold one number a row (${rows}), got ${values.length}`)
  }
  const checked = Float64Array.from(values)
  const wrong = checked.findIndex((value) => !(Number.isFinite(value) && value >= least))
  if (wrong >= 0) {
    const bound = least > -Infinity ? ` and at least ${least}` : ''
    throw new RapportError(`${method}.${name}`, `${name} must be finite${bound}, got ${checked[wrong]} at row ${wrong}`)
  }
  return checked
}

/** Between these a sum of weights can be divided by, and multiplied with squares that `checkSquarable` lets through. */
const totalWeight = { least: 2 ** -300, most: 2 ** 300 }

/**
 * Refuses weights whose sum would make means NaN or infinite. Weights that are all 0 pass.
 *
 * @throws RapportError `code`
 */
export function checkTotalWeight(code: string, weights: ArrayLike<number>): void {
  let total = 0
  for (let row = 0; row < weights.length; row += 1) total += weights[row]!
  if (total === 0 || (total >= totalWeight.least && total <= totalWeight.most)) return
  throw new RapportError(code, `weights must add up to between 1e-90 and 1e90, got ${total}: give them in another unit`)
}

/**
 * Weights of rows that a metric is taken over, which may all be 0.
 *
 * @throws RapportError `<method>.weights` as `checkedNumbers` and `checkTotalWeight`
 */
export function checkedMetricWeights(method: string, rows: number, weights: ArrayLike<number>): Float64Array {
  const checked = checkedNumbers(method, 'weights', rows, weights, 0)
  checkTotalWeight(`${method}.weights`, checked)
  return checked
}

/**
 * Weights of rows, ones where none were given.
 *
 * @throws RapportError `<method>.weights` as `checkedMetricWeights`, and when no weight is above 0
 */
export function checkedWeights(method: string, rows: number, weights: ArrayLike<number> | undefined): Float64Array {
  if (weights === undefined) return new Float64Array(rows).fill(1)
  const checked = checkedMetricWeights(method, rows, weights)
  if (!checked.some((weight) => weight > 0)) {
    throw new RapportError(`${method}.weights`, 'at least one weight must be above 0, got none')
  }
  return checked
}

/** What a row weighs on average: the unit in which bounds on sums over rows are told. */
export const meanWeightOf = (weights: Float64Array): number =>
  weights.reduce((sum, weight) => sum + weight, 0) / weights.length

/** @throws RapportError `<method>.penalty` when it is not finite and at least 0 */
export function checkPenalty(method: string, penalty: number): void {
  if (!(penalty >= 0 && penalty < Infinity)) {
    throw new RapportError(`${method}.penalty`, `penalty must be finite and at least 0, got ${penalty}`)
  }
}

/** @throws RapportError `<method>.share` when it is not 0 … 1 */
export function checkShare(method: string, l1Share: number): void {
  if (!(l1Share >= 0 && l1Share <= 1)) {
    throw new RapportError(`${method}.share`, `l1Share must be from 0 to 1, got ${l1Share}`)
  }
}

/** @throws RapportError `<method>.tolerance` when it is not above 0, `<method>.rounds` when not a whole number ≥ 1 */
export function checkStopping(method: string, tolerance: number, roundsMax: number): void {
  if (!(tolerance > 0)) throw new RapportError(`${method}.tolerance`, `tolerance must be above 0, got ${tolerance}`)
  if (!Number.isInteger(roundsMax) || roundsMax < 1) {
    throw new RapportError(`${method}.rounds`, `roundsMax must be a whole number ≥ 1, got ${roundsMax}`)
  }
}
