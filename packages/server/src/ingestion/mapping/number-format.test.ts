import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FileReader } from '../../warehouse/index.ts'
import { decideNumberFormat, microsSql, numberSql, readNumberEvidence } from './number-format.ts'

let folder: string
let reader: FileReader

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-numbers-'))
  reader = await FileReader.open(folder)
})

afterAll(() => {
  reader.close()
  rmSync(folder, { recursive: true })
})

async function micros(text: string, decimal: '.' | ','): Promise<number | null> {
  await reader.run('create or replace table source as select $text as c0', { text })
  const [row] = await reader.rows<{ v: number | null }>(
    `select ${microsSql(numberSql('c0', { decimal, isCertain: true }))} as v from source`,
  )
  return row!.v
}

test.each<[string, '.' | ',', number | null]>([
  ['12.5', '.', 12_500_000],
  ['-0.001', '.', -1000],
  ['0.0000005', '.', 1],
  ['-0.0000005', '.', -1],
  ['1,234.50', '.', 1_234_500_000],
  ['€ 1.234,50', ',', 1_234_500_000],
  ['1 234,50 €', ',', 1_234_500_000],
  ['12', ',', 12_000_000],
  ['(12.50)', '.', -12_500_000],
  ['12.50-', '.', -12_500_000],
  ['$-3', '.', -3_000_000],
  ["1'234.5 CHF", '.', 1_234_500_000],
  ['.5', '.', 500_000],
  ['1e-3', '.', 1000],
  ['twelve', '.', null],
  ['12abc4', '.', null],
  ['1,2,3', '.', null],
  ['inf', '.', null],
  ['', '.', null],
])('%s with %s is %s micros', async (text, decimal, expected) => {
  expect(await micros(text, decimal)).toBe(expected)
})

test.each<[string[], '.' | ',', boolean]>([
  [['1.5', '2'], '.', true],
  [['1,5', '1.234,00'], ',', true],
  [['1.234', '0.5'], '.', true],
  [['1.234', '5.678'], '.', false],
  [['1,234', '7'], '.', false],
  [['1.234.567'], ',', true],
  [['1,234,567'], '.', true],
  [['7', '8'], '.', true],
])('%s is read with %s, certain: %s', async (texts, decimal, isCertain) => {
  await reader.run(
    `create or replace table source as select unnest([${texts.map((text) => `'${text}'`).join(', ')}]) as c0`,
  )
  expect(decideNumberFormat(await readNumberEvidence(reader, 'c0', { commas: 1, points: 1 }))).toEqual({
    decimal,
    isCertain,
  })
})
