import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEventLog, openTrackingPlan } from '../../ingestion/index.ts'
import { openPrivacy } from '../../privacy.ts'
import { openState } from '../../state/index.ts'
import { openWarehouse } from '../../warehouse/index.ts'
import { readArguments } from '../read-arguments.ts'
import { askServer } from '../remote/ask-server.ts'
import { serveCommands } from '../remote/serve-commands.ts'
import { lendStore } from '../with-store.ts'
import { retention } from './retention.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-retention-command-'))
const store = join(folder, 'store')
beforeAll(async () => (await openWarehouse(store)).close())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const command = retention(openPrivacy)
const surroundings = { work: {}, isInteractive: false, tell: () => undefined, ask: async () => false }
const alone = (...words: readonly string[]) =>
  command.run({ ...surroundings, store, given: readArguments(command, words), path: (text) => join(folder, text) })

/** The same story, told by whoever runs the commands. */
async function story(run: typeof alone): Promise<void> {
  expect((await run('show')).text).toContain('no period is set')
  expect((await run('run', '--dry-run')).text).toContain('no period is set')
  await run('set', 'events/track/Product Viewed', '18m')
  expect((await run('set', 'audit', '1y')).text).toMatch(
    /audit +1 year\n.*Product Viewed +18 months\nfiles are rewritten/,
  )
  expect((await run('run', '--dry-run')).document).toMatchObject([{ kind: 'audit', rows: 0 }, { rows: 0 }])
  expect((await run('run')).text).toBe('deleted: nothing was old enough')
  expect((await run('files', 'keep')).text).toContain('stays in free room')
  await run('files', 'rewrite')
  await run('clear', 'audit')
  expect((await run('clear', 'events/track/Product Viewed')).document).toEqual({ periods: {}, rewritesFiles: true })
}

test('periods are set, shown, run and cleared without a server', () => story(alone))

test('and beside one that has the store open', async () => {
  const warehouse = await openWarehouse(store)
  const state = await openState(store)
  const privacy = await openPrivacy(warehouse, state, { eraseWithinDays: 7 })
  const log = await openEventLog(warehouse)
  const takeBack = lendStore(warehouse, {
    ...{ privacy, log },
    record: async () => undefined,
    plan: await openTrackingPlan(state),
    port: 1,
    live: () => {
      throw new Error('retention must not use the live copy')
    },
    declared: async () => undefined,
  })
  const served = await serveCommands(warehouse.folder, [command])
  try {
    await story(async (...words) => (await askServer(['retention', ...words], { ...surroundings, store }))!)
  } finally {
    await served.stop()
    takeBack()
    await log.close()
    await state.close()
    await warehouse.close()
  }
})

test.each([
  [[], 'must be followed by show, set'],
  [['set', 'events'], 'must be followed by 2 words, got 1'],
  [['set', 'events/click', '3m'], 'events/click must be events, events/CALL'],
  [['set', 'customers', '3m'], 'customers must be'],
  [['set', 'events', '0d'], '0d must be a number of days'],
  [['set', 'events', '3w'], '3w must be a number of days'],
  [['clear', 'orders'], 'must name a kind with a period (none has one), got orders'],
  [['files', 'burn'], 'must be followed by rewrite or keep'],
  [['run', 'now'], 'must be followed by 0 words'],
])('refuses %j', async (words, message) => {
  await expect(alone(...words)).rejects.toThrow(message)
})
