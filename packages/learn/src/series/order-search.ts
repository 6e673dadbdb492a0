/** Orders of one candidate: p, q, P, Q, and whether there is a constant. */
export interface ArimaCandidate {
  readonly p: number
  readonly q: number
  readonly seasonalP: number
  readonly seasonalQ: number
  readonly constant: boolean
}

const orderMax = 5
const seasonalOrderMax = 2
/** Candidates that a search looks at, at most. */
export const candidatesMax = 94

/**
 * The stepwise search of Hyndman & Khandakar: from five simple candidates on to a better neighbour, until there is none.
 *
 * @param score the lower the better; infinite for a candidate that is not to be used
 * @param mayHaveConstant whether the simple candidates have a constant, and it is tried both ways later
 * @returns the best candidate
 */
export function searchOrders(
  score: (candidate: ArimaCandidate, seen: number) => number,
  period: number,
  mayHaveConstant: boolean,
): ArimaCandidate {
  const seen = new Map<string, number>()
  const scoreOf = (candidate: ArimaCandidate): number => {
    const key = Object.values(candidate).join()
    const before = seen.get(key)
    if (before !== undefined) return before
    const found = score(candidate, seen.size)
    seen.set(key, found)
    return found
  }
  const season = period > 1 ? 1 : 0
  const starts: ArimaCandidate[] = [
    { p: 0, q: 0, seasonalP: 0, seasonalQ: 0, constant: mayHaveConstant },
    { p: 2, q: 2, seasonalP: season, seasonalQ: season, constant: mayHaveConstant },
    { p: 1, q: 0, seasonalP: season, seasonalQ: 0, constant: mayHaveConstant },
    { p: 0, q: 1, seasonalP: 0, seasonalQ: season, constant: mayHaveConstant },
    { p: 0, q: 0, seasonalP: 0, seasonalQ: 0, constant: false },
  ]
  let best = starts[0]!
  for (const start of starts) if (scoreOf(start) < scoreOf(best)) best = start
  for (let moved = true; moved && seen.size < candidatesMax; ) {
    moved = false
    for (const neighbour of neighboursOf(best, period, mayHaveConstant)) {
      if (seen.size >= candidatesMax) break
      if (!(scoreOf(neighbour) < scoreOf(best))) continue
      best = neighbour
      moved = true
      break
    }
  }
  return best
}

/** The orders one step away: seasonal ones first, then the others, then with or without the constant, as R goes. */
function neighboursOf(from: ArimaCandidate, period: number, mayHaveConstant: boolean): ArimaCandidate[] {
  const steps = [
    [-1, 0],
    [0, -1],
    [1, 0],
    [0, 1],
    [-1, -1],
    [-1, 1],
    [1, -1],
    [1, 1],
  ] as const
  const seasonal = period > 1 ? steps : []
  const all = [
    ...seasonal.map(([dp, dq]) => ({ ...from, seasonalP: from.seasonalP + dp, seasonalQ: from.seasonalQ + dq })),
    ...steps.map(([dp, dq]) => ({ ...from, p: from.p + dp, q: from.q + dq })),
    ...(mayHaveConstant ? [{ ...from, constant: !from.constant }] : []),
  ]
  const within = (order: number, most: number): boolean => order >= 0 && order <= most
  return all.filter(
    ({ p, q, seasonalP, seasonalQ }) =>
      within(p, orderMax) &&
      within(q, orderMax) &&
      within(seasonalP, seasonalOrderMax) &&
      within(seasonalQ, seasonalOrderMax),
  )
}
