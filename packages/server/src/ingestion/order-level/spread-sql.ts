import type { Resolved } from '../kinds/record-plan.ts'
import { microsSql, type NumberFormat, numberSql } from '../mapping/number-format.ts'

/**
 * SQL for `source` with the order's facts on each of its lines and the order's amounts spread over them.
 *
 * An amount that stands once in an order, or equal on all of its lines, is the order's; of several, each reaches to the
 * line before the next. Shares go by price × quantity, and what rounding leaves over is on the lines too: they add up to
 * the amount exactly. Text that is no amount stays where it is, for the checks. Only what is counted with goes through the
 * windows: exports have seventy columns.
 */
export function spreadSql(
  columns: ReadonlyMap<string, Resolved>,
  order: Resolved,
  facts: readonly string[],
  amounts: readonly string[],
): string {
  const columnOf = (target: string): string => columns.get(target)!.column
  const given = amounts.map(
    (target, at) =>
      `nullif(trim(${columnOf(target)}), '') as text_${at},
      ${microsSql(numberSql(columnOf(target), formatOf(columns, target)))} as value_${at}`,
  )
  const said = facts.map((target, at) => `nullif(trim(${columnOf(target)}), '') as said_${at}`)
  const filled = facts.map(
    (_, at) =>
      `coalesce(said_${at}, last_value(said_${at} ignore nulls) over so_far, first_value(said_${at} ignore nulls) over whole)
      as fact_${at}`,
  )
  const runs = amounts.map(
    (_, at) =>
      `case when count(text_${at}) over whole = 1 then 0
        when count(text_${at}) over whole = count(*) over whole
          and min(value_${at}) over whole = max(value_${at}) over whole then 0
        else count(text_${at}) over so_far end as run_${at}`,
  )
  const sums = amounts.map((_, at) => {
    const run = `(partition by file_index, order_key, run_${at}`
    return `max(value_${at}) over ${run}) as sum_${at},
      sum(weight) over ${run}) as total_${at},
      sum(weight) over ${run} order by row_number rows between unbounded preceding and current row) as until_${at}`
  })
  const rewritten = [
    ...facts.map((target, at) => `fact_${at} as ${columnOf(target)}`),
    ...amounts.map((target, at) => {
      const text = amountSql(`(${untilSql(at, '')} - ${untilSql(at, ' - weight')})`, formatOf(columns, target))
      return `case when sum_${at} is null then text_${at} else ${text} end as ${columnOf(target)}`
    }),
  ]
  const key = `coalesce(nullif(trim(${order.column}), ''), chr(31) || row_number)`
  return `with given as (
      select ${['file_index', 'row_number', `${key} as order_key`, `${weightSql(columns)} as weight`, ...said, ...given].join(', ')}
      from source
    ), placed as (
      select *, ${[...filled, ...runs].join(', ')} from given
      window whole as (partition by file_index, order_key order by row_number
          rows between unbounded preceding and unbounded following),
        so_far as (partition by file_index, order_key order by row_number rows between unbounded preceding and current row)
    ), summed as (
      select ${['*', ...sums].join(', ')} from placed
    )
    select source.* replace (${rewritten.join(', ')})
    from source join summed using (file_index, row_number)
    order by file_index, row_number`
}

const formatOf = (columns: ReadonlyMap<string, Resolved>, target: string): NumberFormat =>
  columns.get(target)!.number ?? { decimal: '.', isCertain: true }

/** Whole numbers like the lines' prices, never 0: lines that cost nothing share what their order has evenly. */
function weightSql(columns: ReadonlyMap<string, Resolved>): string {
  const price = columns.get('unit_price')
  if (!price) return '1::hugeint'
  const quantity = columns.get('quantity')
  const micros = `abs(${microsSql(numberSql(price.column, formatOf(columns, 'unit_price')))})::hugeint`
  const pieces = quantity
    ? `abs(${microsSql(numberSql(quantity.column, formatOf(columns, 'quantity')))})::hugeint`
    : '1000000::hugeint'
  return `(coalesce(least(${micros}, 1000000000000000) * least(${pieces}, 1000000000000), 0) + 1)`
}

/** What the lines up to this one have of the amount; the last one's is all of it. */
const untilSql = (at: number, less: string): string =>
  `case when until_${at}${less} = total_${at} then sum_${at}
    else round(sum_${at}::double * (until_${at}${less})::double / total_${at}::double)::bigint end`

/** Millionths as text, with all six decimals, so that none is read as a mark between thousands. */
const amountSql = (micros: string, { decimal }: NumberFormat): string =>
  `(case when ${micros} < 0 then '-' else '' end || (abs(${micros}) // 1000000)::varchar || '${decimal}' ||
    lpad((abs(${micros}) % 1000000)::varchar, 6, '0'))`
