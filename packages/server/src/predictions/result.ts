import type { Instant } from '../base/index.ts'

/** What could not be done, and what would have to be there. */
export interface NotEnough {
  readonly found: false
  readonly because: string
}

export interface Interval {
  readonly low: number
  readonly high: number
}

/** How good one candidate is on the hold-out after the test cut, which nothing was tuned or calibrated on. */
export interface ModelQuality {
  /** `recency only`, `logistic regression`, `gradient boosting`. */
  readonly name: string
  readonly rocAuc: number
  readonly rocAucInterval: Interval
  readonly prAuc: number
  readonly logLoss: number
  readonly brier: number
  /** Times as many positives in the best-ranked tenth as in a random tenth. */
  readonly liftTop10: number
  /** Of those with a probability of a half or more; null where there are none. */
  readonly precision: number | null
  readonly recall: number | null
  readonly f1: number | null
  /** `[points]` false-positive rate and true-positive rate, at most 200 points. */
  readonly roc: { readonly falsePositive: readonly number[]; readonly truePositive: readonly number[] }
  /** Predicted against seen share of positives, in bins of equal size. */
  readonly calibration: readonly {
    readonly predicted: number
    readonly seen: number
    readonly interval: Interval
    readonly customers: number
  }[]
  /** Share of all positives found in the best-ranked share of customers. */
  readonly gain: readonly { readonly share: number; readonly found: number }[]
}

export interface LapseResult {
  readonly found: true
  /** Days a customer may lie back to count as active (A), and days without purchase that make a lapse (N). */
  readonly activeDays: number
  readonly horizonDays: number
  /** How A and N were chosen, in words. */
  readonly chosenBy: string
  /** The newest moment that it learned from. */
  readonly trainedAsOf: Instant
  /** All of them, the newest first; left out in analyses that were made when there was one. */
  readonly trainingCuts?: readonly Instant[]
  readonly testedAsOf: Instant
  /** One who was asked about at several moments counts once. */
  readonly trainingCustomers: number
  readonly testCustomers: number
  readonly lapsedShareTraining: number
  readonly lapsedShareTest: number
  /** Windows longer than the history at the oldest of them: their features are left out or marked. */
  readonly windowsBeyondHistory: readonly string[]
  readonly candidates: readonly ModelQuality[]
  /** Name of the candidate whose scores are published, and why. */
  readonly chosen: string
  readonly chosenBecause: string
  readonly modelId: string
  /**
   * What the scores rest on most: each feature's share of all that moves them. Only features that customers who lapsed and
   * who stayed at the test cut differ in by more than chance; empty where none does.
   */
  readonly drivers: readonly { readonly feature: string; readonly label: string; readonly importance: number }[]
  /** The chance that any feature at all is named as a driver or reason in a shop where none matters. */
  readonly falseDriverRate: number
  /** Customers scored now, and the mean of their probabilities. */
  readonly scored: number
  readonly expectedLapses: number
  readonly histogram: readonly { readonly from: number; readonly to: number; readonly customers: number }[]
  readonly examples: readonly {
    readonly customerId: string
    readonly probability: number
    readonly reasons: readonly string[]
  }[]
}

export interface LifetimeResult {
  readonly found: true
  readonly model: 'mbg-nbd' | 'pareto-nbd' | 'bg-nbd'
  readonly parameters: Readonly<Record<string, number>>
  readonly horizonDays: number
  /** Share of revenue that is profit; null when costs are unknown and values are revenue. */
  readonly margin: number | null
  /** Share of sales that usually comes back on a later day; values are net of it. */
  readonly refundShare: number
  readonly discountRatePerYear: number
  readonly currency: string
  /**
   * Which purchases spend was learned from: all, or only those after the first, where first purchases are systematically
   * larger or smaller. `firstToLater` is a first purchase over the same customer's later ones, with a 95 % interval; null
   * where nobody can be compared.
   */
  readonly spendFrom: {
    readonly basis: 'all-purchases' | 'repeat-purchases'
    readonly firstToLater: { readonly value: number; readonly interval: Interval; readonly customers: number } | null
  }
  /** Whether spend per purchase is independent of how often customers buy, as Gamma-Gamma assumes. */
  readonly independence: {
    /** Spearman's rank correlation of frequency and mean spend; null where it cannot be told, as the verdict says. */
    readonly correlation: number | null
    readonly interval: Interval | null
    readonly verdict: string
  }
  /** Fitted up to a cut and compared with what came after; null with a reason when the history is too short. */
  readonly holdOut:
    | {
        readonly cut: Instant
        readonly days: number
        readonly customers: number
        readonly purchases: {
          readonly predicted: number
          readonly actual: number
          readonly mae: number
          readonly maeBaseline: number
        }
        readonly spend: {
          readonly predicted: number
          readonly actual: number
          readonly mae: number
          readonly maeBaseline: number
        }
        /** Null where all scores or all outcomes are equal. */
        readonly rankCorrelation: { readonly model: number | null; readonly baseline: number | null }
        /** Mean actual purchases of customers grouped by their purchases before the cut. */
        readonly byFrequency: readonly {
          readonly frequency: string
          readonly predicted: number
          readonly actual: number
          readonly customers: number
        }[]
        /** Share of customers whose actual purchases lie inside their 80 % interval. */
        readonly coverage80: number
      }
    | NotEnough
  readonly modelId: string
  readonly customers: number
  readonly totalValue: number
  /** 80 %; null where spend varies so much that no upper end can be given. */
  readonly totalInterval: Interval | null
  readonly aliveShare: number
  /** Share of the total value that the best tenth, fifth … of customers hold. */
  readonly concentration: readonly { readonly share: number; readonly value: number }[]
  readonly histogram: readonly { readonly from: number; readonly to: number; readonly customers: number }[]
  readonly top: readonly {
    readonly customerId: string
    readonly value: number
    readonly interval: Interval | null
    readonly probabilityAlive: number
    readonly expectedPurchases: number
  }[]
}

export interface PredictionsResult {
  readonly lapse: LapseResult | NotEnough
  readonly lifetime: LifetimeResult | NotEnough
}
