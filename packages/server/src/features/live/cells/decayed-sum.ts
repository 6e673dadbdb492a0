import { millionths } from '../../defined/numbers.ts'
import type { CellKind } from './cell.ts'

export interface Decayed {
  /** The latest moment of a fact. */
  at: number
  /** The sum as of then, in units. */
  total: number
}

/**
 * A sum whose parts are halved as time passes. Kept as of its latest fact: older facts come in faded already.
 *
 * @param isOfField adds the values of a field; ones otherwise
 */
export function decayedCell(halfLifeMs: number, isOfField: boolean): CellKind<Decayed> {
  const add = (cell: Decayed, at: number, amount: number): Decayed => decayedAdd(cell, at, amount, halfLifeMs)
  return {
    add: (cell, { at }, value) => {
      const amount = isOfField ? (value as number) / millionths : 1
      return cell === undefined ? { at, total: amount } : add(cell, at, amount)
    },
    merge: (earlier, later) => add({ ...earlier }, later.at, later.total),
    bytes: () => 48,
    save: ({ at, total }, to) => {
      to.number(at)
      to.number(total)
    },
    load: (from) => ({ at: from.number(), total: from.number() }),
  }
}

/** Adds to a sum in place. */
export function decayedAdd(cell: Decayed, at: number, amount: number, halfLifeMs: number): Decayed {
  if (at <= cell.at) cell.total += amount * 2 ** ((at - cell.at) / halfLifeMs)
  else {
    cell.total = cell.total * 2 ** ((cell.at - at) / halfLifeMs) + amount
    cell.at = at
  }
  return cell
}

export const decayedAt = ({ at, total }: Decayed, halfLifeMs: number, asOf: number): number =>
  total * 2 ** ((at - asOf) / halfLifeMs)
