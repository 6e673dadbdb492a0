import type { Instant } from '../base/index.ts'
import type { FamilyResult } from './families/family-result.ts'

/**
 * Everything the segments room found out as of one moment: a plain value, kept as JSON, that the report and the plan
 * read. Money is in units of `currency` (summed as whole micros, divided once); shares are fractions in [0, 1].
 */
export interface SegmentsResult {
  readonly asOf: Instant
  /** The currency of every amount here; null when nobody bought anything. */
  readonly currency: string | null
  /** Customers with at least one purchase by then. */
  readonly buyers: number
  /** What they were sold in all. */
  readonly revenue: number
  readonly rfm: RfmResult
  readonly discovered: DiscoveredResult
  /** Those that were asked for by name; left out by analyses of before there were any. */
  readonly families?: readonly FamilyResult[]
  readonly rules: readonly RuleSegmentResult[]
}

export type RfmResult =
  | {
      readonly found: true
      /** Bins per score: 5 unless told otherwise. */
      readonly bins: number
      /** The rules as applied, first match wins; bounds are scores, both ends included. */
      readonly rules: readonly RfmRule[]
      /** In the order of the rules, customers that match none last as 'Others'; empty ones are listed too. */
      readonly segments: readonly RfmSegment[]
      readonly heatmap: readonly RfmHeatmapCell[]
      /** What a reader must know to read the scores: a score that cannot tell customers apart, for one. */
      readonly notes: readonly string[]
    }
  | { readonly found: false; readonly reason: string }

/** A range of scores, both ends included. */
export type ScoreRange = readonly [lowest: number, highest: number]

export interface RfmRule {
  readonly name: string
  readonly recency: ScoreRange
  readonly frequency: ScoreRange
  readonly monetary: ScoreRange
}

export interface RfmSegment {
  /** 'rfm.champions' */
  readonly id: string
  readonly name: string
  /** The rule in words: 'recency score 5, frequency score 5, monetary score 5'. */
  readonly words: string
  readonly customers: number
  /** Of all buyers. */
  readonly share: number
  readonly revenue: number
  /** Of all buyers' revenue; 0 when nobody paid anything. */
  readonly revenueShare: number
  /** Null when the segment is empty. */
  readonly averageRecencyDays: number | null
  readonly averageOrders: number | null
  readonly averageSpend: number | null
}

/** One cell of the recency × frequency map; every combination of scores is there once. */
export interface RfmHeatmapCell {
  readonly recencyScore: number
  readonly frequencyScore: number
  readonly customers: number
  /** Null when the cell is empty. */
  readonly averageSpend: number | null
}

export type DiscoveredResult =
  | {
      readonly found: true
      readonly k: number
      /** Why this many, in a sentence. */
      readonly verdict: string
      readonly candidates: readonly ClusterCandidate[]
      /** Agreement of the segments with themselves under resampling: mean Jaccard similarity, 0 … 1. */
      readonly stability: number
      /** The features that the customers were compared by. */
      readonly features: readonly { readonly feature: string; readonly label: string }[]
      /** Largest first. */
      readonly segments: readonly DiscoveredSegment[]
      readonly map: SegmentMap
      /** Null where the model was not stored. */
      readonly modelId: string | null
    }
  | {
      readonly found: false
      readonly reason: string
      /** What was tried; empty when there was too little data to try. */
      readonly candidates: readonly ClusterCandidate[]
    }

/** One number of clusters, or one setting, that was tried, with everything it was judged by. */
export interface ClusterCandidate {
  readonly k: number
  /** −1 … 1, more is better; null where there were fewer than two groups, as are the next two. */
  readonly silhouette: number | null
  /** ≥ 0, less is better. */
  readonly daviesBouldin: number | null
  /** ≥ 0, more is better. */
  readonly calinskiHarabasz: number | null
  /** 0 … 1; null where it was not measured. */
  readonly stability: number | null
  /** The silhouette of data without clusters but with the same spread, where it was measured. */
  readonly nullSilhouette: number | null
  /** Gap statistic, more is better, and its standard error; left out where it was not measured. */
  readonly gap?: { readonly value: number; readonly standardError: number }
  /** What was tried where it was not a number of groups: 'radius 0.214'. */
  readonly setting?: string
  /** Share in none of those among whom groups were looked for; left out where everybody is in one. */
  readonly noneShare?: number
  /** That these are the groups that were made, where several were tried with as many. */
  readonly isMade?: true
}

/** Whether a candidate is what was made. @param made number of groups; null where there are none */
export const isMade = ({ isMade: is, setting, k }: ClusterCandidate, made: number | null): boolean =>
  is ?? (setting === undefined && k === made)

/** A group that is less like itself under resampling is dissolved by it (Hennig 2007). */
export const stabilityMin = 0.5

export const isUnstable = ({ stability }: Pick<DiscoveredSegment, 'stability'>): boolean =>
  stability !== null && stability < stabilityMin

export interface DiscoveredSegment {
  /** 'discovered.1' is the largest. */
  readonly id: string
  /** From what sets it apart, unique: 'Frequent orders, high spend'. */
  readonly name: string
  readonly customers: number
  readonly share: number
  readonly revenue: number
  readonly revenueShare: number
  /** Revenue times the margin of what has a unit cost; null where that is less than four fifths of revenue. */
  readonly profit: number | null
  /** Why `profit` is null; null when it is known. */
  readonly profitUnknownBecause: string | null
  /** How alike its members are under resampling, 0 … 1; null where it was not measured. */
  readonly stability: number | null
  /** Every feature it was found by and the ones that describe it, largest absolute effect first. */
  readonly profile: readonly ProfileEntry[]
}

export interface ProfileEntry {
  readonly feature: string
  /** In words for a marketer: 'orders in the last 90 days'. */
  readonly label: string
  /** 'days', 'orders', 'money', 'share' … */
  readonly unit: string
  /** Mean over the segment's customers for whom it is known. */
  readonly mean: number
  readonly overallMean: number
  /** (mean − overall mean) / standard deviation over all, in the feature's own units; 0 when nobody differs. */
  readonly effect: number
}

/** A flat picture of how alike customers are: a bounded sample on the first two principal components. */
export interface SegmentMap {
  readonly x: readonly number[]
  readonly y: readonly number[]
  /** Position of the customer's segment in `segments`. */
  readonly segment: readonly number[]
  /** Share of all differences that the two axes show, 0 … 1. */
  readonly explained: number
}

export interface RuleSegmentResult {
  /** 'rule.cart-abandoners' */
  readonly id: string
  readonly name: string
  /** The rule in words. */
  readonly words: string
  readonly customers: number
  /** Of all customers known by then, buyers or not. */
  readonly share: number
  readonly revenue: number
  /** Of all its customers, those who never bought with 0; null when nobody is in it, as is `averageSpend`. */
  readonly averageOrders: number | null
  readonly averageSpend: number | null
}
