import { dayMs, type Instant } from '../base/index.ts'
import type { ProductFacts } from './purchase-log.ts'

/** Products that must not be recommended, and why. */
export interface Exclusions {
  /** `[products]` 1 where a product must not be shown. */
  readonly denied: Uint8Array
  /** Not available by the catalogue, or not sold for `unsoldDaysMax` days. */
  readonly unavailable: number
  /** Otherwise available, but sent back. */
  readonly mostlyReturned: number
}

/** A product that nobody bought for so long is taken to be gone, as few shops say so in their data. */
export const unsoldDaysMax = 180
/** From so many pieces on, a product of which at least this share comes back is not worth showing. */
const soldMin = 10
const returnedShareMax = 0.5

export function excludedProducts(products: ProductFacts, asOf: Instant): Exclusions {
  const denied = new Uint8Array(products.ids.length)
  let unavailable = 0
  let mostlyReturned = 0
  for (let product = 0; product < denied.length; product += 1) {
    const isGone = products.available[product] === 0 || asOf - products.lastSoldAt[product]! > unsoldDaysMax * dayMs
    const isReturned =
      products.sold[product]! >= soldMin && products.returned[product]! >= returnedShareMax * products.sold[product]!
    if (isGone) unavailable += 1
    else if (isReturned) mostlyReturned += 1
    denied[product] = isGone || isReturned ? 1 : 0
  }
  return { denied, unavailable, mostlyReturned }
}
