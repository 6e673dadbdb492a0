import { inOrder } from '../../defined/fact.ts'
import type { CellKind, FieldValue } from './cell.ts'

export interface Said {
  at: number
  key: bigint
  value: FieldValue
}

/** @param sign 1 to keep the earliest, −1 to keep the latest */
function saidCell(sign: 1 | -1): CellKind<Said> {
  return {
    add: (cell, { at, key }, value) => {
      if (cell === undefined) return { at, key, value }
      const later = at - cell.at || (key < cell.key ? -1 : key > cell.key ? 1 : 0)
      if (later * sign < 0) {
        cell.at = at
        cell.key = key
        cell.value = value
      }
      return cell
    },
    merge: (earlier, later) => (inOrder(later, earlier) * sign < 0 ? later : earlier),
    bytes: ({ value }) => 88 + (typeof value === 'string' ? 24 + value.length : 0),
    save: ({ at, key, value }, to) => {
      to.number(at)
      to.key(key)
      to.whole(typeof value === 'string' ? 0 : 1)
      if (typeof value === 'string') to.text(value)
      else to.whole(value)
    },
    load: (from) => ({ at: from.number(), key: from.key(), value: from.whole() === 0 ? from.text() : from.whole() }),
  }
}

/** What the earliest fact says, by moment and then by key. */
export const firstCell = saidCell(1)
/** What the latest fact says. */
export const lastCell = saidCell(-1)
