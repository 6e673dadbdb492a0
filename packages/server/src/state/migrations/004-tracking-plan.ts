import type { Kysely, Migration } from 'kysely'

/** What events must be, by version, and which are not. */
export const trackingPlan: Migration = {
  async up({ schema }: Kysely<unknown>): Promise<void> {
    await schema
      .createTable('event_schemas')
      .addColumn('call', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('schema', 'text')
      .addColumn('on_violation', 'text', (column) => column.notNull())
      .addColumn('declared_at', 'bigint', (column) => column.notNull())
      .addColumn('checked', 'bigint', (column) => column.notNull())
      .addColumn('violating', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('event_schemas_key', ['call', 'name', 'version'])
      .execute()
    await schema
      .createTable('broken_rules')
      .addColumn('call', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('rule', 'text', (column) => column.notNull())
      .addColumn('must', 'text', (column) => column.notNull())
      .addColumn('events', 'bigint', (column) => column.notNull())
      .addColumn('first_at', 'bigint', (column) => column.notNull())
      .addColumn('last_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('broken_rules_key', ['call', 'name', 'version', 'rule'])
      .execute()
    await schema
      .createTable('plan_violations')
      .addColumn('position', 'bigint', (column) => column.notNull())
      .addColumn('ordinal', 'integer', (column) => column.notNull())
      .addColumn('call', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('pointer', 'text', (column) => column.notNull())
      .addColumn('rule', 'text', (column) => column.notNull())
      .addColumn('must', 'text', (column) => column.notNull())
      .addColumn('received_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('plan_violations_key', ['position', 'ordinal'])
      .execute()
    await schema
      .createIndex('plan_violations_schema')
      .on('plan_violations')
      .columns(['call', 'name', 'version', 'position'])
      .execute()
  },
}
