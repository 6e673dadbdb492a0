import type { Kysely, Migration } from 'kysely'

/** Definitions of features by version, and who else uses them. */
export const features: Migration = {
  async up({ schema }: Kysely<unknown>): Promise<void> {
    await schema
      .createTable('feature_versions')
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('definition', 'text')
      .addColumn('declared_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('feature_versions_key', ['name', 'version'])
      .execute()
    await schema
      .createTable('feature_users')
      .addColumn('used_by', 'text', (column) => column.notNull())
      .addColumn('feature', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('feature_users_key', ['used_by', 'feature'])
      .execute()
    await schema.createIndex('feature_users_feature').on('feature_users').column('feature').execute()
  },
}
