import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { boundOldModels, openWarehouse, type Warehouse } from './index.ts'

let folder: string
let warehouse: Warehouse

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-old-models-'))
  warehouse = await openWarehouse(folder)
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const store = (purpose: string, kind: string, versions: number): Promise<void> =>
  warehouse.run(`insert into models select '${purpose}-${kind}-' || version, '${purpose}', '${kind}', version, now(), now(),
    '{"card":1}', '{"fitted":1}' from range(1, ${versions + 1}) r(version)`)

const kept = async (where: string): Promise<readonly string[]> =>
  (await warehouse.rows<{ id: string }>(`select model_id as id from models where ${where} order by model_id`)).map(
    ({ id }) => id,
  )

test('of what nothing is made by any more cards stay, twenty of a kind, and nothing that was fitted', async () => {
  await store('segments', 'gmm', 25)
  await store('segments', 'medoids', 3)
  await store('lapse', 'forest', 25)
  await warehouse.run(
    "insert into segments values ('mine.1', 'mine', 'Mine', '{}', 'segments-gmm-2', now(), 0), ('rfm.1', 'rfm', 'R', '{}', null, now(), 0)",
  )
  await warehouse.run("insert into scores values ('c1', 'lapse', 1, null, null, null, 'segments-medoids-3', now())")
  await boundOldModels(warehouse, 'segments')
  expect(await kept("purpose = 'segments' and fitted <> '{}'")).toEqual(['segments-gmm-2', 'segments-medoids-3'])
  // The oldest four of those that are not used are gone: 1, 3, 4, 5 of 25 less the one that is.
  const cards = await kept("purpose = 'segments' and kind = 'gmm'")
  expect(cards).toHaveLength(21)
  for (const gone of [1, 3, 4, 5]) expect(cards).not.toContain(`segments-gmm-${gone}`)
  expect(await kept("purpose = 'segments' and kind = 'medoids'")).toHaveLength(3)
  expect(await kept("purpose = 'lapse' and fitted <> '{}'")).toHaveLength(25)
})

test('models of declared predictions are left alone, though the analysis has some of the same purpose', async () => {
  await store('lapse', 'boosting', 2)
  await warehouse.run(
    "insert into prediction_models values ('lapse-boosting-1', 'lapse', 1, '{}', false, 'older', now())",
  )
  await boundOldModels(warehouse, 'lapse')
  expect(await kept("fitted <> '{}'")).toEqual(['lapse-boosting-1'])
})
