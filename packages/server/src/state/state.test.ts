import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { onEachDatabase } from './each-database.contract.ts'
import { openState } from './open-state.ts'

onEachDatabase((fresh) => {
  test('keeps what a transaction did, and nothing of one that threw', async () => {
    const state = await fresh()
    await state.transaction((queries) => queries.insertInto('settings').values({ name: 'a', value: '1' }).execute())
    const failed = state.transaction(async (queries) => {
      await queries.insertInto('settings').values({ name: 'b', value: '2' }).execute()
      throw new Error('on purpose')
    })
    await expect(failed).rejects.toThrow('on purpose')
    expect(await state.queries.selectFrom('settings').selectAll().execute()).toEqual([{ name: 'a', value: '1' }])
  })

  test('keeps what a step of a follower did, and nothing of one that threw; then it waits for the disk again', async () => {
    const state = await fresh()
    await state.replayable((queries) => queries.insertInto('settings').values({ name: 'a', value: '1' }).execute())
    const failed = state.replayable(async (queries) => {
      await queries.insertInto('settings').values({ name: 'b', value: '2' }).execute()
      throw new Error('on purpose')
    })
    await expect(failed).rejects.toThrow('on purpose')
    expect(await state.queries.selectFrom('settings').selectAll().execute()).toEqual([{ name: 'a', value: '1' }])
    const held = state.database === 'sqlite' ? sql`pragma synchronous` : sql`show synchronous_commit`
    const { rows } = await held.execute(state.queries)
    expect(rows).toEqual([state.database === 'sqlite' ? { synchronous: 2 } : { synchronous_commit: 'on' }])
  })

  test('moments and positions come back as the numbers they were', async () => {
    const state = await fresh()
    const position = 2 ** 53 - 1
    await state.queries.insertInto('cursors').values({ follower: 'identity', position }).execute()
    expect(await state.queries.selectFrom('cursors').select('position').executeTakeFirst()).toEqual({ position })
  })

  test('one waiting or running job of a key, any number of finished ones', async () => {
    const state = await fresh()
    const job = (job_id: string, status: string) =>
      state.queries
        .insertInto('jobs')
        .values({
          ...{ job_id, status, kind: 'analyze', input: '{}', run_at: 1, attempts: 0, most_attempts: 3, created_at: 1 },
          ...{ runner: null, lease_until: null, progress: null, result: null, failure: null, finished_at: null },
          unique_key: 'analyze',
        })
        .execute()
    await job('a', 'done')
    await job('b', 'done')
    await job('c', 'queued')
    await expect(job('d', 'running')).rejects.toThrow(/unique/i)
  })
})

describe('the SQLite file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-state-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('opens again with what it held, readable by its owner only', async () => {
    const store = mkdtempSync(join(folder, 'again-'))
    const before = await openState(store)
    await before.queries.insertInto('settings').values({ name: 'a', value: 'ä' }).execute()
    await before.close()
    const after = await openState(store)
    expect(await after.queries.selectFrom('settings').selectAll().execute()).toEqual([{ name: 'a', value: 'ä' }])
    await after.close()
    expect(statSync(join(store, 'state.sqlite')).mode & 0o777).toBe(0o600)
  })

  test('a file that is no database is named and left as it is', async () => {
    const store = mkdtempSync(join(folder, 'garbage-'))
    const garbage = 'no database at all, and long enough to hold a header of one '.repeat(20)
    writeFileSync(join(store, 'state.sqlite'), garbage)
    await expect(openState(store)).rejects.toMatchObject({ code: 'state.damaged' })
    expect(readFileSync(join(store, 'state.sqlite'), 'utf8')).toBe(garbage)
  })

  test('a store of a later version is refused', async () => {
    const store = mkdtempSync(join(folder, 'newer-'))
    const state = await openState(store)
    await state.queries
      .insertInto('kysely_migration' as never)
      .values({ name: '999-later', timestamp: '2099' } as never)
      .execute()
    await state.close()
    await expect(openState(store)).rejects.toMatchObject({ code: 'state.newer' })
  })

  test('PostgreSQL that does not answer is said to', async () => {
    await expect(openState('', 'postgres://nobody@127.0.0.1:1/none')).rejects.toMatchObject({
      code: 'state.unreachable',
    })
  })
})
