import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTrackingPlan } from '../../ingestion/index.ts'
import { openState } from '../../state/index.ts'
import { openWarehouse } from '../../warehouse/index.ts'
import { readArguments } from '../read-arguments.ts'
import { lendStore } from '../with-store.ts'
import { schemas } from './schemas.ts'

test('the door of the server that runs it keeps to a schema when the command answers, and lets go of a retired one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-schemas-'))
  const warehouse = await openWarehouse(folder)
  const state = await openState(folder)
  const plan = await openTrackingPlan(state)
  const unused = (): never => {
    throw new Error('schemas must use the plan only')
  }
  const privacy = new Proxy({} as Parameters<typeof lendStore>[1]['privacy'], { get: unused })
  const log = new Proxy({} as Parameters<typeof lendStore>[1]['log'], { get: unused })
  const takeBack = lendStore(warehouse, { privacy, log, record: unused, plan, port: 1, live: unused, declared: unused })
  const schema = join(folder, 'viewed.json')
  writeFileSync(schema, JSON.stringify({ required: ['price'] }))
  const run = (...words: string[]) =>
    schemas.run({
      ...{ store: folder, given: readArguments(schemas, words), work: {}, isInteractive: false },
      ...{ tell: unused, ask: unused, path: (text: string) => text },
    })
  const broken = { call: 'track', name: 'Viewed', properties: '{}' }
  await run('declare', 'track', schema, '--name', 'Viewed', '--quarantine')
  expect(plan.keepsOut(broken)).toMatchObject({ code: 'plan.violation' })
  await run('retire', 'track', '--name', 'Viewed')
  expect(plan.keepsOut(broken)).toBeUndefined()
  takeBack()
  await state.close()
  await warehouse.close()
  rmSync(folder, { recursive: true, force: true })
})
