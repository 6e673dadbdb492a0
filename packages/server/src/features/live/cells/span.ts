import { earliestCell, latestCell } from './extreme.ts'
import type { NumberCell } from './number-cell.ts'

/** The earliest and the latest moment. */
export const spanCell: NumberCell = {
  width: 2,
  add: (numbers, place, at, value) => {
    earliestCell.add(numbers, place, at, value)
    latestCell.add(numbers, place + 1, at, value)
  },
  addCell: (numbers, place, other, otherPlace) => {
    earliestCell.addCell(numbers, place, other, otherPlace)
    latestCell.addCell(numbers, place + 1, other, otherPlace + 1)
  },
  save: (numbers, place, to) => {
    to.number(numbers[place]!)
    to.number(numbers[place + 1]!)
  },
  load: (numbers, place, from) => {
    numbers[place] = from.number()
    numbers[place + 1] = from.number()
  },
}
