import { readQueries, type Warehouse } from '../warehouse/index.ts'

const query = readQueries(new URL('./non-products.sql', import.meta.url))

/**
 * Finds the codes in order lines that are no products, each with the rule that says so. Run after every import; what the
 * last run found is replaced.
 */
export async function fillNonProducts(warehouse: Warehouse): Promise<void> {
  await warehouse.run('delete from non_products')
  await warehouse.run(query('find_non_products'))
}
