import { microsPerUnit, RapportError } from '../base/index.ts'
import type { Buyers } from './buyers.ts'
import { scoreByQuantiles } from './quantile-scores.ts'
import type { RfmHeatmapCell, RfmResult, RfmRule, RfmSegment } from './result.ts'
import { classicTen, othersName, ruleInWords, rulePosition } from './rfm-rules.ts'
import { slugOf } from './slug.ts'

export interface RfmOptions {
  /** Scores per dimension, 2 … 10. Default 5, which the ten rules are written for. */
  readonly bins?: number
  /** First match wins. Default the classic ten, for 5 bins only. */
  readonly rules?: readonly RfmRule[]
}

/** Scores and segments of every buyer, beside the result that a report shows. */
export interface ScoredBuyers {
  /** `[n]` each, 1 … bins; 5 is the most recent, the most frequent, the most spent. */
  readonly recency: Int32Array
  readonly frequency: Int32Array
  readonly monetary: Int32Array
  /** `[n]` position in the result's `segments`. */
  readonly segment: Int32Array
  readonly result: Extract<RfmResult, { found: true }>
}

/**
 * Scores every buyer by recency, frequency and money, and sorts them into the rules' segments.
 *
 * @returns a reason instead when there are fewer buyers than bins, or when they are all alike
 * @throws RapportError `segments.rules` when bins are not 5 and no rules are given, or a rule is out of the bins
 */
export function segmentByRfm(
  buyers: Buyers,
  options: RfmOptions = {},
): ScoredBuyers | Extract<RfmResult, { found: false }> {
  const { bins = 5, rules = classicTen } = options
  checkRules(rules, bins, options.rules === undefined)
  const n = buyers.customerIds.length
  if (n < bins) {
    return { found: false, reason: `${bins} scores need at least ${bins} customers with a purchase, got ${n}` }
  }
  const older = scoreByQuantiles(buyers.recencyDays, bins)
  const recency = older.map((score) => bins + 1 - score)
  const frequency = scoreByQuantiles(buyers.orders, bins)
  const monetary = scoreByQuantiles(
    buyers.spentMicros.map((micros) => micros / microsPerUnit),
    bins,
  )
  const flat = [
    ...(isFlat(recency) ? ['recency'] : []),
    ...(isFlat(frequency) ? ['frequency'] : []),
    ...(isFlat(monetary) ? ['money'] : []),
  ]
  if (flat.length === 3) {
    return { found: false, reason: 'all customers with a purchase are alike in recency, frequency and money' }
  }
  const segment = recency.map((score, row) => rulePosition(rules, score, frequency[row]!, monetary[row]!))
  return {
    recency,
    frequency,
    monetary,
    segment,
    result: {
      found: true,
      bins,
      rules,
      segments: summarize(buyers, segment, rules),
      heatmap: heatmap(buyers, recency, frequency, bins),
      notes: flat.map((score) => `the ${score} score tells nobody apart: every customer has the same one`),
    },
  }
}

const isFlat = (scores: Int32Array): boolean => scores.every((score) => score === scores[0])

function summarize(buyers: Buyers, segment: Int32Array, rules: readonly RfmRule[]): RfmSegment[] {
  const named = [
    ...rules.map((rule) => ({ name: rule.name, words: ruleInWords(rule) })),
    { name: othersName, words: 'scores that match none of the rules' },
  ]
  const customers = new Float64Array(named.length)
  const sums = named.map(() => ({ recencyDays: 0, orders: 0, micros: 0 }))
  segment.forEach((position, row) => {
    customers[position]! += 1
    const sum = sums[position]!
    sum.recencyDays += buyers.recencyDays[row]!
    sum.orders += buyers.orders[row]!
    sum.micros += buyers.spentMicros[row]!
  })
  const allMicros = sums.reduce((total, { micros }) => total + micros, 0)
  return named.map(({ name, words }, position) => {
    const n = customers[position]!
    const { recencyDays, orders, micros } = sums[position]!
    const average = (sum: number): number | null => (n === 0 ? null : sum / n)
    return {
      id: `rfm.${slugOf(name)}`,
      name,
      words,
      customers: n,
      share: n / segment.length,
      revenue: micros / microsPerUnit,
      revenueShare: allMicros === 0 ? 0 : micros / allMicros,
      averageRecencyDays: average(recencyDays),
      averageOrders: average(orders),
      averageSpend: average(micros / microsPerUnit),
    }
  })
}

function heatmap(buyers: Buyers, recency: Int32Array, frequency: Int32Array, bins: number): RfmHeatmapCell[] {
  const customers = new Float64Array(bins * bins)
  const micros = new Float64Array(bins * bins)
  recency.forEach((score, row) => {
    const cell = (score - 1) * bins + frequency[row]! - 1
    customers[cell]! += 1
    micros[cell]! += buyers.spentMicros[row]!
  })
  return Array.from(customers, (count, cell) => ({
    recencyScore: Math.floor(cell / bins) + 1,
    frequencyScore: (cell % bins) + 1,
    customers: count,
    averageSpend: count === 0 ? null : micros[cell]! / microsPerUnit / count,
  }))
}

function checkRules(rules: readonly RfmRule[], bins: number, areDefault: boolean): void {
  if (areDefault && bins !== 5) {
    throw new RapportError('segments.rules', `the ten rules are written for 5 bins, got ${bins}: give rules for them`)
  }
  for (const { name, recency, frequency, monetary } of rules) {
    for (const [lowest, highest] of [recency, frequency, monetary]) {
      if (lowest >= 1 && lowest <= highest && highest <= bins) continue
      throw new RapportError(
        'segments.rules',
        `a rule's scores must lie between 1 and ${bins}, lowest first, got ${lowest} to ${highest} in ${name}`,
      )
    }
  }
}
