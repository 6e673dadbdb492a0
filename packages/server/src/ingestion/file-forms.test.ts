import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { importFiles } from './index.ts'

let folder: string
let warehouse: Warehouse

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-forms-'))
  warehouse = await openWarehouse(join(folder, 'store'))
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const take = (content: string | Buffer, more: object = {}, work: object = {}) => {
  const path = join(folder, 'orders.csv')
  writeFileSync(path, content)
  return importFiles(warehouse, { kind: 'orders', files: [path], currency: 'EUR', ...more }, work)
}

const table = (delimiter: string): string =>
  [
    ['order_id', 'order_date', 'description', 'quantity', 'unit_price'],
    ['1', '2020-01-02', 'Café crème', '2', '3.50'],
    ['2', '2020-01-03', 'Groß & klein', '1', '1.25'],
  ]
    .map((cells) => cells.join(delimiter))
    .join('\n')

const wanted = [
  { order_id: '1', description: 'Café crème', amount_micros: 7_000_000 },
  { order_id: '2', description: 'Groß & klein', amount_micros: 1_250_000 },
]
const held = () => warehouse.rows('select order_id, description, amount_micros from order_lines order by order_id')

test.each<[string, string | Buffer]>([
  ['pipes', table('|')],
  ['tabs', table('\t')],
  ['semicolons and decimal commas', table(';').replace('3.50', '3,50').replace('1.25', '1,25')],
  ['Latin-1', Buffer.from(table(','), 'latin1')],
  ['UTF-8 with a mark', `\ufeff${table(',')}`],
  ['UTF-16, little end first', Buffer.from(`\ufeff${table(',')}`, 'utf16le')],
  ['UTF-16, big end first', Buffer.from(`\ufeff${table(',')}`, 'utf16le').swap16()],
  [
    'JSON Lines',
    wanted
      .map((row, at) =>
        JSON.stringify({
          order_id: row.order_id,
          order_date: `2020-01-0${at + 2}`,
          description: row.description,
          quantity: at === 0 ? 2 : 1,
          unit_price: at === 0 ? 3.5 : 1.25,
        }),
      )
      .join('\n'),
  ],
])('a file with %s reads as any other', async (_, content) => {
  expect(await take(content)).toMatchObject({ read: 2, accepted: 2, quarantined: 0 })
  expect(await held()).toEqual(wanted)
})

test('a file that changes while it is read is refused', async () => {
  const onProgress = ({ stage }: { stage: string }): void => {
    if (stage.startsWith('read ')) appendFileSync(join(folder, 'orders.csv'), '\n3,2020-01-04,Late,1,9.99\n')
  }
  await expect(take(table(','), {}, { onProgress })).rejects.toMatchObject({ code: 'ingestion.changed' })
  expect(await held()).toEqual([])
})

// Berlin is UTC+1 in winter and UTC+2 in summer; on 2020-10-25 its clocks went back at 01:00 UTC.
test.each([
  ['2020-01-15 12:00:00', 'Europe/Berlin', '2020-01-15T11:00:00.000Z'],
  ['2020-07-15 12:00:00', 'Europe/Berlin', '2020-07-15T10:00:00.000Z'],
  ['2020-10-25 01:30:00', 'Europe/Berlin', '2020-10-24T23:30:00.000Z'],
  ['2020-10-25 04:30:00', 'Europe/Berlin', '2020-10-25T03:30:00.000Z'],
  ['2020-07-15T12:00:00+05:30', 'Europe/Berlin', '2020-07-15T06:30:00.000Z'],
  ['1594814400', 'Europe/Berlin', '2020-07-15T12:00:00.000Z'],
  ['1594814400000', 'Europe/Berlin', '2020-07-15T12:00:00.000Z'],
  ['44027.5', 'UTC', '2020-07-15T12:00:00.000Z'],
])('%s in %s is %s', async (written, timezone, moment) => {
  const map = { order_id: 'id', occurred_at: 'at', amount: 'total' }
  await take(`id,at,total\n1,${written},5.50\n`, { timezone, map })
  expect(await warehouse.rows('select occurred_at from order_lines')).toEqual([{ occurred_at: Date.parse(moment) }])
})

test('discount, tax, shipping, refund and unit cost are kept exactly; an empty one is not known', async () => {
  const names = 'order_id,order_date,quantity,unit_price,discount,tax,shipping,refund,unit_cost'
  await take(`${names}\n1,2020-01-02,1,10.00,0.105,1.90,4.95,2.000001,6.50\n2,2020-01-02,1,10.00,,0,,,\n`)
  const rows = await warehouse.rows(
    `select discount_micros as discount, tax_micros as tax, shipping_micros as shipping, refund_micros as refund,
      unit_cost_micros as cost from order_lines order by order_id`,
  )
  expect(rows).toEqual([
    { discount: 105_000, tax: 1_900_000, shipping: 4_950_000, refund: 2_000_001, cost: 6_500_000 },
    { discount: null, tax: 0, shipping: null, refund: null, cost: null },
  ])
})

test('an order whose status says it was taken back is a cancellation', async () => {
  const states = ['completed', 'Cancelled', 'storniert', 'remboursé', 'shipped']
  const lines = states.map((state, at) => `${at},2020-01-02,1,10.00,${state}`)
  await take(`order_id,order_date,quantity,unit_price,status\n${lines.join('\n')}\n`)
  const rows = await warehouse.rows<{ kind: string }>('select kind from order_lines order by order_id')
  expect(rows.map(({ kind }) => kind)).toEqual(['sale', 'cancellation', 'cancellation', 'cancellation', 'sale'])
})
