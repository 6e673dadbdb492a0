import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RapportError } from '../base/index.ts'
import type { State } from './state.ts'

const fileName = 'state.json'

type Database = State['database']

/**
 * Refuses a database of another kind than the store's folder notes: with the address forgotten, a second state would begin
 * beside the one that holds the keys, the consents and the identities.
 *
 * @param url `postgres://…` where state is kept there
 * @throws RapportError `state.elsewhere`, `state.damaged`
 */
export function checkStateHome(folder: string, url: string | undefined): void {
  const noted = notedIn(folder)
  if (noted === undefined || noted === databaseOf(url)) return
  const must =
    noted === 'postgres'
      ? 'is in PostgreSQL: stateUrl (RAPPORT_STATE_URL) must name its database, got none'
      : 'is in its state.sqlite: stateUrl (RAPPORT_STATE_URL) must not be set for this store'
  throw new RapportError('state.elsewhere', `the state of ${folder} ${must}`)
}

/** Notes in the folder of a store where its state is; whole or not at all, as several programs may open a new store at once. */
export function noteStateHome(folder: string, url: string | undefined): void {
  if (notedIn(folder) !== undefined) return
  const file = join(folder, fileName)
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify({ database: databaseOf(url) })}\n`)
  renameSync(draft, file)
}

const databaseOf = (url: string | undefined): Database => (url === undefined ? 'sqlite' : 'postgres')

function notedIn(folder: string): Database | undefined {
  const file = join(folder, fileName)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const database = /^\{"database":"(sqlite|postgres)"\}\s*$/.exec(text)?.[1]
  if (database !== undefined) return database as Database
  throw new RapportError('state.damaged', `${file} must say in which database the state is, got: ${text.slice(0, 80)}`)
}
