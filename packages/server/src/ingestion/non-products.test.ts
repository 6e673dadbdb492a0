import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { importFiles } from './index.ts'

let folder: string
let warehouse: Warehouse

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-non-products-'))
  warehouse = await openWarehouse(join(folder, 'store'))
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

type Line = readonly [code: string, description: string, price: number]

/** @returns the codes that are no products, each with its rule */
async function judge(lines: readonly Line[]): Promise<Record<string, string>> {
  const rows = lines.map(([code, description, price], at) => `${at},2020-01-01,${code},"${description}",1,${price}`)
  const path = join(folder, 'orders.csv')
  writeFileSync(path, `order_id,order_date,sku,description,quantity,unit_price\n${rows.join('\n')}\n`)
  await importFiles(warehouse, { kind: 'orders', files: [path], currency: 'EUR' })
  const found = await warehouse.rows<{ product_id: string; rule: string }>('select product_id, rule from non_products')
  return Object.fromEntries(found.map(({ product_id: code, rule }) => [code, rule]))
}

const goods: Line[] = Array.from({ length: 400 }, (_, at) => [`${1000 + (at % 20)}`, `LAMP ${at % 20}`, 10 + (at % 20)])

test.each([
  ['Postage', 'postage'],
  ['DOTCOM POSTAGE', 'postage'],
  ['Carriage', 'postage'],
  ['Versandkosten', 'postage'],
  ['Frais de port', 'postage'],
  ['Gastos de envío', 'postage'],
  ['Spese di spedizione', 'postage'],
  ['Bank Charges', 'fee'],
  ['Bearbeitungsgebühr', 'fee'],
  ['Adjustment by Ann on 26/01/2010', 'manual correction'],
  ['Korrektur', 'manual correction'],
  ['Summer discount 10%', 'discount'],
  ['Rabatt 10%', 'discount'],
  ['Samples', 'sample'],
  ['Shop gift voucher 20.00', 'gift voucher'],
  ['Gutschein', 'gift voucher'],
  ['Gift card 50', 'gift voucher'],
  ['This is a test product.', 'test'],
])('%s is %s', async (description, rule) => {
  expect((await judge([...goods, ['77', description, 5]]))['77']).toBe(rule)
})

test.each([
  'WHITE BAROQUE CARRIAGE CLOCK',
  'OCCASIONS GIFT CARD ASSORTMENT',
  'PORTO RUBY 75 CL',
  'PREGNANCY TEST',
  'PAPER SAMPLES BOX',
  'MANUAL COFFEE GRINDER',
  'COMMISSION OAK TABLE LAMP',
])('%s is a product', async (description) => {
  expect(await judge([...goods, ['77', description, 5]])).toEqual({})
})

test('most lines of a code decide, whichever description comes first', async () => {
  const named: Line[] = Array.from({ length: 5 }, () => ['77', 'GLASS LAMP', 5])
  const posted: Line[] = Array.from({ length: 5 }, () => ['78', 'POSTAGE', 5])
  expect(
    await judge([...goods, ['77', 'postage', 5], ...named, ['77', '', 0], ...posted, ['78', 'damaged', 0]]),
  ).toEqual({
    78: 'postage',
  })
})

test('a code without digits is a charge when its amount varies, and a product when it has a price', async () => {
  const charge: Line[] = Array.from({ length: 6 }, (_, at) => ['XTRA', 'Something', 5 + at * 1.37])
  const pads: Line[] = Array.from({ length: 15 }, () => ['PADS', 'PADS TO MATCH ALL CUSHIONS', 0.001])
  expect(await judge([...goods, ...charge, ...pads, ['RARE', '', 0], ['ONCE', 'Odd one', 3]])).toEqual({
    XTRA: 'code without digits',
  })
})

test('a shop whose codes are words is not judged by their shape', async () => {
  const lines: Line[] = Array.from({ length: 60 }, (_, at) => [['LAMP', 'TABLE', 'CHAIR'][at % 3]!, 'A thing', 1 + at])
  expect(await judge(lines)).toEqual({})
})
