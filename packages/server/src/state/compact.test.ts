import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { onEachDatabase } from './each-database.contract.ts'
import { openState } from './open-state.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-compact-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const bytesOf = (store: string): string =>
  readdirSync(store)
    .map((file) => readFileSync(join(store, file), 'latin1'))
    .join()

onEachDatabase((fresh) => {
  test('what holds stays, and queries go on meanwhile', async () => {
    const state = await fresh()
    for (const name of ['gone', 'kept'])
      await state.queries.insertInto('settings').values({ name, value: '1' }).execute()
    await state.queries.deleteFrom('settings').where('name', '=', 'gone').execute()
    const during = state.queries.insertInto('settings').values({ name: 'during', value: '2' }).execute()
    await Promise.all([state.compact(), during])
    const names = await state.queries.selectFrom('settings').select('name').orderBy('name').execute()
    expect(names.map(({ name }) => name)).toEqual(['during', 'kept'])
  })
})

test('nothing that was deleted is in the file of SQLite or the log beside it', async () => {
  const state = await openState(folder)
  for (let at = 0; at < 500; at += 1) {
    await state.queries
      .insertInto('settings')
      .values({ name: `gone-${at}-token`, value: 'x'.repeat(200) })
      .execute()
    await state.queries
      .insertInto('settings')
      .values({ name: `kept-${at}-token`, value: 'y' })
      .execute()
  }
  await state.queries.deleteFrom('settings').where('name', 'like', 'gone%').execute()
  expect(bytesOf(folder)).toContain('gone-')
  await state.compact()
  expect(bytesOf(folder)).not.toContain('gone-')
  expect(bytesOf(folder)).toContain('kept-499-token')
  await state.close()
})
