import { RapportError, type Work } from '../../base/index.ts'
import type { FileReader } from '../../warehouse/index.ts'
import type { Resolved } from '../kinds/record-plan.ts'
import type { TypedColumns } from '../kinds/typed-columns.ts'
import type { Looks } from '../look-at-columns.ts'
import { findOrderLevel } from './find-order-level.ts'
import { orderAmounts, orderFacts } from './order-targets.ts'
import { spreadSql } from './spread-sql.ts'

export type Level = 'order' | 'line'

/**
 * Gives each line of an order, in `source` itself, what the file says once an order: the order's customer, moment, currency
 * or state holds for its lines, and its amounts are spread over them by price, to the last millionth. So a record stands
 * for itself, also in quarantine, and no amount counts once a line or is lost.
 *
 * Columns that are said to be `:order` are taken so; others only where every order of the file shows it.
 *
 * @param said target → level
 * @param seen what types and a look at all values tell of the columns
 * @returns what the user should know of it
 * @throws RapportError `ingestion.mapping` for `:order` without orders or of a target that has no level,
 * `ingestion.ambiguous` when an amount may be that of the line or of the order
 */
export async function completeLines(
  reader: FileReader,
  columns: ReadonlyMap<string, Resolved>,
  said: ReadonlyMap<string, Level>,
  seen: { readonly typed: TypedColumns; readonly looks: Looks },
  work?: Work,
): Promise<readonly string[]> {
  checkSaid(columns, said)
  const order = columns.get('order_id')
  if (!order) return []
  const open = (targets: readonly string[]): readonly string[] =>
    targets.filter((target) => columns.has(target) && !said.has(target))
  const found = await findOrderLevel({ reader, columns, order, ...seen, work }, open(orderFacts), open(orderAmounts))
  const isOfOrder = (target: string): boolean => said.get(target) === 'order' || found.targets.has(target)
  const facts = orderFacts.filter((target) => columns.has(target) && isOfOrder(target))
  const amounts = orderAmounts.filter((target) => columns.has(target) && isOfOrder(target))
  if (facts.length + amounts.length > 0) {
    await reader.run(`create table completed as ${spreadSql(columns, order, facts, amounts)}`, undefined, work)
    await reader.run(
      `alter view source rename to given_source; create view source as ${completedSql(columns, [...facts, ...amounts], seen.typed)}`,
    )
  }
  const named = (targets: readonly string[]): string => targets.map((target) => columns.get(target)!.source).join(', ')
  return [
    ...(facts.length > 0 ? [`${named(facts)}: what one line of an order says holds for all of its lines`] : []),
    ...(amounts.length > 0 ? [`${named(amounts)}: amounts of whole orders, spread over their lines by price`] : []),
    ...found.notes,
  ]
}

/** SQL for the records with what was completed; a column that was has no other type than text any more. */
function completedSql(columns: ReadonlyMap<string, Resolved>, targets: readonly string[], typed: TypedColumns): string {
  const changed = [...new Set(targets.map((target) => columns.get(target)!.column))]
  const untyped = changed.flatMap((column) => typed.get(column)?.sql ?? [])
  return `select given_source.* ${untyped.length > 0 ? `exclude (${untyped.join(', ')})` : ''}
      replace (${changed.map((column) => `completed.${column} as ${column}`).join(', ')})
    from given_source join completed using (file_index, row_number)`
}

function checkSaid(columns: ReadonlyMap<string, Resolved>, said: ReadonlyMap<string, Level>): void {
  const known = [...orderFacts, ...orderAmounts]
  const wrong = [...said.keys()].find((target) => !known.includes(target))
  if (wrong !== undefined) {
    throw new RapportError(
      'ingestion.mapping',
      `:order and :line must be said of one of ${known.join(', ')} of orders, got ${wrong}`,
    )
  }
  if (said.size === 0 || columns.has('order_id')) return
  throw new RapportError('ingestion.mapping', `${[...said.keys()][0]} with :order must come with order_id, got none`)
}
