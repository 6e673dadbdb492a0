import type { Resolved } from '../kinds/record-plan.ts'
import { microsSql, type NumberFormat, numberSql } from '../mapping/number-format.ts'

/** Stands for text that is no amount where nulls are passed over; no amount is that low. */
const unread = '-9223372036854775807'

/**
 * SQL for the lines of `source` (file_index, row_number) with the order's facts on each line and the order's amounts spread
 * over them, in the columns that they come from.
 *
 * An amount that stands once in an order, or equal on all of its lines, is the order's; of several, each reaches to the
 * line before the next. Shares go by price × quantity, and what rounding leaves over is on the lines too: they add up to
 * the amount exactly. Text that is no amount stays where it is, for the checks. Only what is counted with goes through the
 * windows, which are all of one order, so that the lines are sorted twice, not twice an amount.
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
    (target, at) =>
      `coalesce(said_${at}, last_value(said_${at} ignore nulls) over so_far, first_value(said_${at} ignore nulls) over whole)
      as ${columnOf(target)}`,
  )
  const isWhole = amounts.map(
    (_, at) =>
      `(count(text_${at}) over whole = 1 or (count(text_${at}) over whole = count(*) over whole
        and min(value_${at}) over whole = max(value_${at}) over whole)) as is_whole_${at}`,
  )
  const runs = amounts.map((_, at) => {
    const start = `case when text_${at} is not null then until - weight end`
    const last = `last_value(case when text_${at} is not null then coalesce(value_${at}, ${unread}) end ignore nulls) over so_far`
    return `case when is_whole_${at} then max(value_${at}) over whole else nullif(${last}, ${unread}) end as sum_${at},
      case when is_whole_${at} then 0::hugeint else last_value(${start} ignore nulls) over so_far end as start_${at},
      case when is_whole_${at} then total else coalesce(first_value(${start} ignore nulls) over rest, total) end as end_${at}`
  })
  const shares = amounts.map((_, at) => `${untilSql(at, 'until')} - ${untilSql(at, '(until - weight)')} as share_${at}`)
  const written = [
    ...facts.map(columnOf),
    ...amounts.map((target, at) => {
      const text = amountSql(`share_${at}`, formatOf(columns, target))
      return `case when sum_${at} is null then text_${at} else ${text} end as ${columnOf(target)}`
    }),
  ]
  const key = `coalesce(nullif(trim(${order.column}), ''), chr(31) || row_number)`
  const frame = 'partition by file_index, order_key order by row_number rows between'
  const windows = `window whole as (${frame} unbounded preceding and unbounded following),
      so_far as (${frame} unbounded preceding and current row), rest as (${frame} 1 following and unbounded following)`
  return `with given as (
      select ${['file_index', 'row_number', `${key} as order_key`, `${weightSql(columns)} as weight`, ...said, ...given].join(', ')}
      from source
    ), placed as (
      select ${['*', 'sum(weight) over so_far as until', 'sum(weight) over whole as total', ...filled, ...isWhole].join(', ')}
      from given ${windows}
    ), summed as (
      select ${['*', ...runs].join(', ')} from placed ${windows}
    ), shared as (
      select ${['*', ...shares].join(', ')} from summed
    )
    select ${['file_index', 'row_number', ...written].join(', ')} from shared
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

/** What the lines of a run have of its amount up to where `until` of the order's weight is; the last line's is all of it. */
const untilSql = (at: number, until: string): string =>
  `case when ${until} = end_${at} then sum_${at}
    else round(sum_${at}::double * (${until} - start_${at})::double / (end_${at} - start_${at})::double)::bigint end`

/** Millionths as text, with all six decimals, so that none is read as a mark between thousands. */
const amountSql = (micros: string, { decimal }: NumberFormat): string =>
  `(case when ${micros} < 0 then '-' else '' end || (abs(${micros}) // 1000000)::varchar || '${decimal}' ||
    lpad((abs(${micros}) % 1000000)::varchar, 6, '0'))`
