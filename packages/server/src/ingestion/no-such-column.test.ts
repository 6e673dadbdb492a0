import { expect, test } from 'vitest'
import { nearestFirst, noSuchColumn } from './no-such-column.ts'

const names = ['Invoice', 'StockCode', 'InvoiceDate', 'Price', 'Customer ID', 'Country']

test.each([
  ['customerid', 'Customer ID'],
  ['CUSTOMER', 'Customer ID'],
  ['Costumer ID', 'Customer ID'],
  ['invoice_date', 'InvoiceDate'],
  ['Prize', 'Price'],
  ['stock', 'StockCode'],
])('next to %s is %s', (wanted, nearest) => {
  expect(nearestFirst(wanted, names)[0]).toBe(nearest)
})

test('every name is listed once, and far ones keep their order', () => {
  expect([...nearestFirst('', ['c', 'a', 'b'])]).toEqual(['c', 'a', 'b'])
  expect([...nearestFirst('Price', names)].sort()).toEqual([...names].sort())
})

test('the message says what there is not and what there is', () => {
  expect(noSuchColumn('customer_id', 'costumer', ['Total', 'Customer']).message).toBe(
    'the file has no column costumer, which customer_id is mapped to: it has Customer, Total',
  )
  const many = Array.from({ length: 50 }, (_, at) => `column ${at}`)
  expect(noSuchColumn('price', 'x', many).message).toMatch(/ and 26 more$/)
})
