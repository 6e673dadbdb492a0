import type { CellKind } from './cell.ts'

export interface Span {
  earliest: number
  latest: number
}

/** From the earliest to the latest moment. */
export const spanCell: CellKind<Span> = {
  add: (cell, { at }) => {
    if (cell === undefined) return { earliest: at, latest: at }
    if (at < cell.earliest) cell.earliest = at
    if (at > cell.latest) cell.latest = at
    return cell
  },
  merge: (one, other) => ({
    earliest: Math.min(one.earliest, other.earliest),
    latest: Math.max(one.latest, other.latest),
  }),
  bytes: () => 48,
  save: ({ earliest, latest }, to) => {
    to.number(earliest)
    to.number(latest)
  },
  load: (from) => ({ earliest: from.number(), latest: from.number() }),
}
