import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { onEachPlace } from './each-database.contract.ts'
import { inspectState, openState } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-state-home-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const newStore = (): string => mkdtempSync(join(folder, 'store-'))

async function startedStore(): Promise<string> {
  const store = newStore()
  await (await openState(store)).close()
  return store
}

const elsewhere = (words: string) =>
  expect.objectContaining({ code: 'state.elsewhere', message: expect.stringContaining(words) })

onEachPlace((place) => {
  test('a store notes at its first start where its state is, and opens again', async () => {
    const { folder: store, url } = await place()
    for (const _ of [1, 2]) await (await openState(store, url)).close()
    const database = url === undefined ? 'sqlite' : 'postgres'
    expect(readFileSync(join(store, 'state.json'), 'utf8')).toBe(`{"database":"${database}"}\n`)
    expect(readdirSync(store).filter((name) => name.startsWith('state.json.'))).toEqual([])
  })
})

test('a store whose state is in PostgreSQL begins no second one when the address is forgotten', async () => {
  const store = newStore()
  writeFileSync(join(store, 'state.json'), '{"database":"postgres"}\n')
  await expect(openState(store)).rejects.toEqual(elsewhere('must name its database, got none'))
  await expect(inspectState(store, undefined)).rejects.toEqual(elsewhere('must name its database, got none'))
  expect(readdirSync(store)).toEqual(['state.json'])
})

test('a store whose state is in its folder begins no second one in PostgreSQL', async () => {
  const store = await startedStore()
  await expect(openState(store, 'postgres://nobody@127.0.0.1:1/none')).rejects.toEqual(
    elsewhere('is in its state.sqlite'),
  )
})

test('a note that says nothing is told, and not written over', async () => {
  const store = await startedStore()
  writeFileSync(join(store, 'state.json'), '{}')
  await expect(openState(store)).rejects.toMatchObject({ code: 'state.damaged' })
  expect(readFileSync(join(store, 'state.json'), 'utf8')).toBe('{}')
})
