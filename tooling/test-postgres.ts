import { execFileSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgresPrograms } from './postgres-programs.mjs'
import { isSkipped } from './test-data.ts'

const programs = postgresPrograms()

/** True when no PostgreSQL is on this machine and the run does not require one. */
export const withoutPostgres = isSkipped('postgres', programs !== undefined)

export interface TestPostgres {
  readonly url: string
  stop(): void
}

/**
 * Starts an empty PostgreSQL of its own, reachable through a socket in its folder only; the caller stops it. As root it
 * runs as the system's `postgres` user, since PostgreSQL refuses root.
 */
export function startPostgres(): TestPostgres {
  if (programs === undefined) throw new Error('PostgreSQL must be installed, or RAPPORT_POSTGRES_BIN name its programs')
  const folder = mkdtempSync(join(tmpdir(), 'rapport-pg-'))
  const asPostgres = process.getuid?.() === 0
  if (asPostgres) chownSync(folder, postgresUser('-u'), postgresUser('-g'))
  const run = (program: string, ...args: readonly string[]): void => {
    const words = [join(programs, program), ...args]
    const [command, ...rest] = asPostgres ? ['runuser', '-u', 'postgres', '--', ...words] : words
    execFileSync(command!, rest, { stdio: 'ignore', cwd: folder })
  }
  const cluster = join(folder, 'data')
  run('initdb', '-D', cluster, '-U', 'rapport', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync')
  run('pg_ctl', '-D', cluster, '-w', '-l', join(folder, 'log'), '-o', `-c listen_addresses= -k ${folder}`, 'start')
  return {
    url: `postgres://rapport@localhost/postgres?host=${encodeURIComponent(folder)}`,
    stop: () => {
      run('pg_ctl', '-D', cluster, '-m', 'immediate', '-w', 'stop')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const postgresUser = (flag: '-u' | '-g'): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
