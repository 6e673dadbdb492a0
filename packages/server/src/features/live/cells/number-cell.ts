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

/** Two cells of the same facts, one after the other. */
export const beside = (first: NumberCell, second: NumberCell): NumberCell => ({
  width: first.width + second.width,
  add: (numbers, place, at, value) => {
    first.add(numbers, place, at, value)
    second.add(numbers, place + first.width, at, value)
  },
  addCell: (numbers, place, other, otherPlace) => {
    first.addCell(numbers, place, other, otherPlace)
    second.addCell(numbers, place + first.width, other, otherPlace + first.width)
  },
  save: (numbers, place, to) => {
    first.save(numbers, place, to)
    second.save(numbers, place + first.width, to)
  },
  load: (numbers, place, from) => {
    first.load(numbers, place, from)
    second.load(numbers, place + first.width, from)
  },
})
