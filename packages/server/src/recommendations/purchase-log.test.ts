import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { profileEverybody } from '../consent/everybody-profiled.contract.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { customerOf, plantedEnd, shopOfTastes, storeOrders } from './planted-orders.contract.ts'
import { type PurchaseLog, readPurchaseLog } from './purchase-log.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-purchase-log-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Each customer's purchases in words, so that numbers do not show. */
const purchasesOf = ({ customerIds, products, customer, product, at }: PurchaseLog): string[] =>
  Array.from(at, (moment, row) => `${customerIds[customer[row]!]} ${products.ids[product[row]!]} ${moment}`)

test('who is erased while the log is read moves nobody else’s purchases', async () => {
  const warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
  await storeOrders(warehouse, shopOfTastes(40, 20, 1))
  const before = (await readPurchaseLog(warehouse, plantedEnd))!
  const first = customerOf(0)
  // A call from outside, as a request's is: it waits for what must be read as of one moment.
  let begin = (): void => undefined
  const erased = new Promise<void>((resolve) => {
    begin = resolve
  }).then(() => warehouse.run('delete from order_lines where customer_id = $first', { first }))
  const store = new Proxy(warehouse, {
    get: (whole, name: keyof Warehouse) => {
      const own = whole[name]
      if (name !== 'columns') return typeof own === 'function' ? (own as () => void).bind(whole) : own
      return async (...asked: Parameters<Warehouse['columns']>) => {
        const found = await whole.columns(...asked)
        begin()
        await new Promise((wait) => setTimeout(wait, 50))
        return found
      }
    },
  })
  const read = (await readPurchaseLog(store, plantedEnd))!
  expect(purchasesOf(read)).toEqual(purchasesOf(before))
  await erased
  const after = (await readPurchaseLog(warehouse, plantedEnd))!
  expect(purchasesOf(after)).toEqual(purchasesOf(before).filter((words) => !words.startsWith(`${first} `)))
  await warehouse.close()
})
