/** A weight that is halved as time passes, as of the latest of what it is made of. */
export interface Fading {
  at: number
  total: number
}

/** Adds to it in place. */
export function fadingAdd(cell: Fading, at: number, amount: number, halfLifeMs: number): void {
  if (at <= cell.at) cell.total += amount * 2 ** ((at - cell.at) / halfLifeMs)
  else {
    cell.total = cell.total * 2 ** ((cell.at - at) / halfLifeMs) + amount
    cell.at = at
  }
}

export const fadingAt = ({ at, total }: Fading, halfLifeMs: number, asOf: number): number =>
  total * 2 ** ((at - asOf) / halfLifeMs)
