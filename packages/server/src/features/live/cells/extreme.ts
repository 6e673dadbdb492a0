import type { Instant } from '../../../base/index.ts'
import { isEmptyAt, type NumberCell } from './number-cell.ts'

function extremeCell(
  better: (left: number, right: number) => number,
  of: (at: Instant, value: number) => number,
): NumberCell {
  const put = (numbers: number[], place: number, one: number): void => {
    numbers[place] = isEmptyAt(numbers, place) ? one : better(numbers[place]!, one)
  }
  return {
    width: 1,
    add: (numbers, place, at, value) => put(numbers, place, of(at, value)),
    addCell: (numbers, place, other, otherPlace) => put(numbers, place, other[otherPlace]!),
    save: (numbers, place, to) => to.number(numbers[place]!),
    load: (numbers, place, from) => {
      numbers[place] = from.number()
    },
  }
}

const amountOf = (_at: Instant, value: number): number => value
const momentOf = (at: Instant): number => at

/** The smallest and the largest of a number. */
export const minCell = extremeCell(Math.min, amountOf)
export const maxCell = extremeCell(Math.max, amountOf)

/** The earliest and the latest moment. */
export const earliestCell = extremeCell(Math.min, momentOf)
export const latestCell = extremeCell(Math.max, momentOf)
