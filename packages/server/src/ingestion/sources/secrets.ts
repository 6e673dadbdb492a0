import { sourceName } from '@rapport/protocol'
import { fit, type Instant, now, RapportError } from '../../base/index.ts'
import type { StateQueries } from '../../state/index.ts'

/** A secret without what it is. */
export interface SecretView {
  readonly name: string
  /** The only place that it is sent to: `https://api.example` */
  readonly origin: string
  readonly createdAt: Instant
}

/**
 * Keeps a secret, or puts it in the place of one of the same name. It belongs to one host: whoever may define sources
 * cannot have it sent to another.
 *
 * @param url any URL of the host
 * @throws RapportError `sources.secret`
 */
export async function putSecret(queries: StateQueries, name: string, url: string, value: string): Promise<SecretView> {
  fit(sourceName, name, 'sources.secret')
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new RapportError('sources.secret', `a secret must be for a host like https://api.example, got ${url}`)
  }
  if (!/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value) || value.length > 8192) {
    throw new RapportError('sources.secret', 'a secret must be one line of ASCII text, got something else')
  }
  const { origin } = new URL(url)
  const row = { origin, value, created_at: now() }
  await queries
    .insertInto('secrets')
    .values({ name, ...row })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute()
  return { name, origin, createdAt: row.created_at }
}

export async function listSecrets(queries: StateQueries): Promise<SecretView[]> {
  const rows = await queries.selectFrom('secrets').select(['name', 'origin', 'created_at']).orderBy('name').execute()
  return rows.map(({ name, origin, created_at }) => ({ name, origin, createdAt: created_at }))
}

/** @throws RapportError `sources.no-secret` */
export async function removeSecret(queries: StateQueries, name: string): Promise<void> {
  const { numDeletedRows } = await queries.deleteFrom('secrets').where('name', '=', name).executeTakeFirst()
  if (numDeletedRows === 0n) throw noSecret(name)
}

/**
 * The secret, for a request to `url` alone.
 *
 * @throws RapportError `sources.no-secret`, `sources.secret` when it is for another host
 */
export async function secretFor(queries: StateQueries, name: string, url: string): Promise<string> {
  const row = await queries.selectFrom('secrets').selectAll().where('name', '=', name).executeTakeFirst()
  if (!row) throw noSecret(name)
  const { origin } = new URL(url)
  if (row.origin === origin) return row.value
  throw new RapportError('sources.secret', `the secret ${name} must go to ${row.origin} only, asked for is ${origin}`)
}

const noSecret = (name: string): RapportError =>
  new RapportError('sources.no-secret', `there must be a secret named ${name}, there is none`)
