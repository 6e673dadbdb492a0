import type { ImportKind } from '@rapport/protocol'

/** What is known beforehand of a well-known file. */
export interface Preset {
  readonly kind: ImportKind
  /** Target → source, one of several ways that the file is spread in; the first whose sources are all there. */
  readonly mappings: readonly Readonly<Record<string, string>>[]
  readonly currency: string
  readonly timezone: string
  /** Column names where the file has none, by their number. */
  readonly headerless: readonly (readonly string[])[]
}

export type PresetName = 'online-retail-ii' | 'cdnow'

const retail = {
  product_id: 'StockCode',
  description: 'Description',
  quantity: 'Quantity',
  occurred_at: 'InvoiceDate',
  country: 'Country',
}

export const presets: Readonly<Record<PresetName, Preset>> = {
  'online-retail-ii': {
    kind: 'orders',
    mappings: [
      { order_id: 'Invoice', ...retail, unit_price: 'Price', customer_id: 'Customer ID' },
      { order_id: 'InvoiceNo', ...retail, unit_price: 'UnitPrice', customer_id: 'CustomerID' },
    ],
    currency: 'GBP',
    timezone: 'Europe/London',
    headerless: [],
  },
  cdnow: {
    kind: 'orders',
    mappings: [{ customer_id: 'customer_id', occurred_at: 'date', amount: 'dollar_value' }],
    currency: 'USD',
    timezone: 'UTC',
    // The tenth of the customers that papers use comes with a second, shorter number of the customer.
    headerless: [
      ['customer_id', 'date', 'number_of_cds', 'dollar_value'],
      ['customer_id', 'sample_id', 'date', 'number_of_cds', 'dollar_value'],
    ],
  },
}
