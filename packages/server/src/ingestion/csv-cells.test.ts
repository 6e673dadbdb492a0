import { expect, test } from 'vitest'
import { csvCell, csvLine } from './csv-cells.ts'

test.each([
  ['=1+1', "'=1+1"],
  ['+cmd', "'+cmd"],
  ['-2+3', "'-2+3"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['＝1+1', "'＝1+1"],
  ['＠SUM(A1)', "'＠SUM(A1)"],
  ['\tx', '"\'\tx"'],
  ['\rx', '"\'\rx"'],
  ['-5', '-5'],
  ['a "b", c', '"a ""b"", c"'],
])('%j is written as %j', (value, cell) => {
  expect(csvCell(value)).toBe(cell)
})

test('missing is empty', () => {
  expect(csvLine([1, null, 'x'])).toBe('1,,x\r\n')
})
