import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEventLog } from '../../ingestion/index.ts'
import { TestApi } from '../../ingestion/sources/test-api.contract.ts'
import { openState } from '../../state/index.ts'
import { openWarehouse } from '../../warehouse/index.ts'
import { configureStore } from '../configuration-of.ts'
import { readArguments } from '../read-arguments.ts'
import { askServer } from '../remote/ask-server.ts'
import { serveCommands } from '../remote/serve-commands.ts'
import { lendStore } from '../with-store.ts'
import { sources } from './sources.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-sources-command-'))
const store = join(folder, 'store')
const api = new TestApi()

beforeAll(async () => {
  await api.start()
  mkdirSync(join(folder, 'feeds'))
  configureStore(store, {
    environment: { RAPPORT_ALLOW_HOSTS: '127.0.0.1', RAPPORT_SOURCE_FOLDERS: join(folder, 'feeds') },
  })
  await (await openWarehouse(store)).close()
})
afterAll(async () => {
  await api.stop()
  rmSync(folder, { recursive: true, force: true })
})

const surroundings = { work: {}, isInteractive: false, tell: () => undefined, ask: async () => false }
const alone = (...words: readonly string[]) =>
  sources.run({ ...surroundings, store, given: readArguments(sources, words), path: (text) => join(folder, text) })

const definition = {
  from: { type: 'http', url: `${'ORIGIN'}/contacts`, auth: { secret: 'crm' } },
  into: { kind: 'customers', map: { customer_id: 'id' } },
}

/** The same story, told by whoever runs the commands. */
async function story(run: typeof alone, name: string): Promise<void> {
  writeFileSync(join(folder, 'crm.json'), JSON.stringify(definition).replace('ORIGIN', api.origin))
  writeFileSync(join(folder, 'secret.txt'), 'hunter2\n')
  api.answer = () => ({ body: [{ id: `${name}-1` }, { id: `${name}-2` }] })
  await run('add', name, 'crm.json')
  await expect(run('run', name)).rejects.toThrow('there must be a secret named crm')
  expect((await run('list')).text).toContain('failed')
  await run('secret', 'crm', api.origin, 'secret.txt')
  const { text } = await run('run', name)
  expect(text).toBe('read 2: accepted 2 + duplicates 0 + quarantined 0')
  expect(api.asked.at(-1)!.headers.authorization).toBe('Bearer hunter2')
  const shown = [await run('list'), await run('secrets')]
  expect(shown[0]!.text).toMatch(new RegExp(`${name} .* well`))
  expect(JSON.stringify(shown)).not.toContain('hunter2')
  await run('remove', name)
  await run('forget-secret', 'crm')
  expect((await run('list')).document).toEqual([])
}

test('a source is added, run and removed without a server', () => story(alone, 'alone'))

test('and beside one that has the store open', async () => {
  const warehouse = await openWarehouse(store)
  const log = await openEventLog(warehouse)
  // No command of this test erases anybody.
  const takeBack = lendStore(warehouse, { log } as Parameters<typeof lendStore>[1])
  const served = await serveCommands(warehouse.folder, [sources])
  const before = process.cwd()
  try {
    process.chdir(folder)
    await story(async (...words) => (await askServer(['sources', ...words], { ...surroundings, store }))!, 'beside')
  } finally {
    process.chdir(before)
    await served.stop()
    takeBack()
    await log.close()
    await warehouse.close()
  }
})

test('a secret is neither kept nor forgotten where the audit log cannot say so', async () => {
  const apart = join(folder, 'apart')
  const run = (...words: readonly string[]) =>
    sources.run({
      ...surroundings,
      store: apart,
      given: readArguments(sources, words),
      path: (text) => join(folder, text),
    })
  await (await openWarehouse(apart)).close()
  writeFileSync(join(folder, 'secret.txt'), 'hunter2\n')
  await run('secret', 'held', api.origin, 'secret.txt')
  const state = await openState(apart)
  await state.queries.schema.dropTable('audit').execute()
  await state.close()
  await expect(run('secret', 'other', api.origin, 'secret.txt')).rejects.toThrow('audit')
  await expect(run('forget-secret', 'held')).rejects.toThrow('audit')
  expect((await run('secrets')).document).toMatchObject([{ name: 'held' }])
})

test.each([
  [['add', 'x'], 'sources must be followed by list'],
  [['add', 'x', 'none.json'], /^none\.json must be a file that can be read, got no such file/],
  [['secret', 'x', 'https://a.example', 'none.txt'], /^none\.txt must be a file that can be read, got no such file/],
  [['add', 'x', 'deep.json'], 'deep.json, a file with a source, must be nested at most 100 deep'],
  [['add', 'x', 'bad.json'], '/from must be an object, got nothing'],
  [['add', 'two words', 'crm.json'], 'must be a name'],
  [['add', 'x', 'etc.json'], 'in one that the setting sourceFolders allows'],
  [['run', 'none'], 'there must be a source named none'],
  [['remove', 'none'], 'there must be a source named none'],
  [['secret', 'x', 'nowhere', 'secret.txt'], 'must be for a host'],
  [['forget-secret', 'none'], 'there must be a secret named none'],
])('refuses %j', async (words, message) => {
  writeFileSync(join(folder, 'deep.json'), '['.repeat(5000) + ']'.repeat(5000))
  writeFileSync(join(folder, 'bad.json'), '{"into": {"kind": "customers"}}')
  writeFileSync(join(folder, 'etc.json'), '{"from": {"type": "folder", "path": "/etc"}, "into": {"kind": "customers"}}')
  await expect(alone(...words)).rejects.toThrow(message)
})
