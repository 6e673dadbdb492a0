import { countCell } from './count.ts'
import { beside } from './number-cell.ts'
import { sumAt, sumCell } from './sum.ts'

/** Number and sum of the values of a number. */
export const averageCell = beside(countCell, sumCell)

/** In units. */
export const averageAt = (numbers: readonly number[], place: number): number =>
  sumAt(numbers, place + countCell.width) / numbers[place]!
