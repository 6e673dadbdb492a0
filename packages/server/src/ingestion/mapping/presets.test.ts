import { expect, test } from 'vitest'
import { looksLikeConsent } from './consent-words.ts'
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

// The header of an export of contacts, as published ones have it.
const hubspot = [
  ...['Record ID', 'First Name', 'Last Name', 'Email', 'Phone Number', 'Contact owner', 'Lead Status', 'Create Date'],
  ...['Lifecycle Stage', 'Marketing contact status', 'Unsubscribed from all email', 'Country/Region', 'City'],
]

test('an export of HubSpot is recognised, and nothing in it is taken for a consent', () => {
  const known = recogniseFile('customers', hubspot)
  expect(known).toEqual({
    words: 'contact exports of HubSpot',
    mapping: {
      ...{ customer_id: 'Email', email: 'Email', first_name: 'First Name', last_name: 'Last Name' },
      ...{ phone: 'Phone Number', city: 'City', country: 'Country/Region', created_at: 'Create Date' },
    },
  })
  expect(hubspot.filter(looksLikeConsent)).toEqual(['Marketing contact status', 'Unsubscribed from all email'])
})

test('a preset takes the way of writing that the file has', () => {
  const columns = ['Order Number', 'Order Date', 'Item Name', 'Item Cost']
  expect(mappingOf(presets.woocommerce, [...columns, 'Quantity'])?.['quantity']).toBe('Quantity')
  expect(mappingOf(presets.woocommerce, [...columns, 'Quantity (- Refund)'])?.['quantity']).toBe('Quantity (- Refund)')
  expect(mappingOf(presets.woocommerce, columns)).toBeUndefined()
})
