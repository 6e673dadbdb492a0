import type { Kysely, Migration } from 'kysely'

/** What records are fetched from, how the last fetching went, and the secrets that it takes. */
export const sources: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    const { schema } = database
    await schema
      .createTable('sources')
      .addColumn('source_id', 'text', (column) => column.primaryKey())
      .addColumn('definition', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('wait_until', 'bigint')
      .addColumn('ran_at', 'bigint')
      .addColumn('result', 'text')
      .addColumn('failure', 'text')
      .addColumn('failed_at', 'bigint')
      .execute()
    await schema
      .createTable('secrets')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('origin', 'text', (column) => column.notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute()
  },
}
