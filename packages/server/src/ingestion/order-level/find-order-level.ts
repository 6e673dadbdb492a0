import { RapportError, type Work } from '../../base/index.ts'
import type { FileReader } from '../../warehouse/index.ts'
import type { Resolved } from '../kinds/record-plan.ts'
import { type TypedColumns, typedNumberSql } from '../kinds/typed-columns.ts'
import type { Looks } from '../look-at-columns.ts'

/** Orders of more than one line that must agree before a column is taken to be of orders. */
const ordersForPattern = 3
const ordersForAmounts = 5

/** Lines of the first orders that are looked at before those of all. */
const firstLines = 20_000

/** The lines of a file, and what is known of their columns. */
export interface OrderLines {
  readonly reader: FileReader
  readonly columns: ReadonlyMap<string, Resolved>
  readonly order: Resolved
  readonly typed: TypedColumns
  readonly looks: Looks
  readonly work: Work | undefined
}

/** What a file itself shows of its columns. */
export interface OrderLevel {
  /** Those that hold something of the order. */
  readonly targets: ReadonlySet<string>
  readonly notes: readonly string[]
}

/**
 * Finds columns that hold something of the order: filled on the first line and empty on the others in every order of more
 * lines; or an amount that all lines repeat although their prices differ, and that differs from order to order.
 *
 * @param facts targets that may be filled once
 * @param amounts targets that may be filled once or repeated
 * @throws RapportError `ingestion.ambiguous` for an amount that many orders repeat, but always the same: 4.90 a line, or an order?
 */
export async function findOrderLevel(
  lines: OrderLines,
  facts: readonly string[],
  amounts: readonly string[],
): Promise<OrderLevel> {
  const { columns } = lines
  const price = columns.get('unit_price')
  // Without a price, an amount is all that a line has.
  const withPrice = price ? amounts : amounts.filter((target) => target !== 'amount')
  const gapped = withGaps(lines, [...facts, ...withPrice])
  const perhaps = await filledOnce(lines, gapped, `(from source limit ${firstLines})`, 0)
  const targets = new Set(await filledOnce(lines, perhaps, 'source', ordersForPattern))
  const notes: string[] = []
  const whole = withPrice.filter((target) => target !== 'amount' && !gapped.includes(target))
  for (const target of price ? whole : []) {
    const repeats = await countRepeats(lines, target)
    const { source } = columns.get(target)!
    if (repeats.same === 0 || repeats.different > 0) continue
    if (repeats.same >= ordersForAmounts && repeats.values >= ordersForPattern) targets.add(target)
    else if (repeats.same >= ordersForAmounts) {
      throw new RapportError(
        'ingestion.ambiguous',
        `whether ${source} is of the line or of the order must be known, got the same on all lines of ${repeats.same} orders: ` +
          `say --map '${target}=${source}:order' or '${target}=${source}:line'`,
      )
    } else {
      notes.push(
        `${source} is the same on all lines of an order: counted once a line; if it is the order's, ` +
          `say --map '${target}=${source}:order'`,
      )
    }
  }
  return { targets, notes }
}

/** Those whose columns are empty somewhere, and not everywhere. */
function withGaps({ columns, looks }: OrderLines, targets: readonly string[]): readonly string[] {
  return targets.filter((target) => {
    const { filled } = looks.of.get(columns.get(target)!.column)!
    return filled > 0 && filled < looks.rows
  })
}

/**
 * Those that are filled on the first line alone, in every order of more lines that has them at all. An order of a part of
 * the lines that fills one on two lines rules it out for all lines.
 *
 * @param part SQL for the lines that are looked at
 * @param ordersMin orders that must show it
 */
async function filledOnce(
  { reader, columns, order, typed, work }: OrderLines,
  targets: readonly string[],
  part: string,
  ordersMin: number,
): Promise<readonly string[]> {
  if (targets.length === 0) return []
  const filled = (target: string): string => {
    const { column } = columns.get(target)!
    const native = typed.get(column)
    return native ? `(${native.sql} is not null)` : `(trim(coalesce(${column}, '')) <> '')`
  }
  const perOrder = targets.map(
    (target, at) => `count_if(${filled(target)}) as n${at}, arg_min(${filled(target)}, row_number) as first${at}`,
  )
  const counts = targets.map(
    (_, at) =>
      `count_if(n${at} = 1 and first${at})::integer as once${at}, count_if(n${at} > 0 and not (n${at} = 1 and first${at}))::integer as else${at}`,
  )
  const [row] = (await reader.rows(
    `select ${counts.join(', ')} from (
      select count(*) as n, ${perOrder.join(', ')} from ${part}
      where ${order.column} <> '' group by file_index, ${order.column} having n > 1
    )`,
    undefined,
    work,
  )) as Record<string, number>[]
  return targets.filter((_, at) => row![`once${at}`]! >= ordersMin && row![`else${at}`] === 0)
}

/** In how many orders, of lines of different prices, all lines have the same amount, other than 0, and how many amounts these are. */
async function countRepeats(
  { reader, columns, order, typed, work }: OrderLines,
  target: string,
): Promise<{ same: number; different: number; values: number }> {
  const { column, number } = columns.get(target)!
  const weight = ['unit_price', 'quantity'].flatMap((name) => columns.get(name)?.column ?? [])
  const price = `concat_ws(chr(31), ${weight.join(', ')})`
  const [row] = await reader.rows<{ same: number; different: number; values: number }>(
    `select count_if(low = high and low <> 0)::integer as same, count_if(low <> high)::integer as different,
      count(distinct low) filter (low = high and low <> 0)::integer as values
    from (
      select min(value) as low, max(value) as high from (
        select file_index, ${order.column} as order_id, ${typedNumberSql(typed, column, number!)} as value, ${price} as price from source
        where ${order.column} <> ''
      ) group by file_index, order_id having min(price) <> max(price) and count(value) = count(*)
    )`,
    undefined,
    work,
  )
  return row!
}
