import type { Instant } from '../../base/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'

const query = readQueries(new URL('./live.sql', import.meta.url))

interface Listed {
  readonly knownAt: Instant
  readonly category: string
}

/** The categories of products, kept in memory as the catalogue has had them. */
export class Categories {
  private readonly warehouse: Warehouse
  private byProduct: ReadonlyMap<string, readonly Listed[]> = new Map()
  private mark = ''

  private constructor(warehouse: Warehouse) {
    this.warehouse = warehouse
  }

  static async open(warehouse: Warehouse): Promise<Categories> {
    const categories = new Categories(warehouse)
    await categories.refresh()
    return categories
  }

  /** What the catalogue said of a product at a moment; null where it said nothing yet. */
  categoryOf(productId: string, at: Instant): string | null {
    return this.byProduct.get(productId)?.findLast(({ knownAt }) => knownAt <= at)?.category ?? null
  }

  /** Reads the catalogue again if it is another one. */
  async refresh(): Promise<void> {
    const [found] = await this.warehouse.rows<{ mark: string }>(query('catalogue_mark'))
    if (found!.mark === this.mark) return
    const columns = await this.warehouse.columns(query('categories'))
    const [products, knownAt, listed] = [
      columns.keys('product_id'),
      columns.numbers('known_at'),
      columns.keys('category'),
    ]
    const byProduct = new Map<string, Listed[]>()
    products.forEach((product, row) => {
      const its = byProduct.get(product) ?? []
      its.push({ knownAt: knownAt[row]!, category: listed[row]! })
      byProduct.set(product, its)
    })
    this.byProduct = byProduct
    this.mark = found!.mark
  }
}
