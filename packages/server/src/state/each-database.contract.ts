import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { startPostgres, type TestPostgres, withoutPostgres } from '../../../../tooling/test-postgres.ts'
import { openState } from './open-state.ts'
import type { State } from './state.ts'

/** A fresh, empty state store of the database under test. */
export type FreshState = () => Promise<State>

/** Where a state store can be: in a folder of its own, or in a database of its own. */
export interface StatePlace {
  readonly folder: string
  readonly url: string | undefined
}

/** Runs a suite on SQLite and on PostgreSQL: what state holds must not depend on the database. */
export function onEachDatabase(suite: (fresh: FreshState) => void): void {
  onEachPlace((place) => {
    const opened: State[] = []
    afterAll(async () => {
      for (const state of opened) await state.close()
    })
    suite(async () => {
      const { folder, url } = await place()
      const state = await openState(folder, url)
      opened.push(state)
      return state
    })
  })
}

/** The same for suites that open stores themselves; each call gives an empty place. */
export function onEachPlace(suite: (place: () => Promise<StatePlace>) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-state-'))
  const store = (): string => mkdtempSync(join(folder, 'store-'))
  describe('on SQLite', () => suite(async () => ({ folder: store(), url: undefined })))
  describe.skipIf(withoutPostgres)('on PostgreSQL', () => {
    let server: TestPostgres
    let databases = 0
    beforeAll(() => {
      server = startPostgres()
    })
    afterAll(() => server.stop())
    suite(async () => {
      databases += 1
      return { folder: store(), url: await emptyDatabase(server.url, `state_${databases}`) }
    })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
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
