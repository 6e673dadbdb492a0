import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWarehouse } from '../../warehouse/index.ts'
import { readArguments } from '../read-arguments.ts'
import { webhooks } from './webhooks.ts'

const store = mkdtempSync(join(tmpdir(), 'rapport-webhooks-command-'))
beforeAll(async () => (await openWarehouse(store)).close())
afterAll(() => rmSync(store, { recursive: true, force: true }))

const run = (...words: readonly string[]) =>
  webhooks.run({
    ...{ store, given: readArguments(webhooks, words), work: {}, isInteractive: false },
    ...{ tell: () => undefined, ask: async () => false, path: (text: string) => join(store, text) },
  } as never)
const document = async (...words: readonly string[]) => (await run(...words)).document as Record<string, string>
const listed = async () => (await run('list')).document as unknown as Record<string, unknown>[]

test('a shop is added without its secret, given it, and removed; the secret is shown nowhere', async () => {
  const { text, document: made } = await run('add', 'My shop', '--preset', 'shopify')
  const { webhookId, url } = made as { webhookId: string; url: string }
  expect(url).toMatch(/\/v1\/webhooks\/wh_[\w-]{32}$/)
  expect(text).toContain(`rapport webhooks rotate ${webhookId} --secret-file FILE`)
  writeFileSync(join(store, 'secret.txt'), 'shpss_0123456789\n')
  const rotated = await run('rotate', webhookId, '--secret-file', 'secret.txt')
  expect(rotated.text).toContain('takes what is signed as shopify signs')
  expect(JSON.stringify([rotated, await run('list')])).not.toContain('shpss_')
  expect(await listed()).toMatchObject([{ name: 'My shop', preset: 'shopify', hasSecret: true, customersBy: 'email' }])
  await run('remove', webhookId)
  expect(await listed()).toEqual([])
})

test('a mapping of one’s own comes from a file; its secret is made and shown once', async () => {
  writeFileSync(join(store, 'mapping.json'), '{"call":"track","event":"A","userId":"{/id}","fields":{}}')
  const made = await document('add', 'own', '--mapping', 'mapping.json')
  expect(made['secret']).toMatch(/^whs_/)
  expect((await run('list')).text).toMatch(/own +a mapping +generic/)
  await run('remove', made['webhookId']!)
})

test.each([
  [['add'], 'webhooks add must have one name, got nothing'],
  [['add', 'a', 'b'], 'got a b'],
  [['add', 'a'], 'a webhook must have either a preset or a mapping'],
  [['add', 'a', '--mapping', 'none.json'], 'must be a file that can be read'],
  [['rotate', 'wh_none', '--secret-file', 'none.txt'], /^none\.txt must be a file that can be read, got no such file/],
  [['rotate', 'wh_none'], 'the webhook must be one of rapport webhooks list, got wh_none'],
  [['remove', 'wh_none'], 'the webhook must be one of rapport webhooks list, got wh_none'],
  [['forget', 'x'], 'webhooks must be followed by list, add, rotate or remove, got forget x'],
])('refuses %j', async (words, message) => {
  await expect(run(...words)).rejects.toThrow(message)
})
