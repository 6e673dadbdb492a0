import { installDebian } from './install-debian.mjs'
import { postgresPrograms } from './postgres-programs.mjs'

/** Installs Debian's PostgreSQL where there is none and this process may; tests start servers of their own. */
export function ensurePostgres() {
  if (postgresPrograms() === undefined) installDebian('postgres', ['postgresql'])
}
