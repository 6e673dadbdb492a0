import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const debian = '/usr/lib/postgresql'

/** The folder with initdb and pg_ctl: RAPPORT_POSTGRES_BIN, or the newest of Debian's; undefined where there is none. */
export function postgresPrograms() {
  const given = process.env.RAPPORT_POSTGRES_BIN
  if (given) return given
  if (!existsSync(debian)) return undefined
  const versions = readdirSync(debian)
    .filter((version) => existsSync(join(debian, version, 'bin', 'initdb')))
    .sort((a, b) => Number(b) - Number(a))
  return versions[0] === undefined ? undefined : join(debian, versions[0], 'bin')
}
