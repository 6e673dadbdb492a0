import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ErasureList } from '../consent/index.ts'
import { openWarehouse } from '../warehouse/index.ts'
import { importFiles } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-refuse-erased-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, lines: readonly string[]): string => {
  const path = join(folder, name)
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

test('records of who was erased are refused, bad ones and consents too; what happened later is taken', async () => {
  const warehouse = await openWarehouse(join(folder, 'store'))
  new ErasureList(warehouse.folder).add({ erasureId: 'e', at: Date.UTC(2026, 5, 1), isSuppressed: false }, [
    'user:ann',
    'email:ann@shop.example',
  ])
  const orders = file('orders.csv', [
    'order_id,customer_id,order_date,product_id,quantity,price',
    '1,ann,2026-05-01,p,1,2.00',
    '2,ann,2026-07-01,p,1,2.00',
    '3,ann,never,p,1,2.00',
    '4,bob,2026-05-01,p,1,2.00',
    '5,bob,never,p,1,2.00',
  ])
  expect(await importFiles(warehouse, { kind: 'orders', files: [orders], currency: 'EUR' })).toMatchObject({
    ...{ read: 5, accepted: 2, duplicates: 0, quarantined: 1, refused: 2 },
  })
  const customers = file('customers.csv', [
    'customer_id,email',
    'ann,else@shop.example',
    'other,Ann@shop.example',
    'bob,bob@shop.example',
  ])
  expect(await importFiles(warehouse, { kind: 'customers', files: [customers], basis: 'consent' })).toMatchObject({
    read: 3,
    accepted: 1,
    refused: 2,
    contactable: { customers: 1 },
  })
  const held = 'select customer_id as id from customers union select customer_id from consents order by id'
  expect(await warehouse.rows(held)).toEqual([{ id: 'bob' }])
  expect(await warehouse.rows('select order_id as id from order_lines order by id')).toEqual([{ id: '2' }, { id: '4' }])
  await warehouse.close()
})
