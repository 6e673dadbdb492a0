import type { Kysely, Migration } from 'kysely'

/** Addresses of other systems that are told who comes into segments and leaves them. */
export const receivers: Migration = {
  async up({ schema }: Kysely<unknown>): Promise<void> {
    await schema
      .createTable('receivers')
      .addColumn('receiver_id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull().unique())
      .addColumn('url', 'text', (column) => column.notNull())
      .addColumn('secret', 'text', (column) => column.notNull())
      .addColumn('previous_secret', 'text')
      .addColumn('previous_until', 'bigint')
      .addColumn('segments', 'text')
      .addColumn('takes_definitions', 'integer', (column) => column.notNull())
      .addColumn('through', 'bigint')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('delivered', 'bigint', (column) => column.notNull())
      .addColumn('last_at', 'bigint')
      .addColumn('failure', 'text')
      .addColumn('failing_since', 'bigint')
      .addColumn('paused_at', 'bigint')
      .execute()
  },
}
