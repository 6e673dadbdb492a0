import type { Kysely, Transaction } from 'kysely'
import type { StateTables } from './tables.ts'

/** What queries run on: the store itself, or a transaction of it. */
export type StateQueries = Kysely<StateTables> | Transaction<StateTables>

/**
 * The store of settings and of everything that is going on: identities, consents, keys, jobs. SQLite in the store's
 * folder, or the user's PostgreSQL; queries are Kysely's, in what both databases understand.
 *
 * Moments are whole milliseconds, flags 0 or 1, documents JSON as text, ids text.
 */
export interface State {
  readonly database: 'sqlite' | 'postgres'
  readonly queries: Kysely<StateTables>
  /** All or nothing: what `work` did is kept, on disk, when this resolves, and undone when `work` throws. */
  transaction<Result>(work: (queries: Transaction<StateTables>) => Promise<Result>): Promise<Result>
  /**
   * The same for what follows the event log, which does not wait for the disk: a machine that loses its power may lose the
   * last of these, whole, and their followers make them again.
   */
  replayable<Result>(work: (queries: Transaction<StateTables>) => Promise<Result>): Promise<Result>
  /**
   * Rewrites the store, so that nothing that was deleted is left in its files. Queries wait meanwhile.
   *
   * @throws RapportError `state.in-use` when another process keeps the file from it
   */
  compact(): Promise<void>
  close(): Promise<void>
}
