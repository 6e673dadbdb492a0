import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { type Sought, unseenOf } from './seen.ts'
import { storeEventRows } from './stored-facts.contract.ts'

let folder: string
let warehouse: Warehouse

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-seen-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
  const properties = ['{"a":{"b":"x \\"y\\" \\u00e9"},"of":"Red Hat"}', '{"other":"Hat","of":"Blue Hat"}', null]
  await storeEventRows(
    warehouse,
    // What fewer than three events say may be of one person, and is not named.
    [...properties, ...properties, ...properties, '{"of":"ada@example.org"}'].map((it, at) => {
      return { key: at + 1, at: Date.UTC(2024, 4, 15), customer: 'ada', properties: it }
    }),
  )
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const of = { kind: 'event', name: 'Product Viewed' } as const
const value = (field: string, it: string): Sought => ({ kind: 'value', of, field, value: it, isPath: false })

test('texts are found however JSON writes them, and not where they are part of another', async () => {
  const found = await unseenOf(warehouse, [
    value('properties.a.b', 'x "y" é'),
    value('properties.of', 'Red Hat'),
    value('properties.of', 'Hat'),
    value('properties.of', 'é'),
    value('properties.of', ''),
  ])
  expect(found.map(({ sought }) => 'value' in sought && sought.value)).toEqual(['Hat', 'é', ''])
  expect(found[0]!.seen).toEqual(['Blue Hat', 'Red Hat'])
})

test('where more events may hold a value than are unpacked, it is taken for seen', async () => {
  const asked = [value('properties.of', 'Hat')]
  expect(await unseenOf(warehouse, asked, { unpackedMost: 6 })).toEqual([])
  expect(await unseenOf(warehouse, asked, { unpackedMost: 7 })).toHaveLength(1)
})

test('of nothing, and of a store without anything, it is said', async () => {
  expect(await unseenOf(warehouse, [])).toEqual([])
  expect(await unseenOf(warehouse, [{ kind: 'score', name: 'any' }])).toEqual([
    { sought: { kind: 'score', name: 'any' }, seen: [] },
  ])
})

test('what only somebody said who refuses profiling was not seen', async () => {
  const said = [value('properties.of', 'Red Hat')]
  expect(await unseenOf(warehouse, said)).toEqual([])
  await warehouse.run(`insert into profiling_exceptions values ('ada')`)
  expect(await unseenOf(warehouse, said)).toEqual([{ sought: said[0], seen: [] }])
  await warehouse.run('delete from profiling_exceptions')
})
