/** How much there was of one value of one side: now, and as it was to be expected. */
export interface SidedValue {
  /** `source`, `country`, `category` … */
  readonly side: string
  /** Null where nothing says. */
  readonly value: string | null
  readonly now: number
  readonly expected: number
}

/** A value that carries part of the difference. */
export interface CarryingValue {
  readonly value: string | null
  readonly now: number
  readonly expected: number
  /** Its part of the whole difference; above 1 where others go the other way. */
  readonly share: number
}

/** A side of which few values carry most of the difference. */
export interface SideExplained {
  readonly side: string
  readonly values: readonly CarryingValue[]
  /** Their part of the whole difference. */
  readonly share: number
  /** How much the shares of these values changed: the Jensen-Shannon divergence that they add, in nats. */
  readonly surprise: number
}

export interface ExplainOptions {
  /** The part of the difference that the values named must carry together. Default 0.67. */
  readonly shareMin?: number
  /** The part that each of them must carry. Default 0.1. */
  readonly valueShareMin?: number
  /** Sides named at most, the most surprising first. Default 3. */
  readonly sidesMax?: number
  /** Values named of a side at most. Default 3. */
  readonly valuesMax?: number
  /** Less surprise is none: the difference went through all values alike. Default 0.005. */
  readonly surpriseMin?: number
}

/**
 * Which values of which side carry a difference between what is and what was expected.
 *
 * Of each side the values are taken by their surprise, the most first, as long as each has a part of the difference worth
 * naming, until they carry most of it together; sides are then held against each other by the surprise of what they name. A side
 * whose every value fell alike explains nothing, however large its parts are.
 *
 * @param values values of a side add up to about `now` and `expected`
 * @returns the most surprising side first; none where nothing carries enough
 *
 * Source: Bhagwan et al., "Adtributor: revenue debugging in advertising systems", NSDI 2014, §4 (its thresholds are the
 * defaults), for a measure that adds up.
 *
 * @example
 * explainDifference({ now: 40, expected: 100 }, [{ side: 'source', value: 'email', now: 2, expected: 60 }, …])
 * // [{ side: 'source', share: 0.97, values: [{ value: 'email', now: 2, expected: 60, share: 0.97 }], … }]
 */
export function explainDifference(
  whole: { readonly now: number; readonly expected: number },
  values: readonly SidedValue[],
  options: ExplainOptions = {},
): readonly SideExplained[] {
  const { shareMin = 0.67, valueShareMin = 0.1, sidesMax = 3, valuesMax = 3, surpriseMin = 0.005 } = options
  const difference = whole.now - whole.expected
  if (difference === 0) return []
  const explained: SideExplained[] = []
  for (const side of new Set(values.map((value) => value.side))) {
    const own = values.filter((value) => value.side === side)
    // A side of one value says nothing: it is the whole.
    if (own.length < 2) continue
    const [allNow, allExpected] = [sumOf(own, 'now'), sumOf(own, 'expected')]
    const judged = own
      .map((one) => ({
        ...one,
        share: (one.now - one.expected) / difference,
        surprise: surpriseOf(allExpected > 0 ? one.expected / allExpected : 0, allNow > 0 ? one.now / allNow : 0),
      }))
      .sort((a, b) => b.surprise - a.surprise || b.share - a.share)
    const named: typeof judged = []
    let share = 0
    for (const one of judged) {
      if (one.share < valueShareMin) continue
      named.push(one)
      share += one.share
      if (share >= shareMin || named.length === valuesMax) break
    }
    const surprise = named.reduce((sum, one) => sum + one.surprise, 0)
    if (share < shareMin || surprise < surpriseMin) continue
    explained.push({
      ...{ side, share, surprise },
      values: named.map(({ value, now, expected, share }) => ({ value, now, expected, share })),
    })
  }
  return explained.sort((a, b) => b.surprise - a.surprise || a.values.length - b.values.length).slice(0, sidesMax)
}

const sumOf = (values: readonly SidedValue[], of: 'now' | 'expected'): number =>
  values.reduce((sum, value) => sum + value[of], 0)

/** What one value adds to the Jensen-Shannon divergence of the shares. @param p its share before @param q and now */
function surpriseOf(p: number, q: number): number {
  const part = (share: number): number => (share === 0 ? 0 : share * Math.log((2 * share) / (p + q)))
  return (part(p) + part(q)) / 2
}
