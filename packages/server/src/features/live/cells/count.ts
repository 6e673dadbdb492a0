import type { CellKind } from './cell.ts'

/** How many facts. */
export const countCell: CellKind<number> = {
  add: (cell = 0) => cell + 1,
  merge: (earlier, later) => earlier + later,
  bytes: () => 0,
  save: (cell, to) => to.whole(cell),
  load: (from) => from.whole(),
}
