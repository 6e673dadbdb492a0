import { expect, it } from 'vitest'
import { readListFile } from './list-file.ts'

it('reads ids once, in the order of the file, from the column of customers', () => {
  const text = '\uFEFFid,Customer ID,note\r\n1,"b, the second",x\r\n2,a,\r\n\r\n3,"b, the second",y\r\n'
  expect(readListFile(text, 'vips.csv')).toEqual(['b, the second', 'a'])
})

it.each([
  ['', 'vips.csv must have the column customer_id, got none'],
  ['email\na@b.example\n', 'vips.csv must have the column customer_id, got email'],
  ['id,name\nann,Ann\n', 'vips.csv must have the column customer_id, got id, name'],
  ['customer_id,Customer ID\na,b\n', 'vips.csv must have one column customer_id, got several'],
  ['customer_id,x\na,1\n,2\n', 'row 3 of vips.csv must have an id, got none'],
  ['customer_id\n"a\n', 'vips.csv must close its quotes'],
])('refuses %j', (text, message) => {
  expect(() => readListFile(text, 'vips.csv')).toThrow(message)
})
