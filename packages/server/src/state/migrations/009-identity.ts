import { createHash } from 'node:crypto'
import type { Kysely, Migration } from 'kysely'

interface Before {
  readonly identity_links: { readonly link: string }
}

/**
 * Links by a digest of their content, since an index of PostgreSQL holds no text of two long ids; when a customer's
 * identities last changed; events that a follower could not take in.
 */
export const identity: Migration = {
  async up(database: Kysely<Before>): Promise<void> {
    const { schema } = database
    await schema
      .createTable('customer_moves')
      .addColumn('customer_id', 'text', (column) => column.primaryKey())
      .addColumn('moved_at', 'bigint', (column) => column.notNull())
      .execute()
    await schema
      .createTable('failed_events')
      .addColumn('follower', 'text', (column) => column.notNull())
      .addColumn('position', 'bigint', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('failed_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('failed_events_key', ['follower', 'position'])
      .execute()
    await digestLinks(database)
  },
}

/** What is a digest already holds no bracket. */
async function digestLinks(database: Kysely<Before>): Promise<void> {
  for (;;) {
    const rows = await database
      .selectFrom('identity_links')
      .select('link')
      .where('link', 'like', '[%')
      .limit(500)
      .execute()
    if (rows.length === 0) return
    for (const { link } of rows) {
      const digest = createHash('sha256').update(link).digest('base64url')
      await database.updateTable('identity_links').set({ link: digest }).where('link', '=', link).execute()
    }
  }
}
