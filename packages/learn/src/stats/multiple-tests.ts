import { RapportError } from '@rapport/numerics'
import { ascendingOrder } from '../metrics/order.ts'

/**
 * Benjamini-Hochberg adjusted p values: calling those up to q significant keeps the expected share of false calls among
 * all calls at q or below, when the tests are independent or positively dependent.
 *
 * @param pValues `[n]` each 0 … 1
 * @returns `[n]` each 0 … 1, never below its p value
 * @throws RapportError `multiple-tests.p-value`
 *
 * Source: Benjamini & Hochberg, "Controlling the false discovery rate", JRSS B 57, 1995.
 *
 * @example
 * benjaminiHochberg([0.01, 0.04, 0.03]) // Float64Array [0.03, 0.04, 0.04]
 */
export function benjaminiHochberg(pValues: ArrayLike<number>): Float64Array {
  const { checked, order } = orderedChances(pValues)
  const adjusted = new Float64Array(checked.length)
  let least = 1
  for (let rank = order.length; rank >= 1; rank -= 1) {
    const test = order[rank - 1]!
    least = Math.min(least, (checked[test]! * order.length) / rank)
    adjusted[test] = least
  }
  return adjusted
}

/**
 * Holm adjusted p values: calling those up to α significant keeps the chance of even one false call at α or below,
 * whatever the dependence between the tests.
 *
 * @param pValues `[n]` each 0 … 1
 * @returns `[n]` each 0 … 1, never below its p value
 * @throws RapportError `multiple-tests.p-value`
 *
 * Source: Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statistics 6, 1979.
 *
 * @example
 * holm([0.01, 0.04, 0.03]) // Float64Array [0.03, 0.06, 0.06]
 */
export function holm(pValues: ArrayLike<number>): Float64Array {
  const { checked, order } = orderedChances(pValues)
  const adjusted = new Float64Array(checked.length)
  let most = 0
  order.forEach((test, rank) => {
    most = Math.min(1, Math.max(most, checked[test]! * (order.length - rank)))
    adjusted[test] = most
  })
  return adjusted
}

function orderedChances(pValues: ArrayLike<number>): { checked: Float64Array; order: Uint32Array } {
  const checked = Float64Array.from(pValues)
  const wrong = checked.findIndex((chance) => !(chance >= 0 && chance <= 1))
  if (wrong >= 0) {
    throw new RapportError(
      'multiple-tests.p-value',
      `every p value must be 0 … 1, got ${checked[wrong]} at test ${wrong}`,
    )
  }
  return { checked, order: ascendingOrder(checked) }
}
