import { newId } from '../base/index.ts'
import { duckdbDialect, readQueries, type Warehouse } from '../warehouse/index.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))
const { identifier } = duckdbDialect

/**
 * Takes a person out of the stored analyses: entries of lists that are about them go, and in texts their ids, addresses and
 * orders. Before the events are erased: those say which orders are theirs.
 * Numbers over everybody stay as they were counted. An analysis that runs meanwhile takes them out of its own when it ends.
 *
 * @param names ids and addresses
 * @returns how many analyses named them
 */
export async function eraseFromAnalyses(warehouse: Warehouse, names: readonly string[]): Promise<number> {
  return warehouse.transaction(async () => {
    const orders = await warehouse.rows<{ id: string }>(query('orders_of'), { ids: JSON.stringify(names) })
    const all = new Set([...names, ...orders.map(({ id }) => id)])
    for (const { table } of await warehouse.rows<{ table: string }>(query('lists_of_taken_out'))) {
      await warehouse.run(`insert into ${identifier(table)} select unnest(from_json($names, '["varchar"]'))`, {
        names: JSON.stringify([...all]),
      })
    }
    const rows = await warehouse.rows<{ id: number; document: string }>(query('analyses'))
    let changed = 0
    for (const { id, document } of rows) {
      const without = JSON.stringify(withoutPerson(JSON.parse(document), all))
      if (without === document) continue
      await warehouse.run(query('replace_analysis'), { id, document: without })
      changed += 1
    }
    return changed
  })
}

/** The names that are taken out of the stored analyses while one runs, which has read of them. */
export interface TakenOut {
  /** So far. */
  names(): Promise<ReadonlySet<string>>
  /** No more are noted. */
  end(): Promise<void>
}

/** Has names noted that are taken out from now on: in a temporary table, as analyses run in threads of their own. */
export async function noteTakenOut(warehouse: Warehouse): Promise<TakenOut> {
  const list = identifier(newId('taken_out'))
  await warehouse.run(`create temp table ${list} (name varchar not null)`)
  return {
    names: async () =>
      new Set((await warehouse.columns(`select distinct name from ${list} order by name`)).keys('name')),
    end: () => warehouse.run(`drop table if exists ${list}`),
  }
}

/** The same document without entries of lists that are about the person, and with their names in texts made unreadable. */
export function withoutPerson(value: unknown, names: ReadonlySet<string>): unknown {
  if (typeof value === 'string') return names.has(value) ? '[erased]' : withoutNames(value, names)
  if (Array.isArray(value)) {
    return value.filter((entry) => !isAbout(entry, names)).map((entry) => withoutPerson(entry, names))
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutPerson(inner, names)]))
}

const isAbout = (entry: unknown, names: ReadonlySet<string>): boolean => {
  const id = (entry as { customerId?: unknown } | null)?.customerId
  return typeof id === 'string' && names.has(id)
}

/** A number or a short word stands in texts by chance. */
const isTelling = (name: string): boolean => name.includes('@') || (name.length >= 6 && /[^\d.,]/.test(name))

function withoutNames(text: string, names: ReadonlySet<string>): string {
  let result = text
  for (const name of names) if (isTelling(name)) result = result.replaceAll(name, '[erased]')
  return result
}
