import { readQueries, type Warehouse, withStaged } from '../../warehouse/index.ts'
import { duckdbFeatureDialect as dialect } from '../feature-dialect.ts'

const query = readQueries(new URL('./live.sql', import.meta.url))

/** One of so many parts of the customers, the same as `readDefined` takes. Default: all. */
interface CustomerShare {
  readonly share?: { readonly index: number; readonly of: number } | undefined
}

/**
 * Everybody who is known to the store and may be profiled, whatever it was that made them known: also those of whom no
 * feature remembers anything.
 *
 * @param among ids of customers to look among. Default: all
 */
export async function storeCustomers(
  warehouse: Warehouse,
  { among, share }: CustomerShare & { readonly among?: readonly string[] | undefined } = {},
): Promise<readonly string[]> {
  const sql = `${query('store_customers').replace('{on_file}', query('on_file'))} ${inShare('where', share)}`
  const read = async (condition: string) =>
    (await warehouse.columns(sql.replaceAll('{among}', condition))).keys('customer_id')
  return among === undefined
    ? read('true')
    : staged(warehouse, among, (table) => read(`customer_id in (select id from ${table})`))
}

/**
 * Of everybody those who may have become known since the log came to a place, where nothing else brought anything since. It
 * takes no longer where the log is long.
 */
export async function storeCustomersSince(warehouse: Warehouse, position: number): Promise<readonly string[]> {
  const sql = query('customers_since').replace('{on_file}', query('on_file'))
  return (await warehouse.columns(sql, { position })).keys('customer_id')
}

/**
 * Those of some customers who are known by an identity, a consent or a region and may be profiled. It takes no longer where
 * the log is long, so it can be asked whenever identities or consents change.
 */
export async function customersOnFile(warehouse: Warehouse, among: readonly string[]): Promise<readonly string[]> {
  return staged(warehouse, among, async (table) => {
    const sql = `${query('on_file')} and customer_id in (select id from ${table})`
    return (await warehouse.columns(sql)).keys('customer_id')
  })
}

/**
 * The customers whom ids name by now, of those who may be profiled; whether anything else is known of them is not asked.
 *
 * @returns by the id
 */
export async function customersNamed(
  warehouse: Warehouse,
  ids: readonly string[],
  { share }: CustomerShare = {},
): Promise<ReadonlyMap<string, string>> {
  return staged(warehouse, ids, async (table) => {
    const sql = `${query('customers_named').replaceAll('{table}', table)} ${inShare('and', share)}`
    const columns = await warehouse.columns(sql)
    const customers = columns.keys('customer_id')
    return new Map(columns.keys('id').map((id, row) => [id, customers[row]!]))
  })
}

const inShare = (word: 'where' | 'and', share: CustomerShare['share']): string =>
  share === undefined ? '' : `${word} ${dialect.shareOf(['customer_id'], share.of)} = ${share.index}`

const staged = <Result>(
  warehouse: Warehouse,
  ids: readonly string[],
  read: (table: string) => Promise<Result>,
): Promise<Result> => withStaged(warehouse, { id: [...new Set(ids)] }, read)
