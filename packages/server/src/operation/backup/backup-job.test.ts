import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readAudit } from '../../access/index.ts'
import { openState, type State } from '../../state/index.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { backupJob } from '../index.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-backup-job-'))
let warehouse: Warehouse
let state: State
beforeAll(async () => {
  warehouse = await openWarehouse(join(folder, 'store'))
  state = await openState(join(folder, 'store'))
})
afterAll(async () => {
  await state.close()
  await warehouse.close()
  rmSync(folder, { recursive: true, force: true })
})

test('keeps the last ones, and nothing that is no backup of its own is touched', async () => {
  const target = join(folder, 'backups')
  mkdirSync(target)
  const before = ['rapport-20200101T000000Z.tar', 'rapport-20210101T000000Z.tar', 'mine.tar', 'rapport-old.tar']
  const left = 'rapport-20210101T000000Z.tar.write_0123.partial'
  for (const name of [...before, left]) writeFileSync(join(target, name), '')
  const kind = backupJob({ warehouse, stateUrl: undefined }, state, { folder: target, keep: 2 })
  await kind.run({}, { signal: new AbortController().signal, onProgress: () => undefined })
  const names = readdirSync(target).sort()
  expect(names).toEqual(['mine.tar', before[1], expect.stringMatching(/^rapport-20\d{6}T\d{6}Z\.tar$/), before[3]])
  const [entry] = await readAudit(state.queries, { limit: 1 })
  expect(entry).toMatchObject({ actor: 'schedule', action: 'operation.backup', detail: { removed: 2 } })
})
