import { rmSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { syncPath, type Work } from '../base/index.ts'
import { duckdbDialect } from './dialect.ts'
import { Session } from './session.ts'

const { text } = duckdbDialect

/**
 * Copies everything that the closed store in `file` holds into the new file `copy`: tables with their rows in their order,
 * views, sequences where they stand. What was deleted is not in it: DuckDB leaves it in free blocks of the old one.
 *
 * @param spill folder for what does not fit into memory
 */
export async function copyStore(file: string, copy: string, spill: string, work?: Work): Promise<void> {
  removeFile(copy)
  // In memory, and with the order of rows kept, which the store's own connection does not do.
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: '1GB',
    temp_directory: spill,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  try {
    const session = new Session(await instance.connect(), file)
    await session.run(`attach ${text(file)} as before (read_only)`)
    await session.run(`attach ${text(copy)} as after (storage_version 'v1.4.0')`)
    await session.run('copy from database before to after', undefined, work)
    // Closes it: all of it is in the one file then, and nothing in a log beside it.
    await session.run('detach after')
    session.connection.closeSync()
  } finally {
    instance.closeSync()
  }
}

/** Puts `copy` in the place of `file`: a crash at any moment leaves the one or the other, whole. */
export async function swapIn(copy: string, file: string): Promise<void> {
  await syncPath(copy)
  await rename(copy, file)
  await syncPath(dirname(file))
}

/** Removes a store's file and the log beside it. */
export function removeFile(file: string): void {
  for (const path of [file, `${file}.wal`]) rmSync(path, { force: true })
}
