import { millionths } from '../../defined/numbers.ts'
import { isEmptyAt, type NumberCell } from './number-cell.ts'

/** The second number of a sum counts these. */
const carried = 2 ** 53

/** Adds to a whole number exactly: two numbers, of which the second is 0 until the first can hold no more. */
export function addExactly(numbers: number[], place: number, value: number | bigint): void {
  if (typeof value === 'number') {
    const sum = numbers[place]! + value
    if (Number.isSafeInteger(sum)) {
      numbers[place] = sum
      return
    }
  }
  const exact = BigInt(numbers[place]!) + BigInt(value)
  numbers[place] = Number(exact % BigInt(carried))
  numbers[place + 1]! += Number(exact / BigInt(carried))
}

/** What was added: a plain number while that is exact. */
export function exactAt(numbers: readonly number[], place: number): number | bigint {
  const [low, high] = [numbers[place]!, numbers[place + 1]!]
  return high === 0 ? low : BigInt(high) * BigInt(carried) + BigInt(low)
}

/** In units; the nearest number to the exact sum. */
export const sumAt = (numbers: readonly number[], place: number): number => Number(exactAt(numbers, place)) / millionths

/** The sum of a number. */
export const sumCell: NumberCell = {
  width: 2,
  add: (numbers, place, _at, value) => {
    if (!isEmptyAt(numbers, place)) addExactly(numbers, place, value)
    else {
      // Without the sign that a zero may have.
      numbers[place] = value + 0
      numbers[place + 1] = 0
    }
  },
  addCell: (numbers, place, other, otherPlace) => {
    if (isEmptyAt(numbers, place)) {
      numbers[place] = 0
      numbers[place + 1] = 0
    }
    addExactly(numbers, place, other[otherPlace]!)
    numbers[place + 1]! += other[otherPlace + 1]!
  },
  save: (numbers, place, to) => {
    to.whole(numbers[place]!)
    to.whole(numbers[place + 1]!)
  },
  load: (numbers, place, from) => {
    numbers[place] = from.whole()
    numbers[place + 1] = from.whole()
  },
}
