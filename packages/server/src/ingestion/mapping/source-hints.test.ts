import { expect, test } from 'vitest'
import { readSource } from './source-hints.ts'

test.each([
  ['Date', { name: 'Date' }],
  ['Date:dd/mm', { name: 'Date', order: 'dmy' }],
  ['Price:1.234,56:order', { name: 'Price', decimal: ',', level: 'order' }],
  ['Shipping:line', { name: 'Shipping', level: 'line' }],
  ['Zeit: von', { name: 'Zeit: von' }],
  ['Zeit: von:mm/dd', { name: 'Zeit: von', order: 'mdy' }],
  ['sort:order', { name: 'sort:order' }],
])('%s is read', (written, source) => {
  expect(readSource(written, ['Date', 'Price', 'Shipping', 'Zeit: von', 'sort:order'])).toEqual(source)
})
