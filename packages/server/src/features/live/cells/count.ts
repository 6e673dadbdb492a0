import { isEmptyAt, type NumberCell } from './number-cell.ts'

/** How many facts. */
export const countCell: NumberCell = {
  width: 1,
  add: (numbers, place) => {
    numbers[place] = isEmptyAt(numbers, place) ? 1 : numbers[place]! + 1
  },
  addCell: (numbers, place, other, otherPlace) => {
    numbers[place] = (isEmptyAt(numbers, place) ? 0 : numbers[place]!) + other[otherPlace]!
  },
  save: (numbers, place, to) => to.whole(numbers[place]!),
  load: (numbers, place, from) => {
    numbers[place] = from.whole()
  },
}
