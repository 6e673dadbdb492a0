import { once } from 'node:events'
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { type Kysely, sql } from 'kysely'
import { RapportError } from '../base/index.ts'
import type { StateTables } from './tables.ts'

// Kept as text and not as a file, so that it starts alike from TypeScript source and from \`dist\`. SQLite works on the
// thread that asks: a large file must not keep the server from answering.
const script = `
const { workerData, parentPort } = require('node:worker_threads')
const Database = require(workerData.library)
// Errors of the library lose their words on the way to another thread.
try {
  const database = new Database(workerData.file)
  database.pragma('busy_timeout = 60000')
  database.pragma('secure_delete = ON')
  database.exec('vacuum')
  const [row] = database.pragma('wal_checkpoint(truncate)')
  database.close()
  parentPort.postMessage({ busy: row.busy ?? 0 })
} catch (error) {
  parentPort.postMessage({ failure: error.code + ': ' + error.message })
}
`

/**
 * Rewrites a SQLite file without what was deleted, and empties the log beside it. Queries wait meanwhile.
 *
 * @throws RapportError `state.compact`; `state.in-use` when another process reads the file all along
 */
export async function compactSqlite(queries: Kysely<StateTables>, file: string): Promise<void> {
  // Holds the one connection: whoever asks meanwhile waits without blocking the thread.
  const answered = await queries.connection().execute(async () => {
    const library = createRequire(import.meta.url).resolve('libsql')
    const worker = new Worker(script, { eval: true, execArgv: [], env: {}, workerData: { library, file } })
    const [answer] = await Promise.race([
      once(worker, 'message'),
      once(worker, 'error').then(([error]) => Promise.reject(error)),
    ])
    await worker.terminate()
    return answer as { readonly busy: number } | { readonly failure: string }
  })
  if ('failure' in answered) {
    throw new RapportError('state.compact', `${file} must be rewritten, it could not be: ${answered.failure}`)
  }
  if (answered.busy !== 0) {
    throw new RapportError('state.in-use', `the log of ${file} must be emptied, another process reads it: try again`)
  }
}

/** Rewrites every table of the state store, its indexes and statistics, without what was deleted. */
export async function compactPostgres(queries: Kysely<StateTables>): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = current_schema() order by tablename`.execute(queries)
  for (const { name } of rows) await sql`vacuum (full, analyze) ${sql.table(name)}`.execute(queries)
}
