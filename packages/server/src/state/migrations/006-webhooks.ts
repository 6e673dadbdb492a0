import type { Kysely, Migration } from 'kysely'

/** Incoming webhooks. */
export const webhooks: Migration = {
  async up({ schema }: Kysely<unknown>): Promise<void> {
    await schema
      .createTable('webhooks')
      .addColumn('webhook_id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull().unique())
      .addColumn('preset', 'text')
      .addColumn('mapping', 'text')
      .addColumn('signature', 'text', (column) => column.notNull())
      .addColumn('secret', 'text')
      .addColumn('previous_secret', 'text')
      .addColumn('previous_until', 'bigint')
      .addColumn('customers_by', 'text', (column) => column.notNull())
      .addColumn('takes_tests', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('last_at', 'bigint')
      .addColumn('accepted', 'bigint', (column) => column.notNull())
      .addColumn('ignored', 'bigint', (column) => column.notNull())
      .addColumn('quarantined', 'bigint', (column) => column.notNull())
      .addColumn('refused', 'bigint', (column) => column.notNull())
      .execute()
  },
}
