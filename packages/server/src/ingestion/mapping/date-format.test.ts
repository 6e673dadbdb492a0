import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { duckdbDialect, FileReader } from '../../warehouse/index.ts'
import { decideDateFormat, instantSql } from './date-format.ts'

let folder: string
let reader: FileReader

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-dates-'))
  reader = await FileReader.open(folder)
})

afterEach(() => {
  reader.close()
  rmSync(folder, { recursive: true })
})

/** Each value as the moment that it is read as, beside many plain ones that tell the column's way of writing. */
async function read(values: readonly string[], usual: string): Promise<(string | null)[]> {
  const written = values.map((value, index) => `(${index}, ${duckdbDialect.text(value)})`).join(', ')
  await reader.run(`create or replace table source as
    select * from (values ${written}) v(i, c0)
    union all select 1000 + i, ${duckdbDialect.text(usual)} from range(${2 * values.length}) r(i)`)
  const format = await decideDateFormat(reader, 'source', 'c0')
  const rows = await reader.rows<{ at: number | null }>(
    `select ${instantSql('c0', format!, 'UTC')} as at from source where i < 1000 order by i`,
  )
  return rows.map(({ at }) => (at === null ? null : new Date(at).toISOString()))
}

test.each([
  '2024-07-21 06:00:00 +0100',
  '2024-07-21 06:00:00 +01:00',
  '2024-07-21T06:00:00+01',
  '2024-07-21T06:00+01:00',
  '2024-07-21T05:00Z',
  '2024-07-21T05:00:00z',
  '2024-07-21 05:00:00 GMT',
  '2024-07-21 05:00:00 UTC',
  '2024-07-21T05:00:00.000Z',
  '2024-07-21 05:00:00',
  '2024-07-20T15:00:00-14:00',
])('%s is five in the morning in Greenwich', async (written) => {
  expect(await read([written], '2024-01-01T00:00:00Z')).toEqual(['2024-07-21T05:00:00.000Z'])
  expect(await read([written], written)).toEqual(['2024-07-21T05:00:00.000Z'])
})

test('an offset that no clock has is no moment, whatever the other values are', async () => {
  const wrong = ['+99:00', '+15:00', '-14:30', '+01:75', '+9900', ' +99', ' CET', '+1'].map(
    (offset) => `2024-07-21 06:00:00${offset}`,
  )
  const nothing = wrong.map(() => null)
  expect(await read(wrong, '2024-01-01 00:00:00')).toEqual(nothing)
  expect(await read(wrong, '2024-01-01 00:00:00 +0100')).toEqual(nothing)
})

test.each([
  ['2024-02-29', ['2024-02-30', '2023-02-29', '2024-04-31 10:00', '2024-13-01', '2024-02-30T10:00:00Z']],
  ['29/02/2024', ['30/02/2024', '29/02/2023', '31/04/2024']],
  ['20240229', ['20240230', '20230229']],
  ['29 Feb 2024', ['30 Feb 2024', '31 Apr 2024']],
])('days that no calendar has are no moment: like %s', async (usual, wrong) => {
  expect(await read(wrong, usual)).toEqual(wrong.map(() => null))
})
