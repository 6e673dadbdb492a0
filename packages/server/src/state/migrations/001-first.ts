import { type Kysely, type Migration, sql } from 'kysely'

/** Ids, kinds and documents are text, moments and positions `bigint`: one schema in both databases. */
export const first: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    const { schema } = database
    await schema
      .createTable('cursors')
      .addColumn('follower', 'text', (column) => column.primaryKey())
      .addColumn('position', 'bigint', (column) => column.notNull())
      .execute()
    await schema
      .createTable('settings')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('value', 'text', (column) => column.notNull())
      .execute()
    await schema
      .createTable('write_keys')
      .addColumn('write_key', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('revoked_at', 'bigint')
      .execute()
    await accessTables(database)
    await identitiesAndConsents(database)
    await jobsAndSchedules(database)
  },
}

async function accessTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('api_keys')
    .addColumn('key_id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('secret_hash', 'text', (column) => column.notNull().unique())
    .addColumn('scopes', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('revoked_at', 'bigint')
    .execute()
  await schema
    .createTable('sessions')
    .addColumn('session_hash', 'text', (column) => column.primaryKey())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute()
}

async function identitiesAndConsents({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('identities')
    .addColumn('identity', 'text', (column) => column.primaryKey())
    .addColumn('customer_id', 'text', (column) => column.notNull())
    .addColumn('why', 'text', (column) => column.notNull())
    .addColumn('first_seen_at', 'bigint', (column) => column.notNull())
    .execute()
  await schema.createIndex('identities_customer').on('identities').column('customer_id').execute()
  await schema
    .createTable('identity_links')
    .addColumn('link', 'text', (column) => column.primaryKey())
    .addColumn('from_identity', 'text', (column) => column.notNull())
    .addColumn('to_identity', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .addColumn('severed_at', 'bigint')
    .execute()
  await schema.createIndex('identity_links_from').on('identity_links').column('from_identity').execute()
  await schema.createIndex('identity_links_to').on('identity_links').column('to_identity').execute()
  await schema
    .createTable('consents')
    .addColumn('consent_id', 'text', (column) => column.primaryKey())
    .addColumn('customer_id', 'text', (column) => column.notNull())
    .addColumn('purpose', 'text', (column) => column.notNull())
    .addColumn('decision', 'text', (column) => column.notNull())
    .addColumn('basis', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('text_version', 'text')
    .addColumn('proof', 'text')
    .addColumn('decided_at', 'bigint', (column) => column.notNull())
    .addColumn('recorded_at', 'bigint', (column) => column.notNull())
    .execute()
  await schema
    .createIndex('consents_customer')
    .on('consents')
    .columns(['customer_id', 'purpose', 'decided_at'])
    .execute()
}

async function jobsAndSchedules({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('jobs')
    .addColumn('job_id', 'text', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('input', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('run_at', 'bigint', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('most_attempts', 'integer', (column) => column.notNull())
    .addColumn('runner', 'text')
    .addColumn('lease_until', 'bigint')
    .addColumn('progress', 'text')
    .addColumn('result', 'text')
    .addColumn('failure', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('finished_at', 'bigint')
    .addColumn('unique_key', 'text')
    .execute()
  await schema.createIndex('jobs_due').on('jobs').columns(['status', 'run_at']).execute()
  await schema
    .createIndex('jobs_unique')
    .unique()
    .on('jobs')
    .column('unique_key')
    .where(sql.ref('status'), 'in', ['queued', 'running', 'cancelling'])
    .execute()
  await schema
    .createTable('schedules')
    .addColumn('schedule_id', 'text', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('input', 'text', (column) => column.notNull())
    .addColumn('every_ms', 'bigint', (column) => column.notNull())
    .addColumn('next_at', 'bigint', (column) => column.notNull())
    .execute()
}
