import type { Instant } from '../../base/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { FactKind } from '../defined/fact.ts'
import type { Leaf } from '../defined/plan.ts'
import type { StoreBasis } from '../source-sql.ts'
import { momentSql } from './moments-sql.ts'
import { patternsOf } from './needs.ts'

export interface ReadingAsked {
  /** Of customers. */
  readonly leaves: readonly Leaf[]
  readonly asOf: Instant
  /** Whether only facts are read that a leaf may count. */
  readonly isMeant: boolean
  readonly store: StoreBasis
}

/** How many events and order lines are read for leaves, at most: those since the earliest window begins. */
export async function factsToRead(
  warehouse: Warehouse,
  { leaves, asOf, isMeant, store }: ReadingAsked,
): Promise<number> {
  const moment = momentSql({ kind: 'one', asOf, isMeant }, 'customer', [], store.timezone)
  let facts = 0
  for (const [kind, table] of tables) {
    const own = leaves.filter((leaf) => patternsOf(leaf).some((pattern) => pattern.kind === kind))
    if (own.length === 0 && isMeant) continue
    const beginnings = own.map((leaf) => ('window' in leaf ? moment.beginning(leaf.window) : null))
    const isAll = !isMeant || beginnings.includes(null)
    const [row] = await warehouse.rows<{ n: number }>(
      `select count(*) as n from ${table}${isAll ? '' : ' where occurred_at >= $since'}`,
      isAll ? {} : { since: { instant: Math.min(...(beginnings as number[])) } },
    )
    facts += row!.n
  }
  return facts
}

const tables: readonly (readonly [FactKind, string])[] = [
  ['event', 'events'],
  ['line', 'order_lines'],
]
