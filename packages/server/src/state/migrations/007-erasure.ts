import type { Kysely, Migration } from 'kysely'

export const erasure: Migration = {
  async up({ schema }: Kysely<unknown>): Promise<void> {
    await schema
      .createTable('erasures')
      .addColumn('erasure_id', 'text', (column) => column.primaryKey())
      .addColumn('pseudonym', 'text', (column) => column.notNull())
      .addColumn('person', 'text')
      .addColumn('is_suppressed', 'integer', (column) => column.notNull())
      .addColumn('asked_at', 'bigint', (column) => column.notNull())
      .addColumn('removed_at', 'bigint')
      .addColumn('due_at', 'bigint', (column) => column.notNull())
      .addColumn('finished_at', 'bigint')
      .addColumn('removed', 'text', (column) => column.notNull())
      .addColumn('models', 'text', (column) => column.notNull())
      .addColumn('refused', 'bigint', (column) => column.notNull())
      .execute()
  },
}
