import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RapportError } from '@rapport/numerics'
import { type ImportKind, type ImportSummary, importFiles } from '../../packages/server/src/ingestion/index.ts'
import { openWarehouse, type Warehouse } from '../../packages/server/src/warehouse/index.ts'
import { dataPath } from '../test-data.ts'
import { readTable, writeCopy, writeParquetCopy } from './mapping-copies.ts'
import { count, type Measured, needsData, prove } from './record.ts'

// Nothing is said about any file but its kind and, where no column holds it, its currency.

type Mapping = Readonly<Record<string, string>>

interface Imported {
  readonly summary: ImportSummary
  readonly warehouse: Warehouse
}

async function inNewStore<Result>(use: (folder: string, warehouse: Warehouse) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-proof-'))
  try {
    const warehouse = await openWarehouse(join(folder, 'store'))
    try {
      return await use(folder, warehouse)
    } finally {
      await warehouse.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const inWordsOf = (mapping: Mapping): string =>
  Object.entries(mapping)
    .map(([target, source]) => `${target} ← ${source}`)
    .join(', ')

/** The mapping that was taken beside the one that is right; anything else than exactly that is a miss. */
function compare(summary: ImportSummary, right: Mapping, more: { figure: string; isMet: boolean }): Measured {
  const sorted = (mapping: Mapping): string => inWordsOf(Object.fromEntries(Object.entries(mapping).sort()))
  const isRight = sorted(summary.mapping) === sorted(right)
  const { read, accepted, quarantined } = summary
  return {
    figure: `${isRight ? 'right' : `wrong (right: ${inWordsOf(right)})`}: ${inWordsOf(summary.mapping)}; read ${count(read)}, accepted ${count(accepted)}, quarantined ${count(quarantined)}; ${more.figure}`,
    isMet: isRight && quarantined === 0 && more.isMet,
  }
}

interface Trial {
  readonly kind: ImportKind
  readonly right: Mapping
  readonly currency?: string
  /** Puts the file into `folder` and tells its path. */
  readonly put: (folder: string) => string | Promise<string>
  /** What else must hold once the file is in, from the store itself. */
  readonly check: (imported: Imported) => Promise<{ figure: string; isMet: boolean }>
}

const tryMapping = ({ kind, right, currency, put, check }: Trial): Promise<Measured> =>
  inNewStore(async (folder, warehouse) => {
    const request = { kind, files: [await put(folder)], ...(currency ? { currency } : {}) }
    const summary = await importFiles(warehouse, request).catch((error: unknown) => error)
    if (summary instanceof RapportError) return { figure: `not taken without help: ${summary.message}`, isMet: false }
    if (summary instanceof Error) throw summary
    const imported = { summary: summary as ImportSummary, warehouse }
    return compare(imported.summary, right, await check(imported))
  })

/** Compares one number of the store with what it must be. */
const numberOf =
  (words: string, sql: string, expected: number) =>
  async ({ warehouse }: Imported): Promise<{ figure: string; isMet: boolean }> => {
    const [row] = await warehouse.rows<{ n: number }>(`select (${sql}) as n`)
    return { figure: `${words} ${count(row!.n)}`, isMet: row!.n === expected }
  }

const retail = dataPath('online_retail_ii_2009', 'online_retail_II_2009_2010.parquet')
const retailAmount = numberOf(
  'sum of amounts in micros',
  'select sum(amount_micros)::bigint from order_lines',
  9_539_484_634_000,
)

prove({
  name: 'mapping-retail',
  claim: 'online_retail_ii_2009: right without help',
  cannot: needsData,
  measure: () =>
    tryMapping({
      kind: 'orders',
      currency: 'GBP',
      put: () => retail,
      right: {
        order_id: 'Invoice',
        customer_id: 'Customer ID',
        occurred_at: 'InvoiceDate',
        product_id: 'StockCode',
        description: 'Description',
        quantity: 'Quantity',
        unit_price: 'Price',
        country: 'Country',
      },
      check: retailAmount,
    }),
})

prove({
  name: 'mapping-retail-copy-english',
  claim: 'a copy of it as CSV with other English names in another order and semicolons: right without help',
  cannot: needsData,
  measure: () =>
    tryMapping({
      kind: 'orders',
      currency: 'GBP',
      put: async (folder) => {
        const path = join(folder, 'sales.csv')
        await writeParquetCopy(folder, retail, path, {
          columns: [
            ['Market', 'Country'],
            ['Price each', 'Price'],
            ['Qty', 'Quantity'],
            ['Purchased at', 'InvoiceDate'],
            ['Item name', 'Description'],
            ['Buyer', 'Customer ID'],
            ['SKU', 'StockCode'],
            ['Receipt no.', 'Invoice'],
          ],
          separator: ';',
          decimalComma: [],
        })
        return path
      },
      right: {
        order_id: 'Receipt no.',
        customer_id: 'Buyer',
        occurred_at: 'Purchased at',
        product_id: 'SKU',
        description: 'Item name',
        quantity: 'Qty',
        unit_price: 'Price each',
        country: 'Market',
      },
      check: retailAmount,
    }),
})

prove({
  name: 'mapping-retail-copy-german',
  claim: 'a copy of it with German names in another order and decimal commas: right without help',
  cannot: needsData,
  measure: () =>
    tryMapping({
      kind: 'orders',
      currency: 'GBP',
      put: async (folder) => {
        const path = join(folder, 'verkauf.csv')
        await writeParquetCopy(folder, retail, path, {
          columns: [
            ['Kundennr.', 'Customer ID'],
            ['Datum', 'InvoiceDate'],
            ['Belegnummer', 'Invoice'],
            ['Artikelnr.', 'StockCode'],
            ['Bezeichnung', 'Description'],
            ['Einzelpreis', 'Price'],
            ['Menge', 'Quantity'],
            ['Land', 'Country'],
          ],
          separator: ';',
          decimalComma: ['Price'],
        })
        return path
      },
      right: {
        order_id: 'Belegnummer',
        customer_id: 'Kundennr.',
        occurred_at: 'Datum',
        product_id: 'Artikelnr.',
        description: 'Bezeichnung',
        quantity: 'Menge',
        unit_price: 'Einzelpreis',
        country: 'Land',
      },
      check: retailAmount,
    }),
})

const rfmOrders = dataPath('rfm_orders', 'rfm_data_orders.csv.gz')
const rfmCustomers = dataPath('rfm_orders', 'rfm_data_customer.csv.gz')
const manyBuyers = numberOf('customers', 'select count(distinct customer_id) from order_lines', 995)

prove({
  name: 'mapping-rfm-orders',
  claim: 'rfm_orders, the orders: right without help',
  cannot: needsData,
  measure: () =>
    tryMapping({
      kind: 'orders',
      currency: 'USD',
      put: () => rfmOrders,
      right: { customer_id: 'customer_id', occurred_at: 'order_date', amount: 'revenue' },
      check: manyBuyers,
    }),
})

prove({
  name: 'mapping-rfm-customers',
  claim: 'rfm_orders, the customers: right without help',
  cannot: needsData,
  measure: () =>
    tryMapping({
      kind: 'customers',
      put: () => rfmCustomers,
      right: { customer_id: 'customer_id', email: 'email', first_name: 'first_name', last_name: 'last_name' },
      check: numberOf('customers', 'select count(*) from current_customers', 39_999),
    }),
})

prove({
  name: 'mapping-rfm-copy',
  claim: 'a copy of the orders with French names in another order, tabs and decimal commas: right without help',
  cannot: needsData,
  measure: () =>
    tryMapping({
      kind: 'orders',
      currency: 'EUR',
      put: (folder) => {
        const path = join(folder, 'ventes.tsv')
        writeCopy(path, readTable(rfmOrders, ','), {
          columns: [
            ['montant', 'revenue'],
            ['date de commande', 'order_date'],
            ['client', 'customer_id'],
          ],
          separator: '\t',
          decimalComma: ['revenue'],
        })
        return path
      },
      right: { customer_id: 'client', occurred_at: 'date de commande', amount: 'montant' },
      check: manyBuyers,
    }),
})

const personality = dataPath('customer_personality', 'marketing_campaign.tsv.gz')
const manyPeople = numberOf('customers', 'select count(*) from current_customers', 2240)

prove({
  name: 'mapping-personality',
  claim: 'customer_personality: right without help',
  cannot: needsData,
  measure: () =>
    tryMapping({
      kind: 'customers',
      put: () => personality,
      right: {
        customer_id: 'ID',
        birth_date: 'Year_Birth',
        income: 'Income',
        education: 'Education',
        created_at: 'Dt_Customer',
      },
      check: manyPeople,
    }),
})

prove({
  name: 'mapping-personality-copy',
  claim: 'a copy of it with other names in another order, semicolons and decimal commas: right without help',
  cannot: needsData,
  measure: () =>
    tryMapping({
      kind: 'customers',
      put: (folder) => {
        const path = join(folder, 'people.csv')
        const table = readTable(personality, '\t')
        const income = table[0]!.indexOf('Income')
        // Whole numbers have no decimals to write with a comma.
        const withCents = table.map((row, at) =>
          at === 0 ? row : row.map((cell, column) => (column === income && cell !== '' ? `${cell}.50` : cell)),
        )
        writeCopy(path, withCents, {
          columns: [
            ['Degree', 'Education'],
            ['Customer since', 'Dt_Customer'],
            ['Yearly income', 'Income'],
            ['Kids at home', 'Kidhome'],
            ['Member no', 'ID'],
            ['Year of birth', 'Year_Birth'],
          ],
          separator: ';',
          decimalComma: ['Income'],
        })
        return path
      },
      right: {
        customer_id: 'Member no',
        birth_date: 'Year of birth',
        income: 'Yearly income',
        education: 'Degree',
        created_at: 'Customer since',
      },
      check: numberOf('sum of incomes', 'select sum(income)::double from current_customers', 115_781_017),
    }),
})

prove({
  name: 'mapping-never-guessed',
  claim:
    'headers that say nothing, dates that read both ways, two columns that could be meant: asked about, nothing imported',
  measure: () =>
    inNewStore(async (folder, warehouse) => {
      const files: readonly (readonly [name: string, content: string])[] = [
        ['letters.csv', 'a,b,c\n1,2020-01-01,5\n2,2020-01-02,6\n'],
        ['days.csv', 'order_id,date,total\n1,03/04/2020,5.50\n2,05/06/2020,6.50\n'],
        ['twice.csv', 'order_id,order_date,invoice_date,total\n1,2020-01-01,2020-01-05,5\n2,2020-01-02,2020-01-07,6\n'],
        ['marks.csv', 'order_id,date,total\n1,2020-01-01,"1,234"\n'],
      ]
      const answers: string[] = []
      let refused = 0
      for (const [name, content] of files) {
        const path = join(folder, name)
        writeFileSync(path, content)
        const answer = await importFiles(warehouse, { kind: 'orders', files: [path], currency: 'EUR' }).then(
          ({ mapping }) => `taken as ${inWordsOf(mapping)}`,
          (error: unknown) => {
            refused += 1
            return error instanceof Error ? error.message : String(error)
          },
        )
        answers.push(`${name}: ${answer.slice(0, 150)}`)
      }
      const [batches] = await warehouse.rows<{ n: number }>('select count(*) as n from batches')
      return {
        figure: `${refused} of ${files.length} asked about, ${batches!.n} batches in the store. ${answers.join(' ¦ ')}`,
        isMet: refused === files.length && batches!.n === 0,
      }
    }),
})
