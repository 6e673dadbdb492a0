import type { CellKind } from './cell.ts'
import { addExactly, type ExactSum, loadExactly, saveExactly } from './sum.ts'

export interface Average {
  count: number
  sum: ExactSum
}

/** Sum and number of the values of a number. */
export const averageCell: CellKind<Average> = {
  add: (cell = { count: 0, sum: 0 }, _fact, value) => {
    cell.count += 1
    cell.sum = addExactly(cell.sum, value as number)
    return cell
  },
  merge: (earlier, later) => ({ count: earlier.count + later.count, sum: addExactly(earlier.sum, later.sum) }),
  bytes: () => 56,
  save: ({ count, sum }, to) => {
    to.whole(count)
    saveExactly(sum, to)
  },
  load: (from) => ({ count: from.whole(), sum: loadExactly(from) }),
}
