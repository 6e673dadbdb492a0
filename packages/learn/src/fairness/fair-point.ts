/** A group's corners along the rate that must be equal. */
export interface GroupFrontier {
  readonly corners: readonly FrontierCorner[]
}

interface FrontierCorner {
  /** The rate that must be equal in all groups; rising, equal ones possible at the ends. */
  readonly rate: number
  /** What the group's rows are worth at this corner, but for a constant. */
  readonly value: number
  readonly truePositive: number
  readonly falsePositive: number
}

/** How a group gets to the point that was chosen for all. */
export interface FairPoint {
  /** The corner of the strict threshold; that of the loose one is the next. */
  readonly strict: number
  /** Chance of the loose threshold. */
  readonly loose: number
  /** Chance of not looking at the score, and of being selected then. */
  readonly blind: number
  readonly blindRate: number
  readonly truePositive: number
  readonly falsePositive: number
}

/** Differences of rates and values below this are rounding. */
const negligible = 1e-12

/** The rate, the same in every group, at which the groups are worth most together; the lowest of equals. */
export function sharedPoint(frontiers: readonly GroupFrontier[]): FairPoint[] {
  const worthAt = (rate: number): number => frontiers.reduce((sum, frontier) => sum + placeAt(frontier, rate).value, 0)
  const best = bestOf(ratesOf(frontiers), worthAt)
  return frontiers.map((frontier) => ({ ...placeAt(frontier, best), blind: 0, blindRate: 0 }))
}

/**
 * The false positive rate, the same in every group, and with it the true positive rate that every group can have, where
 * all are worth most together. Groups whose score could do better look away from it now and then.
 *
 * @param worthOf what a false and a true positive rate of all groups are worth
 */
export function equalisedPoint(
  frontiers: readonly GroupFrontier[],
  worthOf: (falsePositive: number, truePositive: number) => number,
): FairPoint[] {
  const reachable = (rate: number): number =>
    Math.min(...frontiers.map((frontier) => placeAt(frontier, rate).truePositive))
  const rates = ratesOf(frontiers)
  const crossings = rates.slice(1).flatMap((rate, at) => crossingsBetween(frontiers, rates[at]!, rate))
  const candidates = [...rates, ...crossings].sort((one, other) => one - other)
  const best = bestOf(candidates, (rate) => worthOf(rate, reachable(rate)))
  const wanted = reachable(best)
  return frontiers.map((frontier) => {
    const place = placeAt(frontier, best)
    // Selecting blindly at the rate `best` is the point (best, best): mixing with it lowers true positives alone.
    const above = place.truePositive - best
    const blind = above > negligible ? (place.truePositive - wanted) / above : 0
    return { ...place, blind, blindRate: best, truePositive: wanted, falsePositive: best }
  })
}

const ratesOf = (frontiers: readonly GroupFrontier[]): number[] =>
  [...new Set(frontiers.flatMap(({ corners }) => corners.map(({ rate }) => rate)))].sort((one, other) => one - other)

function bestOf(rates: readonly number[], worthAt: (rate: number) => number): number {
  let best = rates[0]!
  let most = -Infinity
  for (const rate of rates) {
    const worth = worthAt(rate)
    if (worth > most + negligible) {
      most = worth
      best = rate
    }
  }
  return best
}

/** Rates between two neighbouring corners where two groups' true positive rates, straight there, are equal. */
function crossingsBetween(frontiers: readonly GroupFrontier[], from: number, to: number): number[] {
  const ends = frontiers.map((frontier) => [placeAt(frontier, from).truePositive, placeAt(frontier, to).truePositive])
  return ends.flatMap(([start, end], at) =>
    ends.slice(at + 1).flatMap(([otherStart, otherEnd]) => {
      const before = start! - otherStart!
      const after = end! - otherEnd!
      return before * after < 0 ? [from + ((to - from) * before) / (before - after)] : []
    }),
  )
}

type Place = Pick<FairPoint, 'strict' | 'loose' | 'truePositive' | 'falsePositive'> & { readonly value: number }

/** Where a frontier has `rate`: between which corners, and how far. Of corners with one rate the worthiest counts. */
function placeAt({ corners }: GroupFrontier, rate: number): Place {
  let strict = 0
  let high = corners.length - 1
  // The last corner at or below the rate.
  while (strict < high) {
    const middle = (strict + high + 1) >> 1
    if (corners[middle]!.rate <= rate) strict = middle
    else high = middle - 1
  }
  const here = corners[strict]!
  const next = corners[strict + 1]
  if (!next || here.rate === rate) {
    let best = strict
    while (corners[best - 1]?.rate === rate && corners[best - 1]!.value >= corners[best]!.value) best -= 1
    const { truePositive, falsePositive, value } = corners[best]!
    return { strict: best, loose: 0, truePositive, falsePositive, value }
  }
  const loose = (rate - here.rate) / (next.rate - here.rate)
  const between = (from: number, to: number): number => (1 - loose) * from + loose * to
  return {
    strict,
    loose,
    truePositive: between(here.truePositive, next.truePositive),
    falsePositive: between(here.falsePositive, next.falsePositive),
    value: between(here.value, next.value),
  }
}
