import { millionths } from '../../defined/numbers.ts'
import { isEmptyAt, type NumberCell } from './number-cell.ts'

/**
 * A sum whose parts are halved as time passes: the latest moment of a fact, and the sum as of then, in units. Older facts
 * come in faded already.
 *
 * @param isOfField adds the values of a field; ones otherwise
 */
export function decayedCell(halfLifeMs: number, isOfField: boolean): NumberCell {
  const put = (numbers: number[], place: number, at: number, amount: number): void => {
    const latest = numbers[place]!
    if (isEmptyAt(numbers, place)) {
      numbers[place] = at
      numbers[place + 1] = amount
    } else if (at <= latest) numbers[place + 1]! += amount * 2 ** ((at - latest) / halfLifeMs)
    else {
      numbers[place] = at
      numbers[place + 1] = numbers[place + 1]! * 2 ** ((latest - at) / halfLifeMs) + amount
    }
  }
  return {
    width: 2,
    add: (numbers, place, at, value) => put(numbers, place, at, isOfField ? value / millionths : 1),
    addCell: (numbers, place, other, otherPlace) => put(numbers, place, other[otherPlace]!, other[otherPlace + 1]!),
    save: (numbers, place, to) => {
      to.number(numbers[place]!)
      to.number(numbers[place + 1]!)
    },
    load: (numbers, place, from) => {
      numbers[place] = from.number()
      numbers[place + 1] = from.number()
    },
  }
}

/** As of a moment, in units. */
export const decayedSumAt = (numbers: readonly number[], place: number, halfLifeMs: number, asOf: number): number =>
  numbers[place + 1]! * 2 ** ((numbers[place]! - asOf) / halfLifeMs)
