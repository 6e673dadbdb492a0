import type { Instant } from '../../../base/index.ts'
import type { Warehouse } from '../../../warehouse/index.ts'
import type { FactKind } from '../../defined/fact.ts'
import type { Plan } from '../../defined/plan.ts'
import { type Needs, needsOf } from '../../point-in-time/needs.ts'
import type { StoreBasis } from '../../source-sql.ts'
import { recentKeysMin } from '../recent-keys.ts'
import type { HistoryPart, OwnerKind } from './history-part.ts'
import {
  firstPlacesSql,
  type HistoryColumns,
  historyColumns,
  historySql,
  laterSql,
  latestKeysSql,
  lengthColumn,
  orderedSql,
  partNumbersSql,
  partTextsSql,
  rangeSql,
} from './history-sql.ts'

/** Rows of a part, about: reading it holds the warehouse for a part of a second. */
const rowsAPart = 100_000

/** A fact's kind and key. */
export interface FactKey {
  readonly kind: FactKind
  readonly key: bigint
}

/** All of history up to a moment, by owners. */
export interface History {
  /** Up to this position of the log everything is in it, and nothing of what comes after it. */
  readonly position: number
  /** What is read of facts, so that parts can be read. */
  readonly needs: Needs
  /** In any order, everybody's once; to be gone through to the end. */
  readonly parts: AsyncIterable<HistoryPart>
  /** Facts that are known only later, in order of moment and key. */
  later(): Promise<HistoryPart>
  /** Of the facts that came last, the last one last. */
  latestKeys(): Promise<readonly FactKey[]>
  /** It is of no more use from here on. */
  close(): Promise<void>
}

/** The kinds of owners whose facts a plan asks for. */
export function ownersOf({ leaves }: Pick<Plan, 'leaves'>): readonly OwnerKind[] {
  const kinds = new Set<OwnerKind>()
  for (const leaf of leaves) {
    const isOfOthers = 'entity' in leaf && (leaf.entity === 'product' || leaf.entity === 'category')
    kinds.add(isOfOthers ? (leaf.entity as OwnerKind) : 'customer')
  }
  return [...kinds]
}

let made = 0

/**
 * Reads history into a table of its own, by one statement, from which parts are then read one after another, while others
 * have their turn at the warehouse between them.
 *
 * @param clock up to when facts are known
 */
export async function readHistory(
  warehouse: Warehouse,
  plan: Pick<Plan, 'leaves'>,
  store: StoreBasis,
  { position, clock }: { readonly position: number; readonly clock: Instant },
): Promise<History> {
  const needs = needsOf(plan)
  const owners = ownersOf(plan)
  made += 1
  const table = `history_${made}`
  const isNothing = needs.event === null && needs.line === null && needs.traits.length + needs.scores.length === 0
  if (!isNothing) await warehouse.run(`create temp table ${table} as ${historySql(needs, store)}`)
  const reading = { warehouse, table, needs, clock, columns: historyColumns(needs) }
  return {
    ...{ position, needs },
    parts: isNothing ? nothing() : partsOf(reading, owners),
    later: async () => (isNothing ? noRows : laterPart(reading)),
    latestKeys: async () => (isNothing ? [] : latestKeys(warehouse, table)),
    close: async () => {
      if (!isNothing) await warehouse.run(`drop table ${table}`)
    },
  }
}

/** A part of nobody. */
const noRows: HistoryPart = {
  ...{ of: 'customer', rows: 0, numbers: new Map(), lengths: new Map(), bytes: new Uint8Array() },
}

async function* nothing(): AsyncGenerator<HistoryPart> {}

interface Reading {
  readonly warehouse: Warehouse
  readonly table: string
  readonly needs: Needs
  readonly clock: Instant
  readonly columns: HistoryColumns
}

async function* partsOf(reading: Reading, owners: readonly OwnerKind[]): AsyncGenerator<HistoryPart> {
  const { warehouse, table, needs, clock } = reading
  for (const of of owners) {
    const ordered = await orderedTable(warehouse, orderedSql(table, of, needs, clock))
    try {
      const [count] = await warehouse.rows<{ rows: number }>(`select count(*) as rows from ${ordered}`)
      const first = (await warehouse.columns(firstPlacesSql(ordered))).numbers('place')
      for (const [from, until] of rangesOf(first, count!.rows))
        yield await readPart(reading, of, `${ordered} ${rangeSql(from, until)}`)
    } finally {
      await warehouse.run(`drop table ${ordered}`)
    }
  }
}

async function orderedTable(warehouse: Warehouse, sql: string): Promise<string> {
  made += 1
  const table = `history_in_order_${made}`
  await warehouse.run(`create temp table ${table} as ${sql}`)
  return table
}

/** Places of whole owners, of about so many rows each. */
function* rangesOf(first: Float64Array, end: number): Generator<readonly [from: number, until: number]> {
  let from = 0
  for (const place of first) {
    if (place - from < rowsAPart) continue
    yield [from, place]
    from = place
  }
  if (from < end) yield [from, end]
}

async function laterPart(reading: Reading): Promise<HistoryPart> {
  const ordered = await orderedTable(reading.warehouse, laterSql(reading.table, reading.clock))
  try {
    return await readPart(reading, 'customer', ordered)
  } finally {
    await reading.warehouse.run(`drop table ${ordered}`)
  }
}

async function readPart({ warehouse, columns }: Reading, of: OwnerKind, rows: string): Promise<HistoryPart> {
  const read = await warehouse.columns(partNumbersSql(rows, columns))
  const joined = await warehouse.blobs(partTextsSql(rows, columns))
  const numbers = (name: string): Float64Array<ArrayBuffer> => read.numbers(name) as Float64Array<ArrayBuffer>
  return {
    ...{ of, rows: read.rows, bytes: joined.get('bytes')! },
    numbers: new Map(columns.numbers.map((name) => [name, numbers(name)])),
    lengths: new Map(columns.texts.map((name) => [name, numbers(lengthColumn(name))])),
  }
}

async function latestKeys(warehouse: Warehouse, table: string): Promise<readonly FactKey[]> {
  const found: FactKey[] = []
  for (const kind of ['event', 'line'] as const) {
    const keys = await warehouse.columns(latestKeysSql(table, kind, 2 * recentKeysMin))
    const [high, low] = [keys.keys('high'), keys.keys('low')]
    for (let row = keys.rows - 1; row >= 0; row -= 1)
      found.push({ kind, key: (BigInt(high[row]!) << 64n) | BigInt(low[row]!) })
  }
  return found
}
