import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWarehouse } from '../../warehouse/index.ts'
import { configureStore } from '../configuration-of.ts'
import { readArguments } from '../read-arguments.ts'
import { receivers } from './receivers.ts'

const store = mkdtempSync(join(tmpdir(), 'rapport-receivers-command-'))
beforeAll(async () => {
  await (await openWarehouse(store)).close()
  configureStore(store, { environment: { RAPPORT_ALLOW_HOSTS: '10.0.0.7' } })
})
afterAll(() => rmSync(store, { recursive: true, force: true }))

const run = (...words: readonly string[]) =>
  receivers.run({
    ...{ store, given: readArguments(receivers, words), work: {}, isInteractive: false },
    ...{ tell: () => undefined, ask: async () => false, path: (text: string) => join(store, text) },
  } as never)

test.each([
  [['https://crm.example/in', 'rule.nonesuch'], 'a declared one or one of a family, got rule.nonesuch'],
  [['http://localhost:9911/hook'], 'that RAPPORT_ALLOW_HOSTS lists (10.0.0.7), got localhost'],
  [['http://169.254.169.254/hook'], 'got 169.254.169.254: nothing would be sent there'],
])('add CRM %j is refused, and not kept', async (words, message) => {
  await expect(run('add', 'CRM', ...words)).rejects.toThrow(message)
  expect((await run('list')).document).toEqual([])
})

test('an address that is allowed is taken', async () => {
  expect((await run('add', 'CRM', 'http://10.0.0.7/in')).text).toContain('CRM is told at http://10.0.0.7/in')
})
