import type { FileReader } from '../warehouse/index.ts'
import type { Resolved } from './kinds/record-plan.ts'

/** Letters before order ids whose lines are, nearly all, negative: those orders are cancellations. */
export async function cancellationPrefixes(
  reader: FileReader,
  columns: ReadonlyMap<string, Resolved>,
): Promise<readonly string[]> {
  const order = columns.get('order_id')
  const amount = columns.get('quantity') ?? columns.get('amount')
  if (!order || !amount) return []
  const rows = await reader.rows<{ prefix: string }>(
    `select regexp_extract(${order.column}, '^([A-Za-z]+)[0-9]', 1) as prefix
    from source where ${order.column} >= 'A'
    group by 1
    having prefix <> '' and count_if(starts_with(trim(${amount.column}), '-')) >= 0.95 * count(*)
    order by 1`,
  )
  return rows.map(({ prefix }) => prefix)
}
