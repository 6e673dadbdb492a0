import { RapportError } from '@rapport/numerics'

/**
 * One number a row as doubles, a copy.
 *
 * @param least the smallest that is allowed; −Infinity for any finite number
 * @throws RapportError `<method>.<name>` when the length is not `rows`, or a number is not finite or below `least`
 */
export function checkedNumbers(
  method: string,
  name: string,
  rows: number,
  values: ArrayLike<number>,
  least = -Infinity,
): Float64Array {
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

/**
 * Weights of rows, ones where none were given.
 *
 * @throws RapportError `<method>.weights` as `checkedNumbers`, and when no weight is above 0
 */
export function checkedWeights(method: string, rows: number, weights: ArrayLike<number> | undefined): Float64Array {
  if (weights === undefined) return new Float64Array(rows).fill(1)
  const checked = checkedNumbers(method, 'weights', rows, weights, 0)
  if (!checked.some((weight) => weight > 0)) {
    throw new RapportError(`${method}.weights`, 'at least one weight must be above 0, got none')
  }
  return checked
}

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
