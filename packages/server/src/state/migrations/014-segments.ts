import type { Kysely, Migration } from 'kysely'

/** Definitions of live segments by version, and who is in lists that somebody keeps. */
export const segments: Migration = {
  async up({ schema }: Kysely<unknown>): Promise<void> {
    await schema
      .createTable('segment_versions')
      .addColumn('segment_id', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('definition', 'text')
      .addColumn('declared_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('segment_versions_key', ['segment_id', 'version'])
      .execute()
    await schema
      .createTable('segment_lists')
      .addColumn('segment_id', 'text', (column) => column.notNull())
      .addColumn('customer_id', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('segment_lists_key', ['segment_id', 'customer_id'])
      .execute()
    await schema.createIndex('segment_lists_customer').on('segment_lists').column('customer_id').execute()
  },
}
