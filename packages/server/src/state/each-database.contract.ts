import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { startPostgres, type TestPostgres, withoutPostgres } from '../../../../tooling/test-postgres.ts'
import { openState } from './open-state.ts'
import type { State } from './state.ts'

/** A fresh, empty state store of the database under test. */
export type FreshState = () => Promise<State>

/** Runs a suite on SQLite and on PostgreSQL: what state holds must not depend on the database. */
export function onEachDatabase(suite: (fresh: FreshState) => void): void {
  describe('on SQLite', () => {
    const opened: State[] = []
    const folder = mkdtempSync(join(tmpdir(), 'rapport-state-'))
    afterAll(async () => {
      for (const state of opened) await state.close()
      rmSync(folder, { recursive: true, force: true })
    })
    suite(async () => {
      const state = await openState(mkdtempSync(join(folder, 'store-')))
      opened.push(state)
      return state
    })
  })
  describe.skipIf(withoutPostgres)('on PostgreSQL', () => {
    const opened: State[] = []
    let server: TestPostgres
    let databases = 0
    beforeAll(() => {
      server = startPostgres()
    })
    afterAll(async () => {
      for (const state of opened) await state.close()
      server.stop()
    })
    suite(async () => {
      databases += 1
      const state = await openState('', await emptyDatabase(server.url, `state_${databases}`))
      opened.push(state)
      return state
    })
  })
}

async function emptyDatabase(url: string, name: string): Promise<string> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(`create database ${name}`)
  } finally {
    await client.end()
  }
  return url.replace('/postgres?', `/${name}?`)
}
