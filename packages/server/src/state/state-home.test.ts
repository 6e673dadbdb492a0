import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startPostgres, type TestPostgres, withoutPostgres } from '../../../../tooling/test-postgres.ts'
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
    const noted = JSON.parse(readFileSync(join(store, 'state.json'), 'utf8')) as object
    const named = { database: 'postgres', name: expect.stringMatching(/^store_\w+$/) as string }
    expect(noted).toEqual(url === undefined ? { database: 'sqlite' } : named)
    expect(readdirSync(store).filter((name) => name.startsWith('state.json.'))).toEqual([])
  })
})

describe.skipIf(withoutPostgres)('on PostgreSQL', () => {
  let server: TestPostgres
  let url: string
  beforeEach(() => {
    server = startPostgres()
    url = server.url
  })
  afterEach(() => server.stop())

  test('programs that open a new store at once agree on its name', async () => {
    const store = newStore()
    const states = await Promise.all([1, 2, 3].map(() => openState(store, url)))
    for (const state of states) await state.close()
    await (await openState(store, url)).close()
  })

  test('a store takes no database that holds the state of another, and leaves nothing behind', async () => {
    const [first, second] = [newStore(), newStore()]
    await (await openState(first, url)).close()
    const another = elsewhere("names one that holds another store's")
    await expect(openState(second, url)).rejects.toEqual(another)
    await expect(inspectState(second, url)).rejects.toEqual(another)
    expect(readdirSync(second)).toEqual([])
    await (await openState(second)).close()
    await (await openState(first, url)).close()
  })

  test('a store of before stores had names takes the one that its database bears', async () => {
    const store = newStore()
    const note = join(store, 'state.json')
    await (await openState(store, url)).close()
    const named = readFileSync(note, 'utf8')
    writeFileSync(note, '{"database":"postgres"}\n')
    await (await openState(store, url)).close()
    expect(readFileSync(note, 'utf8')).toBe(named)
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
