import { type Kysely, type Migration, Migrator } from 'kysely'
import { RapportError } from '../base/index.ts'
import { first } from './migrations/001-first.ts'
import { access } from './migrations/002-access.ts'
import { trackingPlan } from './migrations/004-tracking-plan.ts'
import { webhooks } from './migrations/006-webhooks.ts'
import { erasure } from './migrations/007-erasure.ts'
import { identity } from './migrations/009-identity.ts'

/** In order; what has been released is frozen, a change is a new one. */
const migrations: Readonly<Record<string, Migration>> = {
  '001-first': first,
  '002-access': access,
  '004-tracking-plan': trackingPlan,
  '006-webhooks': webhooks,
  '007-erasure': erasure,
  '009-identity': identity,
}

/**
 * Brings the state store to this version's schema; two processes that start at once wait for each other.
 *
 * @throws RapportError `state.newer` when a later version of rapport made it
 */
export async function migrateState(database: Kysely<unknown>): Promise<void> {
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => ({ ...migrations }) } })
  const { error } = await migrator.migrateToLatest()
  if (error === undefined) return
  const message = error instanceof Error ? error.message : String(error)
  if (/corrupted migrations/i.test(message)) {
    throw new RapportError(
      'state.newer',
      `the state store must be of schema ${Object.keys(migrations).at(-1)} or older, got one of a later version: ${message}`,
      { cause: error },
    )
  }
  throw error
}
