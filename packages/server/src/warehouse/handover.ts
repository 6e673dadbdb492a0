import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { RapportError, type Work } from '../base/index.ts'
import { duckdbDialect } from './dialect.ts'
import type { FileReader } from './file-reader.ts'

const { identifier, text } = duckdbDialect

/** Rows of a reader in a file of the store's own, for the store and the reader to read. */
export interface Handover {
  /** A table, in brackets, in the SQL of both: `select count(*) from ${sql}`. */
  readonly sql: string
  readonly rows: number
  /** Name and type of each column. */
  readonly columns: readonly string[]
  /** Removes the file. */
  drop(): void
}

/**
 * The one folder that a store's queries may read besides the store: readers put rows there, so that they reach the store
 * in parallel and without a copy of each in JavaScript. Nothing in it outlives the import that made it; what a killed
 * process left is removed at the next opening.
 */
export class HandoverFolder {
  readonly path: string
  #files = 0

  /** @param store the store's folder, without links on the way */
  constructor(store: string) {
    this.path = join(store, 'handover')
    this.empty()
  }

  empty(): void {
    rmSync(this.path, { recursive: true, force: true })
  }

  /** A path for a file of its own in the folder. @param kind how its name ends */
  fresh(kind: string): string {
    mkdirSync(this.path, { recursive: true, mode: 0o700 })
    this.#files += 1
    return join(this.path, `${this.#files}.${kind}`)
  }

  /**
   * @throws RapportError `warehouse.type` for a type that Parquet has not, `warehouse.disk-full`
   */
  async write(reader: FileReader, query: string, work?: Work): Promise<Handover> {
    const sql = query.replace(/;\s*$/, '')
    const file = this.fresh('parquet')
    const drop = (): void => rmSync(file, { force: true })
    const columns = await describe(reader, sql)
    try {
      const [copied] = await reader.rows<{ Count: number }>(
        `copy (select ${columns.flatMap(written).join(', ')} from (${sql}))
        to ${text(file)} (format parquet, compression lz4_raw)`,
        undefined,
        work,
      )
      return {
        sql: `(select ${columns.map(read).join(', ')} from read_parquet(${text(file)}))`,
        rows: copied!.Count,
        columns: columns.map(nameAndType),
        drop,
      }
    } catch (error) {
      drop()
      throw error
    }
  }
}

interface Described {
  readonly name: string
  readonly type: string
}

type Describing = Pick<FileReader, 'rows'>

async function describe(session: Describing, sql: string): Promise<readonly Described[]> {
  const rows = await session.rows<{ column_name: string; column_type: string }>(`describe ${sql}`)
  return rows.map(({ column_name: name, column_type: type }) => ({ name, type }))
}

const nameAndType = ({ name, type }: Described): string => `${name} ${type}`

/** Name and type of each column of a table or query. */
export const columnsOf = async (session: Describing, sql: string): Promise<readonly string[]> =>
  (await describe(session, sql)).map(nameAndType)

/** Parquet has no whole numbers of 128 bits: DuckDB would write them as doubles, so keys go in two halves. */
export function written({ name, type }: Described): readonly string[] {
  if (type === 'HUGEINT') {
    throw new RapportError('warehouse.type', `column ${name} must be of a type that Parquet has, got ${type}: cast it`)
  }
  const column = identifier(name)
  if (type !== 'UHUGEINT') return [column]
  return [
    `(${column} >> 64)::ubigint as ${identifier(`${name}_high`)}`,
    `(${column} & 18446744073709551615::uhugeint)::ubigint as ${identifier(`${name}_low`)}`,
  ]
}

/** The column again, of what was written. */
export function read({ name, type }: Described): string {
  if (type !== 'UHUGEINT') return identifier(name)
  return `(${identifier(`${name}_high`)}::uhugeint << 64) | ${identifier(`${name}_low`)}::uhugeint as ${identifier(name)}`
}
