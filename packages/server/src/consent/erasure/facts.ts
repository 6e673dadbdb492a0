import type { Instant } from '../../base/index.ts'
import { duckdbDialect, readQueries, type Warehouse } from '../../warehouse/index.ts'
import type { PersonalData } from './kept-of-person.ts'
import { emailKey, type Person, phoneKey, receivedIdsOfPerson, valuesOf } from './person.ts'

const query = readQueries(new URL('./facts.sql', import.meta.url))
const { identifier } = duckdbDialect

/** A model of which nobody can say that it would be the same without the customer. */
export interface TrainedModel {
  readonly modelId: string
  readonly purpose: string
  readonly kind: string
  readonly version: number
  readonly asOf: Instant
}

/** Whether the warehouse has anything of these ids. */
export async function isKnown(warehouse: Warehouse, receivedIds: readonly string[]): Promise<boolean> {
  const [row] = await warehouse.rows<{ is_known: unknown }>(query('is_known'), { ids: JSON.stringify(receivedIds) })
  return Boolean(row!.is_known)
}

/** The keys of addresses and numbers that these ids gave as theirs, and of devices that they were seen on, and nobody else. */
export async function addressKeysOf(warehouse: Warehouse, receivedIds: readonly string[]): Promise<string[]> {
  const rows = await addressesOf(warehouse, receivedIds)
  return rows.flatMap(({ kind, value }) => {
    if (kind === 'email') return [emailKey(value)]
    if (kind === 'device') return [`device:${value}`]
    const key = phoneKey(value)
    return key === undefined ? [] : [key]
  })
}

const addressesOf = (warehouse: Warehouse, receivedIds: readonly string[]) =>
  warehouse.rows<{ kind: 'email' | 'phone' | 'device'; value: string }>(query('addresses'), {
    ids: JSON.stringify(receivedIds),
  })

/** The models that were trained on data with this customer among them, as far as can be told: all since the first of it. */
export const modelsTrainedWith = (warehouse: Warehouse, person: Person): Promise<TrainedModel[]> =>
  warehouse.rows<TrainedModel>(query('models'), { ids: JSON.stringify(receivedIdsOfPerson(person)) })

/** What the warehouse has of a person: events, orders, and every table with a column that names a customer. */
export function facts(warehouse: Warehouse): PersonalData {
  return {
    name: 'facts',
    export: (person) => warehouse.transaction(() => exportFacts(warehouse, person)),
    erase: (person, until) => warehouse.transaction(() => eraseFacts(warehouse, person, until)),
  }
}

async function exportFacts(warehouse: Warehouse, person: Person): Promise<object> {
  const ids = JSON.stringify(receivedIdsOfPerson(person))
  const [profile] = await documents(warehouse, query('their_profile'), { id: person.customerId })
  await findQuarantined(warehouse, person, Number.MAX_SAFE_INTEGER / 1e6)
  const found: Record<string, unknown[]> = {
    events: await documents(warehouse, query('their_events'), { ids }),
    order_lines: await documents(warehouse, query('their_order_lines'), { ids }),
    quarantine: await documents(warehouse, query('their_quarantine'), {}),
  }
  await warehouse.run(query('forget_quarantined'))
  for (const { table, column } of await tablesOfCustomers(warehouse)) {
    const sql = `select to_json(theirs) as document from (
      select * from ${identifier(table)} where ${identifier(column)} in (select unnest(from_json($ids, '["varchar"]')))
    ) as theirs`
    const rows = await documents(warehouse, sql, { ids })
    if (rows.length > 0) found[table] = rows
  }
  return { profile: profile ?? null, ...found }
}

async function documents(
  warehouse: Warehouse,
  sql: string,
  parameters: Record<string, string>,
): Promise<Record<string, unknown>[]> {
  const columns = await warehouse.columns(sql, parameters)
  return columns.keys('document').map((text) => withNested(JSON.parse(text) as Record<string, unknown>))
}

/** Columns that hold JSON are shown as what they hold. */
function withNested(row: Record<string, unknown>): Record<string, unknown> {
  for (const name of ['properties', 'context', 'traits', 'raw', 'reasons']) {
    const value = row[name]
    if (typeof value !== 'string') continue
    try {
      row[name] = JSON.parse(value)
    } catch {
      // A record that could not be taken apart is shown as it came.
    }
  }
  return row
}

interface CustomerTable {
  readonly table: string
  readonly column: string
  readonly hasBatch: unknown
}

const tablesOfCustomers = (warehouse: Warehouse): Promise<CustomerTable[]> =>
  warehouse.rows<CustomerTable>(query('tables_of_customers'))

async function eraseFacts(warehouse: Warehouse, person: Person, until: Instant): Promise<Record<string, number>> {
  const ids = JSON.stringify(receivedIdsOfPerson(person))
  const moment = { until: { instant: until } }
  const removed: Record<string, number> = {}
  const remove = async (name: string, sql: string, parameters: Parameters<Warehouse['rows']>[1]): Promise<void> => {
    const [row] = await warehouse.rows<{ Count: number }>(sql, parameters)
    removed[name] = (removed[name] ?? 0) + row!.Count
  }
  await findQuarantined(warehouse, person, until)
  await remove('quarantine', query('erase_quarantine'), {})
  await warehouse.run(query('forget_quarantined'))
  const devices = JSON.stringify(valuesOf(person, 'device'))
  await remove('events', query('erase_events'), { ids, devices, ...moment })
  await remove('order_lines', query('erase_order_lines'), { ids, ...moment })
  await warehouse.run(query('forget_left_out_lines'))
  for (const { table, column, hasBatch } of await tablesOfCustomers(warehouse)) {
    const isIn = `${identifier(column)} in (select unnest(from_json($ids, '["varchar"]')))`
    const isThen = hasBatch ? 'and batch_id not in (select batch_id from batches where imported_at > $until)' : ''
    await remove(table, `delete from ${identifier(table)} where ${isIn} ${isThen}`, {
      ids,
      ...(hasBatch ? moment : {}),
    })
  }
  const pattern = patternOf(person)
  if (pattern !== undefined) await remove('mentions', query('mentions'), { pattern })
  return removed
}

/** Leaves their places in a temporary table. */
async function findQuarantined(warehouse: Warehouse, person: Person, until: Instant): Promise<void> {
  const received = receivedIdsOfPerson(person)
  await warehouse.run(query('find_quarantined'), {
    ids: JSON.stringify(received),
    pattern: patternOf(person) ?? '',
    long_ids: JSON.stringify(received.filter(isTelling)),
    until: { instant: until },
  })
}

/** An id that is no common word or number by chance. */
const isTelling = (id: string): boolean => id.length >= 8 && /\d/.test(id) && !/^\d+$/.test(id)

/** A regular expression for the person's addresses and numbers, these however they are spaced; undefined without any. */
function patternOf(person: Person): string | undefined {
  const emails = valuesOf(person, 'email').map(literal)
  const phones = valuesOf(person, 'phone').map((phone) => `\\b${[...phone.replace('+', '')].join('[ ()./-]*')}\\b`)
  const all = [...emails, ...phones]
  return all.length === 0 ? undefined : `(${all.join('|')})`
}

/** Letters and digits stand for themselves, everything else is given by its number. */
const literal = (text: string): string =>
  [...text].map((one) => (/[\p{L}\p{N}]/u.test(one) ? one : `\\x{${one.codePointAt(0)!.toString(16)}}`)).join('')
