/** What is known of a product, moment by moment. */
const values = [
  'name',
  'category',
  'brand',
  'price_micros',
  'unit_cost_micros',
  'currency',
  'is_available',
  'attributes',
  'stock',
]

/**
 * SQL for those of `rows` that say nothing new: each value that they give is what held at their moment anyway, so that
 * records that arrive out of order are compared with their own time, and parts of a product that one feed leaves out do
 * not count as changed.
 *
 * @param rows a table with the columns of `products`
 * @param place columns that name a row, which the result has
 */
export function unchangedProducts(rows: string, place: readonly string[]): string {
  const own = place.map((name) => `given.${name}`).join(', ')
  const latest = values.map((name) => `arg_max(held.${name}, (held.known_at, held.batch_id, held.rowid)) as ${name}`)
  const same = values.map((name) => `(given.${name} is null or given.${name} is not distinct from latest.${name})`)
  return `select ${own} from ${rows} given
    join (
      select ${own}, ${latest.join(', ')}
      from ${rows} given
      join products held on held.product_id = given.product_id and held.known_at <= given.known_at
      group by ${own}
    ) latest using (${place.join(', ')})
    where ${same.join(' and ')}`
}
