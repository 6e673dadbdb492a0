import type { ImportKind, Target } from '@rapport/protocol'
import type { Work } from '../base/index.ts'
import type { FileReader } from '../warehouse/index.ts'
import { type TypedColumns, typedNumberFormat } from './kinds/typed-columns.ts'
import { orderAmounts, orderFacts } from './order-level/order-targets.ts'

/** What a look at all values of a column tells; what was not asked for, as its type tells it, is 0. */
export interface Look {
  /** Records with a value. */
  readonly filled: number
  /** Values with a comma, and with a point. */
  readonly commas: number
  readonly points: number
  /** True for ids that may all be numbers, some of them like `13085.0`: of a typed column, for those that are. */
  readonly isPointed: boolean
}

/** Looks by column of `source`, and how many records it has. */
export interface Looks {
  readonly rows: number
  readonly of: ReadonlyMap<string, Look>
}

/**
 * Looks once at the values of mapped columns, for what must be known of all of them. What a typed column is need not be
 * found out of its text.
 */
export async function lookAtColumns(
  reader: FileReader,
  kind: ImportKind,
  wanted: readonly { readonly target: Target; readonly column: string }[],
  typed: TypedColumns,
  work?: Work,
): Promise<Looks> {
  const hasOrders = kind === 'orders' && wanted.some(({ target }) => target.name === 'order_id')
  const asked = wanted.map((one, at) => ({ column: one.column, sql: asksOf(one, at, hasOrders, typed) }))
  const list = ['count(*)::integer as rows', ...asked.flatMap(({ sql }) => sql)]
  const [row] = await reader.rows<Record<string, number | boolean>>(
    `select ${list.join(', ')} from source`,
    undefined,
    work,
  )
  const count = (name: string): number => Number(row![name] ?? 0)
  const of = new Map<string, Look>()
  for (const [at, { column }] of asked.entries()) {
    const before = of.get(column)
    of.set(column, {
      filled: Math.max(count(`filled_${at}`), before?.filled ?? 0),
      commas: Math.max(count(`commas_${at}`), before?.commas ?? 0),
      points: Math.max(count(`points_${at}`), before?.points ?? 0),
      isPointed: row![`pointed_${at}`] === true || before?.isPointed === true,
    })
  }
  return { rows: count('rows'), of }
}

function asksOf(
  { target, column }: { readonly target: Target; readonly column: string },
  at: number,
  hasOrders: boolean,
  typed: TypedColumns,
): readonly string[] {
  const native = typed.get(column)
  const asks: string[] = []
  const isOfOrder = hasOrders && [...orderFacts, ...orderAmounts].includes(target.name)
  const isMoment = target.type === 'instant' || target.type === 'date'
  if (isOfOrder || (isMoment && native)) {
    asks.push(`count(${native?.sql ?? `nullif(${column}, '')`})::integer as filled_${at}`)
  }
  if ((target.type === 'money' || target.type === 'number') && !typedNumberFormat(typed, column)) {
    asks.push(`count_if(contains(${column}, ','))::integer as commas_${at}`)
    asks.push(`count_if(contains(${column}, '.'))::integer as points_${at}`)
  }
  if (target.type === 'id') asks.push(...pointedSql(column, native).map((sql) => `${sql} as pointed_${at}`))
  return asks
}

/** SQL for whether ids may be numbers written with a point; none where the type says that they are not. */
function pointedSql(column: string, native: ReturnType<TypedColumns['get']>): readonly string[] {
  if (native?.type === 'double') {
    const { sql } = native
    const isWhole = `case when ${sql} between 1 and 1e15 then ${sql} = trunc(${sql}) else ${isWholeTextSql(`(${sql}::varchar)`)} end`
    return [`coalesce(bool_and(${isWhole}), false)`]
  }
  const isNeverPointed = native && native.type !== 'decimal'
  return isNeverPointed ? [] : [`coalesce(bool_or(contains(${column}, '.0')), false)`]
}

/** SQL that is true for text that is a whole number, with a point or without. */
export const isWholeTextSql = (text: string): string => `regexp_matches(trim(${text}), '^[0-9]*([.]0+)?$')`
