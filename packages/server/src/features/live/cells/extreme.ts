import type { Fact } from '../../defined/fact.ts'
import type { CellKind, FieldValue } from './cell.ts'

function extremeCell(
  better: (left: number, right: number) => number,
  of: (fact: Fact, value: FieldValue) => number,
): CellKind<number> {
  return {
    add: (cell, fact, value) => (cell === undefined ? of(fact, value) : better(cell, of(fact, value))),
    merge: better,
    bytes: () => 0,
    save: (cell, to) => to.number(cell),
    load: (from) => from.number(),
  }
}

const amountOf = (_fact: Fact, value: FieldValue): number => value as number
const momentOf = ({ at }: Fact): number => at

/** The smallest and the largest of a number. */
export const minCell = extremeCell(Math.min, amountOf)
export const maxCell = extremeCell(Math.max, amountOf)

/** The earliest and the latest moment. */
export const earliestCell = extremeCell(Math.min, momentOf)
export const latestCell = extremeCell(Math.max, momentOf)
