import { countCell } from './count.ts'
import type { NumberCell } from './number-cell.ts'
import { sumAt, sumCell } from './sum.ts'

/** Number and sum of the values of a number. */
export const averageCell: NumberCell = {
  width: countCell.width + sumCell.width,
  add: (numbers, place, at, value) => {
    countCell.add(numbers, place, at, value)
    sumCell.add(numbers, place + 1, at, value)
  },
  addCell: (numbers, place, other, otherPlace) => {
    countCell.addCell(numbers, place, other, otherPlace)
    sumCell.addCell(numbers, place + 1, other, otherPlace + 1)
  },
  save: (numbers, place, to) => {
    countCell.save(numbers, place, to)
    sumCell.save(numbers, place + 1, to)
  },
  load: (numbers, place, from) => {
    countCell.load(numbers, place, from)
    sumCell.load(numbers, place + 1, from)
  },
}

/** In units. */
export const averageAt = (numbers: readonly number[], place: number): number =>
  sumAt(numbers, place + 1) / numbers[place]!
