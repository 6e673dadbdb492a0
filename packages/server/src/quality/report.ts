import type { Instant } from '../base/index.ts'

/** One column of a table as it stands in the store. */
export interface ColumnProfile {
  readonly name: string
  readonly type: 'number' | 'money' | 'moment' | 'text' | 'yes-no'
  readonly missing: number
  /** Exact up to two million rows, estimated above. */
  readonly distinct: number
  /** Least and greatest value: numbers as they are, money in units of the currency, moments as ISO 8601, text by order. */
  readonly least: string | null
  readonly greatest: string | null
  readonly median: number | null
  /** Values far from the rest by a robust rule; null where the rule has no meaning. */
  readonly outliers: Outliers | null
}

export interface Outliers {
  readonly count: number
  /** Values below or above these are outliers, in the column's units. */
  readonly below: number
  readonly above: number
}

export interface TableProfile {
  readonly table: string
  readonly rows: number
  readonly columns: readonly ColumnProfile[]
}

export type Severity = 'note' | 'warning' | 'serious'

/** Something a person should know of before trusting the numbers. */
export interface Finding {
  readonly id: string
  readonly severity: Severity
  readonly title: string
  readonly count: number
  readonly of: number
  readonly unit: string
  readonly examples: readonly string[]
  /** What it would do to the models, and what is done about it. */
  readonly effect: string
  /** The cleaning step that leaves these out. */
  readonly step?: string
}

/** How many of a prediction's training customers have the outcome. */
export interface ClassBalance {
  readonly target: string
  readonly definition: string
  readonly customers: number
  readonly positive: number
  /** Why there is nothing to learn from yet. */
  readonly because?: string
}

/** How customers we can name differ from all sales. */
export interface Representativeness {
  readonly knownRevenueShare: number | null
  readonly knownOrderShare: number | null
  readonly dimensions: readonly {
    readonly name: string
    /** Half the summed absolute difference of shares: 0 is alike, 1 has nothing in common. */
    readonly distance: number
    readonly largest: { readonly value: string; readonly known: number; readonly all: number } | null
  }[]
  readonly because?: string
}

export interface Change {
  readonly measure: string
  readonly before: number
  readonly now: number
}

export interface CleaningStep {
  readonly id: string
  readonly title: string
  readonly isOn: boolean
  /** Lines that it leaves out, or would. */
  readonly lines: number
  readonly effect: string
}

export interface QualityReport {
  readonly asOf: Instant
  readonly tables: readonly TableProfile[]
  readonly findings: readonly Finding[]
  readonly balance: readonly ClassBalance[]
  readonly representativeness: Representativeness
  /** The last import beside everything before it; empty when there was only one. */
  readonly sinceLastImport: readonly Change[]
  readonly cleaning: readonly CleaningStep[]
}
