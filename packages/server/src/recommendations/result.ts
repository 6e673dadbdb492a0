import type { Instant } from '../base/index.ts'

/** How well one way of recommending found what customers bought after the cut; each a mean over customers. */
export interface RankingQuality {
  readonly name: string
  readonly recall: number
  readonly ndcg: number
  readonly map: number
  readonly hitRate: number
  /** Half-width of the 95 % interval of the NDCG. */
  readonly ndcgMargin: number
  /** Share of the catalogue that is recommended to anybody. */
  readonly coverage: number
}

export interface NamedProduct {
  readonly productId: string
  readonly name: string
}

export interface RecommendationsResult {
  readonly found: true
  readonly cut: Instant
  readonly k: number
  readonly customersTested: number
  /** New products only, and repeat purchases only: they are different tasks. */
  readonly newProducts: readonly RankingQuality[]
  readonly repeatPurchases: readonly RankingQuality[]
  readonly chosen: string
  readonly chosenBecause: string
  readonly modelId: string
  readonly products: number
  readonly leftOut: { readonly notProducts: number; readonly unavailable: number; readonly mostlyReturned: number }
  /** Customers with a list, and those among them whose list is what is popular. */
  readonly customersServed: number
  readonly customersByPopularity: number
  readonly mostRecommended: readonly (NamedProduct & { readonly customers: number })[]
  readonly boughtTogether: readonly {
    readonly first: NamedProduct
    readonly second: NamedProduct
    /** Orders that hold both, and how many times as many that is as chance would give. */
    readonly orders: number
    readonly lift: number
  }[]
  readonly examples: readonly {
    readonly customerId: string
    readonly products: readonly (NamedProduct & { readonly because: NamedProduct | null })[]
  }[]
}

export interface NoRecommendations {
  readonly found: false
  readonly because: string
}
