import type { RfmRule, ScoreRange } from './result.ts'

const rule = (name: string, recency: ScoreRange, frequency: ScoreRange, monetary: ScoreRange): RfmRule => ({
  name,
  recency,
  frequency,
  monetary,
})

/** Where customers go that match no rule. */
export const othersName = 'Others'

/**
 * The ten usual RFM segments over scores 1 … 5, first match wins; both ends of a range are included.
 *
 * Source: the README of the R package rfm (rsquaredacademy), with its names and intervals.
 */
export const classicTen: readonly RfmRule[] = [
  rule('Champions', [5, 5], [5, 5], [5, 5]),
  rule('Potential Loyalist', [3, 5], [3, 5], [2, 5]),
  rule('Loyal Customers', [2, 4], [2, 4], [2, 4]),
  rule('Promising', [3, 4], [1, 3], [3, 5]),
  rule('New Customers', [4, 5], [1, 3], [1, 5]),
  rule("Can't Lose Them", [1, 2], [3, 4], [4, 5]),
  rule('At Risk', [1, 2], [2, 5], [4, 5]),
  rule('Need Attention', [1, 3], [3, 5], [3, 5]),
  rule('About To Sleep', [2, 3], [1, 3], [1, 4]),
  rule('Lost', [1, 1], [1, 5], [1, 5]),
]

/** @example rulePosition(classicTen, 5, 5, 5) // 0, Champions */
export function rulePosition(rules: readonly RfmRule[], recency: number, frequency: number, monetary: number): number {
  const lies = (score: number, [lowest, highest]: ScoreRange): boolean => score >= lowest && score <= highest
  const found = rules.findIndex(
    (candidate) =>
      lies(recency, candidate.recency) && lies(frequency, candidate.frequency) && lies(monetary, candidate.monetary),
  )
  return found < 0 ? rules.length : found
}

/** @example ruleInWords(classicTen[1]!) // 'recency 3–5, frequency 3–5, money 2–5' */
export function ruleInWords({ recency, frequency, monetary }: RfmRule): string {
  const range = ([lowest, highest]: ScoreRange): string => (lowest === highest ? `${lowest}` : `${lowest}–${highest}`)
  return `recency ${range(recency)}, frequency ${range(frequency)}, money ${range(monetary)}`
}
