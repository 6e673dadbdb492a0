import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { importFiles } from './index.ts'

let folder: string
let warehouse: Warehouse

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-shop-exports-'))
  warehouse = await openWarehouse(join(folder, 'store'))
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const take = (columns: string, records: readonly Readonly<Record<string, string>>[], more: object = {}) => {
  const path = join(folder, 'export.csv')
  const names = columns.split(',')
  const lines = records.map((record) => names.map((name) => record[name] ?? '').join(','))
  writeFileSync(path, `${columns}\n${lines.join('\n')}\n`)
  return importFiles(warehouse, { kind: 'orders', files: [path], ...more })
}

// The header of an export of 2024, as help.shopify.com and published exports have it.
const shopify =
  'Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,' +
  'Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,' +
  'Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,' +
  'Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,Billing Zip,Billing Province,' +
  'Billing Country,Billing Phone,Shipping Name,Shipping Street,Shipping Address1,Shipping Address2,Shipping Company,' +
  'Shipping City,Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,' +
  'Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,' +
  'Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Phone,Receipt Number,Duties'

const line = (name: string, at: string, quantity: string, sku: string, price: string) => ({
  Name: name,
  'Created at': at,
  'Lineitem quantity': quantity,
  'Lineitem name': `Thing ${sku}`,
  'Lineitem price': price,
  'Lineitem sku': sku,
})

const shopifyOrders = [
  {
    ...line('#1001', '2024-07-21 06:00:00 +0100', '2', 'FERN', '16.00'),
    ...{ Email: 'ada@shop.example', 'Financial Status': 'paid', 'Accepts Marketing': 'yes', Currency: 'GBP' },
    ...{ Subtotal: '47.00', Shipping: '6.00', Taxes: '7.83', Total: '53.00', 'Discount Amount': '5.00' },
    ...{ 'Refunded Amount': '0.00', 'Billing Country': 'GB', Source: 'web', Id: '5550000001' },
  },
  { ...line('#1001', '2024-07-21 06:00:00 +0100', '1', 'TOTE', '20.00'), Email: 'ada@shop.example' },
  {
    ...line('#1002', '2024-07-23 09:59:00 +0100', '1', 'MUG', '10.00'),
    ...{ Email: 'bo@shop.example', 'Financial Status': 'partially_refunded', Currency: 'GBP', Subtotal: '30.00' },
    ...{ Shipping: '4.00', Taxes: '5.67', Total: '34.00', 'Discount Amount': '0.00', 'Refunded Amount': '10.00' },
  },
  line('#1002', '2024-07-23 09:59:00 +0100', '2', 'TOWEL', '10.00'),
  {
    ...line('#1003', '2024-11-02 12:00:00 +0000', '1', 'MUG', '25.00'),
    ...{ Email: 'cy@shop.example', 'Financial Status': 'paid', Currency: 'GBP', Subtotal: '25.00', Shipping: '0.00' },
    ...{ Taxes: '4.17', Total: '25.00', 'Discount Amount': '0.00', 'Refunded Amount': '0.00' },
    'Cancelled at': '2024-11-02 13:00:00 +0000',
  },
]

test.each([{}, { preset: 'shopify' as const }])('orders of Shopify need no mapping, with %o', async (known) => {
  const summary = await take(shopify, shopifyOrders, known)
  expect(summary).toMatchObject({ read: 5, accepted: 5, quarantined: 0 })
  const lines = await warehouse.rows(`select order_id, customer_id, product_id, kind, currency, occurred_at,
    amount_micros + discount_micros as list from order_lines order by order_id, product_id`)
  const ada = { order_id: '#1001', customer_id: 'ada@shop.example', kind: 'sale', currency: 'GBP' }
  const bo = { ...ada, order_id: '#1002', customer_id: 'bo@shop.example' }
  const cy = { ...ada, order_id: '#1003', customer_id: 'cy@shop.example', kind: 'cancellation' }
  const at = (text: string) => ({ occurred_at: Date.parse(text) })
  expect(lines).toEqual([
    { ...ada, product_id: 'FERN', ...at('2024-07-21T05:00:00Z'), list: 32_000_000 },
    { ...ada, product_id: 'TOTE', ...at('2024-07-21T05:00:00Z'), list: 20_000_000 },
    { ...bo, product_id: 'MUG', ...at('2024-07-23T08:59:00Z'), list: 10_000_000 },
    { ...bo, product_id: 'TOWEL', ...at('2024-07-23T08:59:00Z'), list: 20_000_000 },
    { ...cy, product_id: 'MUG', ...at('2024-11-02T12:00:00Z'), list: 25_000_000 },
  ])
  // The file's own sums, without the order that was cancelled.
  const [sums] =
    await warehouse.rows(`select sum(amount_micros)::bigint as subtotal, sum(discount_micros)::bigint as discount,
    sum(tax_micros)::bigint as tax, sum(shipping_micros)::bigint as shipping, sum(refund_micros)::bigint as refund
    from order_lines where kind = 'sale'`)
  expect(sums).toEqual({
    subtotal: 77_000_000,
    discount: 5_000_000,
    tax: 13_500_000,
    shipping: 10_000_000,
    refund: 10_000_000,
  })
  const again = await take(shopify, shopifyOrders, known)
  expect(again).toMatchObject({ accepted: 0, duplicates: 5 })
})

test('a cancelled order brings nothing in and nothing off: what it would have brought is given back', async () => {
  await take(shopify, shopifyOrders)
  const [row] = await warehouse.rows<{ net: number }>(
    `select sum(refund_micros - amount_micros)::bigint as net from order_lines where kind = 'cancellation'`,
  )
  expect(row!.net).toBe(0)
})

test('what a user says goes before what is known of the file', async () => {
  const map = { customer_id: 'Id', source: 'Vendor' }
  const { mapping } = await take(shopify, shopifyOrders, { map, dryRun: true })
  expect(mapping).toMatchObject({ order_id: 'Name', customer_id: 'Id', source: 'Vendor', shipping: 'Shipping:order' })
})

const woocommerce =
  'Order Number,Order Status,Order Date,Customer Note,First Name (Billing),Last Name (Billing),Country Code (Billing),' +
  'Email (Billing),Phone (Billing),Payment Method Title,Cart Discount Amount,Order Subtotal Amount,Shipping Method Title,' +
  'Order Shipping Amount,Order Refund Amount,Order Total Amount,Order Total Tax Amount,SKU,Item #,Item Name,' +
  'Quantity (- Refund),Item Cost,Coupon Code,Discount Amount,Discount Amount Tax'

test("orders of WooCommerce repeat what is the order's on every line: it counts once", async () => {
  const order = {
    ...{
      'Order Number': '77',
      'Order Status': 'Completed',
      'Order Date': '2024-03-01 10:15',
      'Country Code (Billing)': 'DE',
    },
    ...{ 'Email (Billing)': 'ada@shop.example', 'Cart Discount Amount': '4', 'Order Shipping Amount': '4.90' },
    ...{ 'Order Refund Amount': '0', 'Order Total Tax Amount': '5.59', 'Order Total Amount': '34.90' },
  }
  const summary = await take(
    woocommerce,
    [
      { ...order, SKU: 'A', 'Item #': '1', 'Item Name': 'Mug', 'Quantity (- Refund)': '2', 'Item Cost': '10' },
      { ...order, SKU: 'B', 'Item #': '2', 'Item Name': 'Cup', 'Quantity (- Refund)': '1', 'Item Cost': '10' },
    ],
    { currency: 'EUR' },
  )
  expect(summary).toMatchObject({ accepted: 2, quarantined: 0 })
  const [row] = await warehouse.rows(`select min(customer_id) as customer, sum(amount_micros)::bigint as amount,
    sum(discount_micros)::bigint as discount, sum(shipping_micros)::bigint as shipping, sum(tax_micros)::bigint as tax
    from order_lines where kind = 'sale'`)
  expect(row).toEqual({
    customer: 'ada@shop.example',
    amount: 30_000_000,
    discount: 4_000_000,
    shipping: 4_900_000,
    tax: 5_590_000,
  })
})

test('customers of Shopify go by the email that its orders have', async () => {
  const summary = await take(
    'Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address City,Phone,Accepts SMS Marketing,Total Spent,Total Orders',
    [
      {
        'Customer ID': "'6543",
        'First Name': 'Ada',
        'Last Name': 'A',
        Email: 'ada@shop.example',
        'Accepts Email Marketing': 'yes',
      },
      {
        'Customer ID': "'6544",
        'First Name': 'Bo',
        'Last Name': 'B',
        Email: 'bo@shop.example',
        'Accepts Email Marketing': 'no',
      },
    ],
    { kind: 'customers' },
  )
  expect(summary).toMatchObject({ accepted: 2, contactable: { customers: 1 } })
  expect(await warehouse.rows('select distinct customer_id from customers order by 1')).toEqual([
    { customer_id: 'ada@shop.example' },
    { customer_id: 'bo@shop.example' },
  ])
})

test('contacts of HubSpot need no mapping, and nobody may be contacted because of what it says', async () => {
  const contact = {
    ...{ 'Record ID': '65059681027', 'First Name': 'John', 'Last Name': 'Doe', Email: 'john.doe@example.com' },
    ...{ 'Phone Number': '5551234567', 'Create Date': '2024-01-10 08:30', 'Lifecycle Stage': 'Customer' },
    ...{ 'Marketing contact status': 'Marketing contact', 'Unsubscribed from all email': 'No' },
  }
  const summary = await take(
    'Record ID,First Name,Last Name,Email,Phone Number,Create Date,Lifecycle Stage,Marketing contact status,Unsubscribed from all email',
    [contact, { ...contact, 'Record ID': '65059681028', Email: '' }],
    { kind: 'customers' },
  )
  expect(summary).toMatchObject({ accepted: 1, quarantined: 1, contactable: { customers: 0 } })
  expect(summary.reasons).toMatchObject([{ code: 'ingestion.customer-id' }])
  const [row] = await warehouse.rows<{ traits: string }>(
    'select customer_id, first_name, phone, epoch_ms(created_at)::double as created_at, traits from customers',
  )
  expect(row).toMatchObject({
    ...{ customer_id: 'john.doe@example.com', first_name: 'John', phone: '5551234567' },
    created_at: Date.parse('2024-01-10T08:30:00Z'),
  })
  expect(JSON.parse(row!.traits)).toMatchObject({
    ...{ 'Record ID': '65059681027', 'Lifecycle Stage': 'Customer', 'Marketing contact status': 'Marketing contact' },
  })
})
