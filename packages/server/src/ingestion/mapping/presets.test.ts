import { expect, test } from 'vitest'
import { mappingOf, presets, recogniseFile } from './presets.ts'

const shopify = [
  'Name',
  'Email',
  'Financial Status',
  'Currency',
  'Shipping',
  'Created at',
  'Lineitem quantity',
  'Lineitem name',
  'Lineitem price',
]

test('a file with the columns of a known export is recognised, with those of its columns that it has', () => {
  const known = recogniseFile('orders', shopify)
  expect(known?.words).toBe('order exports of Shopify')
  expect(known?.mapping).toEqual({
    order_id: 'Name',
    occurred_at: 'Created at:order',
    description: 'Lineitem name',
    quantity: 'Lineitem quantity',
    unit_price: 'Lineitem price',
    customer_id: 'Email:order',
    shipping: 'Shipping:order',
    currency: 'Currency:order',
    status: 'Financial Status:order',
  })
})

test('a file is not recognised by half of the columns, as another kind, or by what many files have', () => {
  expect(recogniseFile('orders', shopify.slice(1))).toBeUndefined()
  expect(recogniseFile('events', shopify)).toBeUndefined()
  expect(
    recogniseFile('customers', ['Customer ID', 'Email', 'First Name', 'Last Name', 'Accepts Marketing']),
  ).toBeUndefined()
  expect(
    recogniseFile('orders', ['Invoice', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'Price']),
  ).toBeUndefined()
})

test('a preset takes the way of writing that the file has', () => {
  const columns = ['Order Number', 'Order Date', 'Item Name', 'Item Cost']
  expect(mappingOf(presets.woocommerce, [...columns, 'Quantity'])?.['quantity']).toBe('Quantity')
  expect(mappingOf(presets.woocommerce, [...columns, 'Quantity (- Refund)'])?.['quantity']).toBe('Quantity (- Refund)')
  expect(mappingOf(presets.woocommerce, columns)).toBeUndefined()
})
