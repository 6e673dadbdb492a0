import type { Kysely, Migration } from 'kysely'

/** Operators with roles, their sessions and invitations; keys that expire and are rotated; the audit log. */
export const access: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    const { schema } = database
    await schema
      .createTable('operators')
      .addColumn('operator_id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('email', 'text', (column) => column.unique())
      .addColumn('role', 'text', (column) => column.notNull())
      .addColumn('password_hash', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute()
    await schema
      .createTable('invitations')
      .addColumn('token_hash', 'text', (column) => column.primaryKey())
      .addColumn('operator_id', 'text', (column) => column.notNull())
      .addColumn('purpose', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .execute()
    // Sessions of before belong to no operator: a new link opens the next one.
    await schema.dropTable('sessions').execute()
    await schema
      .createTable('sessions')
      .addColumn('session_id', 'text', (column) => column.primaryKey())
      .addColumn('session_hash', 'text', (column) => column.notNull().unique())
      .addColumn('operator_id', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('seen_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .execute()
    await schema.createIndex('sessions_operator').on('sessions').column('operator_id').execute()
    await schema.alterTable('api_keys').addColumn('expires_at', 'bigint').execute()
    await schema.alterTable('api_keys').addColumn('used_at', 'bigint').execute()
    await schema.alterTable('api_keys').addColumn('previous_hash', 'text').execute()
    await schema.alterTable('api_keys').addColumn('previous_until', 'bigint').execute()
    await schema.createIndex('api_keys_previous').on('api_keys').column('previous_hash').execute()
    await schema
      .createTable('audit')
      .addColumn('audit_id', 'text', (column) => column.primaryKey())
      .addColumn('recorded_at', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('target', 'text')
      .addColumn('detail', 'text')
      .execute()
    await schema.createIndex('audit_target').on('audit').columns(['target', 'audit_id']).execute()
  },
}
