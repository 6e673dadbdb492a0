import { RapportError } from '../error.ts'
import { kindOf } from './check-matrix.ts'

/**
 * Refuses what is no list of numbers, as callers without types may give: nothing, a word, null where a value is missing.
 * NaN and infinities are numbers.
 *
 * @param name of the argument, for the message
 * @throws RapportError `code`
 *
 * Cost: none for a typed array; an array is gone through once.
 */
export function checkList(code: string, name: string, values: ArrayLike<number>): void {
  const given: unknown = values
  if (ArrayBuffer.isView(given) && !(given instanceof DataView)) return
  if (typeof given !== 'object' || given === null || !('length' in given) || !Number.isInteger(given.length)) {
    throw new RapportError(code, `${name} must be an array or a typed array of numbers, got ${kindOf(given)}`)
  }
  for (let at = 0; at < values.length; at += 1) {
    if (typeof values[at] === 'number') continue
    throw new RapportError(
      code,
      `${name} must hold numbers only (NaN where one is missing), got ${kindOf(values[at])} at ${at}`,
    )
  }
}
