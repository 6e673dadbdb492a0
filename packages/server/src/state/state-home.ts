import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { newId, RapportError } from '../base/index.ts'
import type { State, StateQueries } from './state.ts'
import type { StateTables } from './tables.ts'

const fileName = 'state.json'

type Database = Kysely<StateTables>
type Kind = State['database']

/** What a store's folder says of where its state is. */
interface Home {
  readonly database: Kind
  /** The store's, which PostgreSQL bears too; missing until it was given, and in folders of before stores had one. */
  readonly name?: string
}

/**
 * Refuses a database of another kind than the store's folder notes: with the address forgotten, a second state would begin
 * beside the one that holds the keys, the consents and the identities.
 *
 * @param url `postgres://…` where state is kept there
 * @throws RapportError `state.elsewhere`, `state.damaged`
 */
export function checkStateHome(folder: string, url: string | undefined): void {
  const noted = notedIn(folder)?.database
  if (noted === undefined || noted === kindOf(url)) return
  const must =
    noted === 'postgres'
      ? 'is in PostgreSQL: stateUrl (RAPPORT_STATE_URL) must name its database, got none'
      : 'is in its state.sqlite: stateUrl (RAPPORT_STATE_URL) must not be set for this store'
  throw new RapportError('state.elsewhere', `the state of ${folder} ${must}`)
}

/**
 * Refuses a database of PostgreSQL that holds another store's state: two stores in one would mix their customers.
 *
 * @throws RapportError `state.elsewhere`, `state.damaged`
 */
export async function checkStateOwner(folder: string, queries: StateQueries): Promise<void> {
  // The database is asked first: whoever names it has noted where it is.
  const owner = await ownerOf(queries)
  const noted = notedIn(folder)
  const isToBeNamed = noted !== undefined && noted.name === undefined
  if (owner === null || isToBeNamed || owner === noted?.name) return
  throw new RapportError(
    'state.elsewhere',
    `the state of ${folder} must be in a database of its own: stateUrl (RAPPORT_STATE_URL) names one that holds another store's`,
  )
}

/**
 * Notes in the folder of a store where its state is, and in a database of PostgreSQL whose it is. Several programs may open a
 * new store at once: the first one's name holds.
 *
 * @throws RapportError `state.elsewhere`, `state.damaged`
 */
export async function noteStateHome(folder: string, url: string | undefined, queries: Database): Promise<void> {
  if (url !== undefined) await checkStateOwner(folder, queries)
  const database = kindOf(url)
  // Before the database bears a name: whoever finds one there finds the note too.
  if (notedIn(folder) === undefined) write(folder, { database })
  if (url === undefined) return
  const noted = notedIn(folder)!.name
  const name = await own(queries, noted ?? newId('store'))
  await checkStateOwner(folder, queries)
  if (noted !== name) write(folder, { database, name })
}

/** The name stands in a comment: it is no part of what a backup holds, as what is restored is another store. */
async function ownerOf(queries: StateQueries): Promise<string | null> {
  const { rows } = await sql<{ owner: string | null }>`
    select obj_description(to_regclass('settings'), 'pg_class') as owner`.execute(queries)
  return rows[0]!.owner
}

/** @returns whose it is: of whoever named it first */
const own = (queries: Database, name: string): Promise<string> =>
  queries.transaction().execute(async (within) => {
    await sql`lock table settings in share row exclusive mode`.execute(within)
    const owner = await ownerOf(within)
    if (owner !== null) return owner
    await sql`comment on table settings is ${sql.lit(name)}`.execute(within)
    return name
  })

const kindOf = (url: string | undefined): Kind => (url === undefined ? 'sqlite' : 'postgres')

/** Whole or not at all. */
function write(folder: string, { database, name }: Home): void {
  const file = join(folder, fileName)
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify({ database, name })}\n`)
  renameSync(draft, file)
}

function notedIn(folder: string): Home | undefined {
  const file = join(folder, fileName)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const found = /^\{"database":"(sqlite|postgres)"(?:,"name":"(\w+)")?\}\s*$/.exec(text)
  if (found) return { database: found[1] as Kind, ...(found[2] !== undefined && { name: found[2] }) }
  throw new RapportError('state.damaged', `${file} must say in which database the state is, got: ${text.slice(0, 80)}`)
}
