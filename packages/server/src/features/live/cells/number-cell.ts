import type { Instant } from '../../../base/index.ts'
import type { FeatureValue } from '../../defined/interpret.ts'
import type { ByteReader, ByteWriter } from '../bytes.ts'

/**
 * What a few numbers can remember of the facts of one bucket. They lie in an array beside those of other aggregates and are
 * changed where they lie: nothing is made for a fact, and a customer is a few arrays instead of hundreds of objects. Where
 * there is no fact the first of them is NaN. Facts come in any order.
 */
export interface NumberCell {
  /** Of how many numbers. */
  readonly width: number
  /** @param value in millionths; 0 where no field is asked for */
  readonly add: (numbers: number[], place: number, at: Instant, value: number) => void
  /** Adds the facts of another cell, which has some. */
  readonly addCell: (numbers: number[], place: number, other: readonly number[], otherPlace: number) => void
  readonly save: (numbers: readonly number[], place: number, to: ByteWriter) => void
  readonly load: (numbers: number[], place: number, from: ByteReader) => void
}

/** What a cell with facts says. */
export type NumbersResult = (numbers: readonly number[], place: number, asOf: Instant) => FeatureValue

export const isEmptyAt = (numbers: readonly number[], place: number): boolean => Number.isNaN(numbers[place])

/** As many numbers of which none is known, as the engine keeps doubles side by side. */
export function emptyNumbers(length: number): number[] {
  const numbers: number[] = []
  for (let left = length; left > 0; left -= 1) numbers.push(Number.NaN)
  return numbers
}
