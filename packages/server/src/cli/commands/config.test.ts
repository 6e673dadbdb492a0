import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { settings } from '../../base/index.ts'
import { configureStore } from '../configuration-of.ts'
import { readArguments } from '../read-arguments.ts'
import { config } from './config.ts'

const store = mkdtempSync(join(tmpdir(), 'rapport-config-'))
afterAll(() => rmSync(store, { recursive: true, force: true }))

const run = async (...words: readonly string[]) => {
  const given = readArguments(config, words)
  const nothing = { work: {}, isInteractive: false, tell: () => undefined, ask: async () => false }
  return config.run({ store, given, path: (text) => text, ...nothing })
}

test('shows every setting with its source, and no password', async () => {
  writeFileSync(join(store, 'rapport.json'), '{ "stateUrl": "postgres://ann:secret@db.example/rapport", "port": 1001 }')
  configureStore(store, { environment: { RAPPORT_HOST: '::1' }, commandLine: { port: '1002' } })
  const { document, text } = await run()
  const rows = document as { name: string; value: unknown; source: string; environment: string }[]
  expect(rows.map(({ name }) => name)).toEqual(Object.keys(settings))
  expect(rows).toContainEqual(expect.objectContaining({ name: 'port', value: 1002, source: 'command line' }))
  expect(rows).toContainEqual(expect.objectContaining({ name: 'host', value: '::1', source: 'environment' }))
  for (const said of [text, JSON.stringify(document)]) {
    expect(said).toContain('postgres://ann:…@db.example/rapport')
    expect(said).not.toContain('secret')
  }
  for (const { description } of Object.values(settings)) expect(text).toContain(description)
})

test('a file that is wrong is told of, not passed over', async () => {
  writeFileSync(join(store, 'rapport.json'), '{ "stateUrl": postgres://ann:secret@db.example/rapport }')
  configureStore(store, { environment: {} })
  await expect(run()).rejects.toThrow(/^(?!.*secret).*rapport\.json must be a JSON file/)
})

test('prints the schema of the file', async () => {
  expect((await run('--schema')).document).toMatchObject({ type: 'object', additionalProperties: false })
})
