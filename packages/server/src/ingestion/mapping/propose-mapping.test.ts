import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FileReader } from '../../warehouse/index.ts'
import { proposeMapping } from './propose-mapping.ts'

let folder: string
let reader: FileReader

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-mapping-'))
  reader = await FileReader.open(folder)
})

afterEach(() => {
  reader.close()
  rmSync(folder, { recursive: true })
})

/** Order lines of 200 records: what is in each column, as SQL over `i`. */
const values = {
  order_id: `'5' || (10000 + i // 3)`,
  customer_id: `(13000 + i % 40) || '.0'`,
  occurred_at: `strftime(date '2021-01-05' + (i // 3)::integer, '%d/%m/%Y') || ' 10:15'`,
  product_id: `(20000 + i * 7 % 91) || case when i % 5 = 0 then 'A' else '' end`,
  description: `'LAMP ' || (i * 7 % 91) || ' RED'`,
  quantity: `1 + i % 12`,
  unit_price: `(i % 9) || ',' || (10 + i % 80)`,
  country: `case when i % 4 = 0 then 'France' else 'Spain' end`,
} as const

type Target = keyof typeof values

async function propose(names: Partial<Record<Target, string>>, kind: 'orders' | 'customers' = 'orders') {
  const columns = Object.keys(names).map((target, index) => `(${values[target as Target]})::varchar as c${index}`)
  await reader.run(
    `create table source as select 0 as file_index, i + 1 as row_number, ${columns.join(', ')} from range(200) r(i)`,
  )
  return proposeMapping(reader, kind, Object.values(names))
}

const english = ['inv_no', 'custNo', 'invoice_ts', 'item_sku', 'ItemName', 'QTY', 'price_each', 'Ship Country']
const targets = Object.keys(values) as Target[]
const languages: readonly (readonly string[])[] = [
  english,
  [
    'Rechnungs-Nr.',
    'Kunden-Nr.',
    'Rechnungsdatum',
    'Art.-Nr.',
    'Artikelbezeichnung',
    'Menge',
    'Einzelpreis (€)',
    'Land',
  ],
  ['N° de facture', 'N° client', 'Date de facture', 'Code article', 'Désignation', 'Quantité', 'Prix unitaire', 'Pays'],
  ['Nº Factura', 'Cliente', 'Fecha', 'Referencia', 'Descripción', 'Cantidad', 'Precio', 'País'],
  [
    'Numero fattura',
    'Codice cliente',
    'Data fattura',
    'Codice articolo',
    'Descrizione',
    'Quantità',
    'Prezzo unitario',
    'Paese',
  ],
]

test.each(languages)('names like %s are understood, in any order of columns', async (...names) => {
  const shuffled = targets.map((_, index) => targets[(index * 3 + 5) % targets.length]!)
  const proposal = await propose(
    Object.fromEntries(shuffled.map((target) => [target, names[targets.indexOf(target)]!])),
  )
  expect(proposal.questions).toEqual([])
  expect(Object.fromEntries(proposal.columns.map(({ target, source }) => [target, source]))).toEqual(
    Object.fromEntries(targets.map((target, index) => [target, names[index]])),
  )
})

test('names that say nothing are asked about, and nothing is taken for certain', async () => {
  const proposal = await propose(Object.fromEntries(targets.map((target, index) => [target, `column ${index}`])))
  expect(proposal.confidence).toBeLessThan(0.5)
  expect(proposal.questions.join(' ')).toContain('occurred_at')
  expect(proposal.questions.length).toBeGreaterThan(1)
})

test('a count beside a price that is not called a quantity is asked about', async () => {
  const proposal = await propose({ order_id: 'order', occurred_at: 'date', unit_price: 'price', quantity: 'x1' })
  expect(proposal.questions).toEqual([expect.stringContaining('is x1 (')])
})

test('two columns of one meaning are asked about', async () => {
  const proposal = await propose({ order_id: 'order', occurred_at: 'date', unit_price: 'total', quantity: 'revenue' })
  expect(proposal.questions).toEqual([expect.stringContaining('which of total, revenue is amount')])
})

test('a name does not win against the values: text is no price', async () => {
  const proposal = await propose({ order_id: 'order', occurred_at: 'date', description: 'price' })
  expect(proposal.columns.map(({ target }) => target)).not.toContain('unit_price')
  expect(proposal.questions.join(' ')).toContain('its values do not look like it')
})

test('where nothing else names the customer, email addresses do; of two columns of them, one is asked for', async () => {
  const email = `'c' || (i % 40) || '@shop.example'`
  const columns = (names: readonly string[]) =>
    reader.run(
      `create or replace table source as select 0 as file_index, i + 1 as row_number,
        ${values.order_id} as c0, ${values.occurred_at} as c1, ${values.unit_price} as c2, ${email} as c3
        ${names.length > 1 ? `, ${names[1] === 'Customer no' ? values.customer_id : email} as c4` : ''} from range(200) r(i)`,
    )
  const customerOf = async (...names: string[]) => {
    await columns(names)
    const { columns: mapped, questions } = await proposeMapping(reader, 'orders', ['order', 'date', 'price', ...names])
    return [mapped.find(({ target }) => target === 'customer_id')?.source, questions.length]
  }
  expect(await customerOf('Contact')).toEqual(['Contact', 0])
  expect(await customerOf('Buyer Email', 'Customer no')).toEqual(['Customer no', 0])
  expect(await customerOf('Buyer Email', 'Gift email')).toEqual(['Buyer Email', 1])
})

test('consent to one channel is not consent to all', async () => {
  await reader.run(`create table source as select 0 as file_index, i + 1 as row_number, ${values.customer_id} as c0,
    case when i % 2 = 0 then 'yes' else 'no' end as c1 from range(40) r(i)`)
  const { columns, questions } = await proposeMapping(reader, 'customers', ['Customer ID', 'Accepts SMS Marketing'])
  expect(columns.map(({ target }) => target)).toEqual(['customer_id'])
  expect(questions).toEqual([])
})
