import { isoOf, microsPerUnit, type Work } from '../base/index.ts'
import { duckdbDialect, type Warehouse } from '../warehouse/index.ts'
import type { ColumnProfile, Outliers, TableProfile } from './report.ts'

type Type = ColumnProfile['type']

/** Columns a person knows, in the order they are shown; keys and raw JSON are left out. */
const profiled: Readonly<Record<string, Readonly<Record<string, Type>>>> = {
  order_lines: {
    order_id: 'text',
    customer_id: 'text',
    product_id: 'text',
    description: 'text',
    category: 'text',
    quantity: 'number',
    unit_price_micros: 'money',
    amount_micros: 'money',
    discount_micros: 'money',
    tax_micros: 'money',
    shipping_micros: 'money',
    refund_micros: 'money',
    unit_cost_micros: 'money',
    currency: 'text',
    kind: 'text',
    occurred_at: 'moment',
    country: 'text',
    source: 'text',
  },
  events: {
    customer_id: 'text',
    name: 'text',
    occurred_at: 'moment',
    session_id: 'text',
    product_id: 'text',
    source: 'text',
    body: 'text',
  },
  products: {
    product_id: 'text',
    name: 'text',
    category: 'text',
    brand: 'text',
    price_micros: 'money',
    unit_cost_micros: 'money',
    is_available: 'yes-no',
    stock: 'number',
  },
  customers: {
    customer_id: 'text',
    email: 'text',
    phone: 'text',
    first_name: 'text',
    last_name: 'text',
    birth_date: 'moment',
    gender: 'text',
    country: 'text',
    region: 'text',
    city: 'text',
    postal_code: 'text',
    income: 'number',
    education: 'text',
    created_at: 'moment',
  },
}

/** Above this, distinct counts and quantiles are estimated: exact ones would sort every column. */
const exactRowsMax = 2_000_000

/** Values whose logarithm lies farther than this many robust standard deviations from the median are outliers. */
const outlierDeviations = 5

/** Profiles every table that has rows. */
export async function profileTables(
  warehouse: Warehouse,
  onTable: (table: string) => void,
  work?: Work,
): Promise<TableProfile[]> {
  const profiles: TableProfile[] = []
  for (const [table, columns] of Object.entries(profiled)) {
    const [count] = await warehouse.rows<{ n: number }>(`select count(*) as n from ${table}`, undefined, work)
    const rows = count!.n
    if (rows === 0) continue
    onTable(table)
    const [facts] = await warehouse.rows<Record<string, number | string | null>>(
      factsQuery(table, columns, rows),
      undefined,
      work,
    )
    const named = Object.entries(columns)
    const outliers = await outliersOf(warehouse, table, named, facts!, work)
    profiles.push({
      table,
      rows,
      columns: named.map(([name, type]) => columnProfile(name, type, rows, facts!, outliers.get(name) ?? null)),
    })
  }
  return profiles
}

const isAmount = (type: Type): boolean => type === 'number' || type === 'money'

function factsQuery(table: string, columns: Readonly<Record<string, Type>>, rows: number): string {
  const isExact = rows <= exactRowsMax
  const parts = Object.entries(columns).flatMap(([name, type]) => {
    const column = duckdbDialect.identifier(name)
    const distinct = isExact ? `count(distinct ${column})` : `approx_count_distinct(${column})`
    const shown =
      type === 'moment' ? `epoch_ms(${column}::timestamptz)::double` : isAmount(type) ? `${column}::double` : column
    const parts = [
      `count(${column}) as "${name}.there"`,
      `${distinct} as "${name}.distinct"`,
      `min(${shown})${type === 'yes-no' ? '::varchar' : ''} as "${name}.least"`,
      `max(${shown})${type === 'yes-no' ? '::varchar' : ''} as "${name}.greatest"`,
    ]
    if (!isAmount(type)) return parts
    const log = `ln(1 + abs(${column}::double))`
    return [
      ...parts,
      `${quantile(`${column}::double`, isExact)} as "${name}.median"`,
      `${quantile(log, isExact)} as "${name}.center"`,
      `mad(${log}) as "${name}.mad"`,
    ]
  })
  return `select ${parts.join(', ')} from ${table}`
}

const quantile = (expression: string, isExact: boolean): string =>
  isExact ? `median(${expression})` : `approx_quantile(${expression}, 0.5)`

/** Prices and quantities are skewed, so distances are taken on the logarithm; a column without spread has no outliers. */
async function outliersOf(
  warehouse: Warehouse,
  table: string,
  columns: readonly (readonly [string, Type])[],
  facts: Readonly<Record<string, number | string | null>>,
  work: Work | undefined,
): Promise<Map<string, Outliers>> {
  const bounds = columns.flatMap(([name, type]) => {
    const spread = Number(facts[`${name}.mad`] ?? 0)
    if (!isAmount(type) || !(spread > 0)) return []
    const scale = type === 'money' ? microsPerUnit : 1
    const center = Number(facts[`${name}.center`])
    const reach = outlierDeviations * 1.4826 * spread
    return [{ name, scale, below: Math.expm1(Math.max(center - reach, 0)), above: Math.expm1(center + reach) }]
  })
  if (bounds.length === 0) return new Map()
  const counts = bounds.map(({ name, below, above }) => {
    const size = `abs(${duckdbDialect.identifier(name)}::double)`
    return `count(*) filter (${size} > ${above} or (${size} < ${below} and ${size} > 0)) as ${duckdbDialect.identifier(name)}`
  })
  const [counted] = await warehouse.rows<Record<string, number>>(
    `select ${counts.join(', ')} from ${table}`,
    undefined,
    work,
  )
  return new Map(
    bounds.map(({ name, scale, below, above }) => [
      name,
      { count: counted![name]!, below: below / scale, above: above / scale },
    ]),
  )
}

function columnProfile(
  name: string,
  type: Type,
  rows: number,
  facts: Readonly<Record<string, number | string | null>>,
  outliers: Outliers | null,
): ColumnProfile {
  const scale = type === 'money' ? microsPerUnit : 1
  const shown = (value: number | string | null | undefined): string | null => {
    if (value === null || value === undefined) return null
    if (type === 'moment') return isoOf(Number(value))
    return typeof value === 'number' ? String(value / scale) : value
  }
  const median = facts[`${name}.median`]
  return {
    name: name.replace(/_micros$/, ''),
    type,
    missing: rows - Number(facts[`${name}.there`]),
    distinct: Number(facts[`${name}.distinct`]),
    least: shown(facts[`${name}.least`]),
    greatest: shown(facts[`${name}.greatest`]),
    median: median === null || median === undefined ? null : Number(median) / scale,
    outliers,
  }
}
