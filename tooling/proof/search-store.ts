import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openState } from '../../packages/server/src/state/index.ts'
import { openWarehouse } from '../../packages/server/src/warehouse/index.ts'

/** Where a text was found: `warehouse events.properties`, `state consents.customer_id`, `file report.html`; with how often. */
export type Found = Readonly<Record<string, number>>

/**
 * Looks for `text` in every column of every table of both stores, decoded, and among the bytes of every file in the store's
 * folder. Nothing may have the store open.
 *
 * @param stateUrl where the state is, unless in that folder
 */
export async function searchStore(store: string, text: string, stateUrl?: string): Promise<Found> {
  const found: Record<string, number> = {}
  const note = (where: string, n: number): void => {
    if (n > 0) found[where] = n
  }
  // Files first: to open a store may write it.
  for (const file of filesUnder(store)) {
    note(`file ${file.slice(store.length + 1)}`, countIn(readFileSync(file), text))
  }
  const warehouse = await openWarehouse(store)
  const columns = await warehouse.rows<{ table: string; column: string }>(
    `select table_name as "table", column_name as "column" from duckdb_columns() where not internal
    and table_name in (select table_name from duckdb_tables())`,
  )
  for (const { table, column } of columns) {
    const [row] = await warehouse.rows<{ n: number }>(
      `select count(*) as n from "${table}" where contains("${column}"::varchar, $text)`,
      { text },
    )
    note(`warehouse ${table}.${column}`, row!.n)
  }
  await warehouse.close()
  const state = await openState(store, stateUrl)
  for (const { name } of await state.queries.introspection.getTables()) {
    const rows: Record<string, unknown>[] = await state.queries
      .selectFrom(name as never)
      .selectAll()
      .execute()
    for (const row of rows) {
      for (const [column, value] of Object.entries(row)) {
        const where = `state ${name}.${column}`
        if (String(value).includes(text)) found[where] = (found[where] ?? 0) + 1
      }
    }
  }
  await state.close()
  return found
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    const at = statSync(path)
    return at.isDirectory() ? filesUnder(path) : at.isFile() ? [path] : []
  })
}

function countIn(bytes: Buffer, text: string): number {
  let n = 0
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) n += 1
  return n
}
