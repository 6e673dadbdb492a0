import { chmodSync, closeSync, existsSync, openSync } from 'node:fs'
import { type Dialect, SqliteDialect } from 'kysely'
import Database from 'libsql'
import { RapportError } from '../base/index.ts'

/**
 * SQLite in a file that only its owner may read: every commit is on disk when it returns, and what is deleted is
 * overwritten.
 *
 * @throws RapportError `state.damaged` when the file is no database
 */
export function sqliteDialect(file: string): Dialect {
  // The mode holds for the log beside it too, which SQLite makes with that of the database. A file that is there is not
  // opened by hand: closing it again would drop the locks of every connection of this process, and the next program that
  // looks at the file would take away the log from under them.
  if (!existsSync(file)) makeEmpty(file)
  chmodSync(file, 0o600)
  const database = new Database(file)
  try {
    for (const pragma of pragmas) database.pragma(pragma)
  } catch (error) {
    database.close()
    const got = error instanceof Error ? error.message : String(error)
    throw new RapportError('state.damaged', `${file} must be a SQLite database, got: ${got}`, { cause: error })
  }
  return new SqliteDialect({ database })
}

function makeEmpty(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    // Another process was first.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

const pragmas = [
  'journal_mode = WAL',
  'synchronous = FULL',
  'secure_delete = ON',
  'foreign_keys = ON',
  'busy_timeout = 5000',
]
