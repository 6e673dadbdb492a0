import { seededRandom } from '@rapport/numerics'
import type { Scenario } from './scenario.ts'

export interface Product {
  readonly code: number
  readonly category: number
  readonly tier: number
  readonly style: number
  readonly name: string
  readonly brand: string
  readonly cents: number
  /** Undefined where the shop does not know it. */
  readonly costCents: number | undefined
  /** Day of the history from which it is sold; 0 from the start. */
  readonly firstDay: number
  /** Day from which it is no longer sold; Infinity while it is. */
  readonly lastDay: number
}

/** Products in cells of category × tier × style; in each cell the first is always sold and the most popular. */
export interface Catalogue {
  readonly products: readonly Product[]
  /** `[cells]` codes of the products of each cell. */
  readonly cells: readonly (readonly number[])[]
  /** `[categories × tiers]` mean price in cents, weighted as products are picked. */
  readonly meanCents: Float64Array
}

export const tierCount = 3

/** The products of a shop. They depend on the scenario and nothing else, so that an oracle can make them again. */
export function catalogueOf(scenario: Scenario): Catalogue {
  const random = seededRandom(20_240_607)
  const products: Product[] = []
  const cells: number[][] = []
  const meanCents = new Float64Array(scenario.categories.length * tierCount)
  const [fewest, most] = scenario.productsPerCell
  scenario.categories.forEach((category, categoryIndex) => {
    for (let tier = 0; tier < tierCount; tier += 1) {
      scenario.styles.forEach((styleName, style) => {
        const count = fewest + random.integer(most - fewest + 1)
        const cell: number[] = []
        for (let rank = 0; rank < count; rank += 1) {
          const wanted = category.price * scenario.tierPrices[tier]! * (0.82 + 0.36 * random.uniform())
          const cents = Math.max(1, Math.round(wanted)) * 100 - 5
          const [leastCost, mostCost] = scenario.costShare
          const cost = Math.round(cents * (leastCost + (mostCost - leastCost) * random.uniform()))
          const isCostKnown = random.uniform() > 0.12
          const isLate = rank > 0 && random.uniform() < 0.25
          const isEnding = rank > 0 && !isLate && random.uniform() < 0.12
          const brand = scenario.brands[random.integer(scenario.brands.length)]!
          const code = products.length
          products.push({
            code,
            category: categoryIndex,
            tier,
            style,
            name: `${brand} ${styleName} ${category.noun} ${100 + code}`,
            brand,
            cents,
            costCents: isCostKnown ? cost : undefined,
            firstDay: isLate ? 60 + random.integer(scenario.days - 60) : 0,
            lastDay: isEnding ? 200 + random.integer(scenario.days - 200) : Infinity,
          })
          cell.push(code)
        }
        cells.push(cell)
      })
    }
  })
  const styles = scenario.styles.length
  for (let group = 0; group < meanCents.length; group += 1) {
    for (let style = 0; style < styles; style += 1) {
      const cell = cells[group * styles + style]!
      const weights = cell.map((_, rank) => popularity(rank))
      const sum = weights.reduce((a, b) => a + b, 0)
      cell.forEach((code, rank) => {
        meanCents[group] = meanCents[group]! + ((weights[rank]! / sum) * products[code]!.cents) / styles
      })
    }
  }
  return { products, cells, meanCents }
}

/** How much the product at this place of its cell is bought, against the others. */
export const popularity = (rank: number): number => 1 / (rank + 1.5)
