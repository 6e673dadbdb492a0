import { rmSync } from 'node:fs'
import type { DuckDBInstance } from '@duckdb/node-api'
import type { Work } from '../base/index.ts'
import { duckdbDialect } from './dialect.ts'
import type { HandoverFolder } from './handover.ts'
import { Session } from './session.ts'
import { readTables, type StoredTable, writtenColumn } from './stored-table.ts'

const { identifier, text } = duckdbDialect

/** Rows of a file: a part of a second of the store's time, between which others have their turn. */
const rowsAtOnce = 200_000

/** A migration that a store has run. */
export interface RunMigration {
  readonly number: number
  readonly name: string
  readonly checksum: string
}

/** The store as it was at one moment, while others go on writing into it. */
export interface WarehouseSnapshot {
  readonly migrations: readonly RunMigration[]
  /** The position of the last event of the log. */
  readonly position: number
  readonly tables: readonly StoredTable[]
  /** The number that each sequence gives next. */
  readonly sequences: Readonly<Record<string, number>>
  /**
   * A table's rows in Parquet files, one after another; each is removed when the next one is asked for.
   *
   * @throws RapportError `warehouse.disk-full`
   */
  write(table: StoredTable, work?: Work): AsyncGenerator<{ readonly file: string; readonly rows: number }>
  close(): void
}

/**
 * Opens a transaction of its own, which sees nothing of what is committed later.
 *
 * @param inTurn runs one query of the store at a time: DuckDB 1.5.6 has crashed reading texts of a table while another
 * connection appended to it
 */
export async function openSnapshot(
  instance: DuckDBInstance,
  handovers: HandoverFolder,
  inTurn: <Result>(step: () => Promise<Result>) => Promise<Result>,
): Promise<WarehouseSnapshot> {
  const session = new Session(await instance.connect())
  const [migrations, tables, sequences, position] = await inTurn(async () => {
    await session.run('begin transaction read only')
    const [log] = await session.rows<{ position: number }>('select coalesce(max(position), 0) as position from events')
    const [migrations, tables] = [await readMigrations(session), await readTables(session)]
    return [migrations, tables, await readSequences(session), log!.position] as const
  })
  return {
    ...{ migrations, tables, sequences, position },
    write: async function* write({ name, columns }, work) {
      const from = identifier(name)
      const [end] = await inTurn(() =>
        session.rows<{ rows: number }>(`select coalesce(max(rowid) + 1, 0) as rows from ${from}`),
      )
      for (let first = 0; first < end!.rows; first += rowsAtOnce) {
        const file = handovers.fresh('parquet')
        try {
          const [copied] = await inTurn(() =>
            session.rows<{ Count: number }>(
              `copy (select ${columns.flatMap(writtenColumn).join(', ')} from ${from}
              where rowid >= ${first} and rowid < ${first + rowsAtOnce})
              to ${text(file)} (format parquet, compression zstd)`,
              undefined,
              work,
            ),
          )
          if (copied!.Count > 0) yield { file, rows: copied!.Count }
        } finally {
          rmSync(file, { force: true })
        }
      }
    },
    close: () => session.connection.closeSync(),
  }
}

const readMigrations = (session: Session): Promise<RunMigration[]> =>
  session.rows<{ number: number; name: string; checksum: string }>(
    'select number, name, checksum from schema_migrations order by number',
  )

async function readSequences(session: Session): Promise<Readonly<Record<string, number>>> {
  const rows = await session.rows<{ name: string; next: number }>(
    `select sequence_name as name, coalesce(last_value + increment_by, start_value) as next
    from duckdb_sequences() where not temporary and database_name = current_database()`,
  )
  return Object.fromEntries(rows.map(({ name, next }) => [name, next]))
}
